import { createLogger, loggableError, withoutPhones } from './logger.js';

describe('a log line', () => {
  const lineOf = (facts: object): Record<string, unknown> => {
    let text = '';
    const destination = { write: (line: string) => void (text += line) };
    createLogger({ service: 'routing', instance: 'routing-0', level: 'info', destination }).info(facts, 'said');
    return JSON.parse(text) as Record<string, unknown>;
  };

  it('names the service, the instance, the level and the time', () => {
    expect(lineOf({ topic: 'whatsapp.messages' })).toMatchObject({
      level: 'info',
      service: 'routing',
      instance: 'routing-0',
      topic: 'whatsapp.messages',
      msg: 'said',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  it('never carries what people write or where they are reached', () => {
    const line = lineOf({
      phone: '12025550143',
      message: { text: 'secret', body: 'secret', id: 'm-1' },
      reason: 'Meta knows nobody at 12025550143.',
      key: '106540352242922',
    });

    expect(line).toMatchObject({
      phone: '…',
      message: { text: '…', body: '…', id: 'm-1' },
      reason: 'Meta knows nobody at …43.',
      key: '106540352242922',
    });
  });

  it.each(['err', 'error'])('shows an error under %s with its causes and none of its other fields', (name) => {
    const cause = Object.assign(new Error('E11000 dup key: { phone: "12025550143" }'), { code: 11_000, keyValue: 'x' });

    const line = lineOf({ [name]: new TypeError('outer', { cause }) });

    expect(line[name]).toMatchObject({
      type: 'TypeError',
      message: 'outer',
      stack: expect.stringContaining('logger.test'),
      cause: { type: 'Error', code: 11_000, message: 'E11000 dup key: { phone: "…43" }' },
    });
    expect(JSON.stringify(line)).not.toContain('keyValue');
  });

  it('shows the parts of an error that is several', () => {
    const error = new AggregateError([new Error('first'), new Error('second')], 'both');

    expect(lineOf({ err: error })['err']).toMatchObject({
      message: 'both',
      errors: [{ message: 'first' }, { message: 'second' }],
    });
  });

  it.each(['Hello my dear', '{"a": Hello "my" dear friends of the house and more}', '"Hello'])(
    'does not quote what could not be parsed: %s',
    (written) => {
      const error = failureOf(() => JSON.parse(written) as unknown);

      const { message, stack } = loggableError(error) as { message: string; stack: string };

      expect(error).toMatchObject({ name: 'SyntaxError' });
      expect(message + stack.split('\n    at ', 1).join('')).not.toMatch(/Hello|dear/);
    },
  );

  it('ends at an error that is its own cause', () => {
    const error = new Error('round');
    error.cause = error;

    expect(JSON.stringify(loggableError(error)).match(/"message":"round"/g)?.length).toBe(6);
  });
});

it.each([
  ['the customer +4915112345678 is away', 'the customer …78 is away'],
  ['call +1 (202) 555-0143 now', 'call …43 now'],
  ['phone 12025550143, again "12025550143"', 'phone …43, again "…43"'],
  ['{"phone":12025550143} at /customers/12025550143.', '{"phone":…43} at /customers/…43.'],
  ['number 106540352242922 at ::1:50051', 'number 106540352242922 at ::1:50051'],
  [
    'wamid.HBgLMTIwMjU1NTAxNDM and thread 12345678901234.1.abc',
    'wamid.HBgLMTIwMjU1NTAxNDM and thread 12345678901234.1.abc',
  ],
])('phone numbers in %j show their last digits only', (text, shown) => {
  expect(withoutPhones(text)).toBe(shown);
});

function failureOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

import { gate, later, MAX_TEXT_LENGTH, type NumberView, type Question, type Snapshot } from './gate.js';

const wrote = new Date('2026-11-02T10:00:00Z');
const after = (hours: number, minutes = 0, seconds = 0): Date =>
  new Date(wrote.getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1_000);

const number: NumberView = { organisation: 'acme', version: 1, sending: 'allowed' };
const open: Snapshot = { number, lastInboundAt: wrote, now: after(1) };
const saying = (words: string): Pick<Question, 'content'> => ({
  content: { kind: 'text', text: words, previewUrl: false },
});
const text: Question = { organisation: 'acme', ...saying('hello') };
const template: Question['content'] = { kind: 'template', name: 'hi', language: 'en', components: [] };
const list = (choices: number): Pick<Question, 'content'> => {
  const all = Array.from({ length: choices }, (_, id) => ({ id: String(id), title: 'x' }));
  return { content: { kind: 'list', body: 'which?', button: 'Choose', choices: all } };
};

describe('TX-1 the gate', () => {
  it('lets a text go inside the window', () => {
    expect(gate(open, text)).toEqual({ refusal: undefined, windowClosesAt: after(24) });
  });

  it('is open 23:59:59 after the customer’s last message', () => {
    expect(gate({ ...open, now: after(23, 59, 59) }, text).refusal).toBeUndefined();
  });

  it('is closed 24:00:00 after it, and names the remedy', () => {
    expect(gate({ ...open, now: after(24) }, text).refusal).toMatchObject({
      code: 'egress.window-closed',
      remedy: expect.stringContaining('template'),
    });
  });

  it('counts from Meta’s time of the message, however late its webhook came', () => {
    expect(gate({ ...open, lastInboundAt: wrote, now: after(25) }, text).refusal?.code).toBe('egress.window-closed');
  });

  it('is open for a message that Meta’s clock puts into our future', () => {
    expect(gate({ ...open, now: after(-1) }, text).refusal).toBeUndefined();
  });

  const table: [string, Partial<Snapshot>, Partial<Question>, string | undefined][] = [
    ['a number nobody has told us of', { number: undefined }, {}, 'egress.number-not-connected'],
    ['a number of another organisation', {}, { organisation: 'globex' }, 'egress.number-not-connected'],
    ['a number of whoever asks', {}, { organisation: undefined }, undefined],
    ['a number that is not connected', sending('not-connected'), {}, 'egress.number-not-connected'],
    ['a number without a token', sending('no-token'), {}, 'egress.number-without-token'],
    ['a number that Meta stopped', sending('stopped'), {}, 'egress.number-stopped'],
    ['a customer who never wrote', { lastInboundAt: undefined }, {}, 'egress.window-closed'],
    ['no text', {}, saying(''), 'egress.text-empty'],
    ['a text of spaces', {}, saying(' \n '), 'egress.text-empty'],
    ['one character', {}, saying('a'), undefined],
    ['the longest text', {}, saying('a'.repeat(MAX_TEXT_LENGTH)), undefined],
    ['a text that is one longer', {}, saying('a'.repeat(MAX_TEXT_LENGTH + 1)), 'egress.text-too-long'],
    ['what cannot be sent yet', {}, { content: { kind: 'unsupported' } }, 'egress.content-unsupported'],
    ['TX-6 a template without a window', { lastInboundAt: undefined }, { content: template }, undefined],
    ['TX-6 a template of a stopped number', sending('stopped'), { content: template }, 'egress.number-stopped'],
    ['a list inside the window', {}, list(10), undefined],
    ['a list without choices', {}, list(0), 'egress.list-wrong'],
    ['a list that is too long', {}, list(11), 'egress.list-wrong'],
    ['a list without a window', { lastInboundAt: undefined }, list(3), 'egress.window-closed'],
    ['a stopped number and a closed window', { ...sending('stopped'), now: after(30) }, {}, 'egress.number-stopped'],
  ];

  it.each(table)('%s', (_what, snapshot, question, code) => {
    const { refusal } = gate({ ...open, ...snapshot }, { ...text, ...question });

    expect(refusal?.code).toBe(code);
    if (refusal) expect([refusal.reason, refusal.remedy]).not.toContain('');
  });

  it('takes the later of what the request carries and what egress has seen', () => {
    expect(later(wrote, after(1))).toEqual(after(1));
    expect(later(after(1), wrote)).toEqual(after(1));
    expect(later(undefined, wrote)).toEqual(wrote);
    expect(later(undefined, undefined)).toBeUndefined();
  });
});

function sending(state: NumberView['sending']): Partial<Snapshot> {
  return { number: { ...number, sending: state } };
}

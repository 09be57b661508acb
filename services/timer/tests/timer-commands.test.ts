import { type TimerCommand } from '@switchboard/contracts/timer/v1/events';
import { timerCommands } from '@switchboard/contracts/topics';
import { type IncomingRecord } from '@switchboard/kafka';
import { createTimerCommands } from '../src/entrypoints/kafka/timer-commands.js';
import { type Stretch } from '../src/use-cases/apply-commands.js';

/** Records of `timer.commands`, good and bad, as the consumer hands them over. */

const now = 1_800_000_000_000;
const DAY_MS = 86_400_000;
const armed = { dueAt: new Date(now + 60_000), firedKey: '', payload: Buffer.from('x') };
const command = (change: Partial<TimerCommand> = {}): TimerCommand => ({
  owner: 'routing',
  timerKey: 'a',
  version: 1n,
  command: { $case: 'arm', value: armed },
  ...change,
});
const record = (value: TimerCommand | Uint8Array | null, change: Partial<IncomingRecord> = {}): IncomingRecord => ({
  offset: 7,
  key: 'a',
  value: value === null || value instanceof Uint8Array ? value : timerCommands.encode(value),
  headers: {},
  timestamp: now,
  ...change,
});

async function deliver(...records: IncomingRecord[]) {
  const stretches: Stretch[] = [];
  const kept: string[] = [];
  const handle = createTimerCommands({
    keeper: {
      apply: (_number, stretch) => {
        stretches.push(stretch);
        return Promise.resolve();
      },
    },
    owners: new Set(['routing']),
    keep: (_chunk, _record, reason) => {
      kept.push(reason);
      return Promise.resolve();
    },
    refused: () => undefined,
  });
  const chunk = { topic: timerCommands.name, code: 'k1', partition: 3, records };
  await handle(chunk, { signal: new AbortController().signal });
  return { stretches, kept };
}

describe('a command on Kafka', () => {
  it('TM-1 arms with the headers it came with; the timer key is the key of the event where none is given', async () => {
    const headers = { org: 'acme', traceparent: '00-1', type: 'x' };

    const { stretches, kept } = await deliver(record(command(), { headers }));

    expect(kept).toEqual([]);
    expect(stretches).toMatchObject([
      {
        next: 8,
        saidAt: now,
        commands: [
          {
            owner: 'routing',
            key: 'a',
            version: 1,
            what: { kind: 'arm', due: now + 60_000, content: { firedKey: 'a', org: 'acme', traceparent: '00-1' } },
          },
        ],
      },
    ]);
  });

  it.each<[string, IncomingRecord, string]>([
    ['bytes that are none', record(Buffer.from([255, 255, 255])), 'timer.undecodable'],
    ['no value', record(null), 'owner'],
    ['another key than its record', record(command(), { key: 'b' }), 'timer_key'],
    ['no key', record(command({ timerKey: '' }), { key: '' }), 'timer_key'],
    ['an owner nobody knows', record(command({ owner: 'nobody' })), 'owner'],
    ['no version', record(command({ version: 0n })), 'version'],
    ['nothing to do', record(command({ command: undefined })), 'command'],
    ['no time', record(command({ command: { $case: 'reset', value: { dueAt: undefined } } })), 'reset.due_at'],
    [
      'a time in two years',
      record(command({ command: { $case: 'arm', value: { ...armed, dueAt: new Date(now + 730 * DAY_MS) } } })),
      'arm.due_at',
    ],
    [
      'too much to bring',
      record(command({ command: { $case: 'arm', value: { ...armed, payload: Buffer.alloc(4_097) } } })),
      'payload',
    ],
  ])('with %s is set aside, names what is wrong, and holds up nobody', async (_what, bad, named) => {
    const { stretches, kept } = await deliver(bad, record(command(), { offset: 8 }));

    expect(kept).toHaveLength(1);
    expect(kept[0]).toContain(named);
    expect(stretches).toMatchObject([{ next: 9, commands: [{ version: 1 }] }]);
  });

  it('is set aside also when it is the last: the log goes on behind it', async () => {
    const { stretches } = await deliver(record(command({ version: 0n }), { offset: 41 }));

    expect(stretches).toMatchObject([{ next: 42, commands: [] }]);
  });
});

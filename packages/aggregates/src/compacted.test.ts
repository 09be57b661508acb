import { Failure } from '@switchboard/errors';
import { createTestClock } from '@switchboard/testing';
import { createCompactedPublisher } from './compacted.js';
import type { EncodedEvent, Snapshot } from './types.js';

interface NumberState {
  readonly name: string;
}

const never = new AbortController().signal;

function numbers(states: Record<string, Snapshot<NumberState>>, failures = 0) {
  const clock = createTestClock();
  const sent: string[] = [];
  let left = failures;
  const publisher = createCompactedPublisher<NumberState>({
    clock: { now: () => clock.now().getTime(), after: clock.after },
    random: () => 0.5,
    longestPauseMs: 60_000,
    read: (ids) => Promise.resolve(ids.map((id) => states[id] ?? null)),
    idsOf: async function* () {
      await Promise.resolve();
      yield* Object.keys(states);
    },
    encode,
    publish: (events) => {
      sent.push(...events.map(({ id }) => id));
      // Somebody changes the state while the send is under way.
      if (states['a']?.version === 1) states['a'] = snapshot('a', 2);
      return left-- > 0 ? Promise.reject(new Failure('unavailable', 'kafka.unreachable', 'away')) : Promise.resolve();
    },
  });
  return { publisher, sent, clock };
}

describe('the publisher of a compacted topic (rule 14)', () => {
  it('sends what it reads, and again what has moved meanwhile', async () => {
    const { publisher, sent } = numbers({ a: snapshot('a', 1), b: snapshot('b', 5) });

    await publisher.wake(0, ['a', 'b', 'a'], never);

    expect(sent).toEqual(['a@1', 'b@5', 'a@2']);
  });

  it('says of a key that is gone that it is gone', async () => {
    const { publisher, sent } = numbers({});

    await publisher.wake(0, ['x'], never);

    expect(sent).toEqual(['x@gone']);
  });

  it('sends every key at takeover, and once more after the longest pause', async () => {
    const { publisher, sent, clock } = numbers({ b: snapshot('b', 5), c: snapshot('c', 1) });

    await publisher.takeOver(0, never);
    await clock.advance(60_000);

    expect(sent).toEqual(['b@5', 'c@1', 'b@5', 'c@1']);
  });

  it('sends again after the longest pause what a failed send may still bring', async () => {
    const { publisher, sent, clock } = numbers({ b: snapshot('b', 5) }, 1);

    const woken = publisher.wake(0, ['b'], never);
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(1_000);
    await woken;
    await clock.advance(60_000);

    expect(sent).toEqual(['b@5', 'b@5', 'b@5']);
  });

  it('sends nothing when the partition is taken away before', async () => {
    const { publisher, sent } = numbers({ b: snapshot('b', 5) });

    await expect(publisher.wake(0, ['b'], AbortSignal.abort())).rejects.toThrow();

    expect(sent).toEqual([]);
  });
});

const snapshot = (aggregateId: string, version: number): Snapshot<NumberState> => ({
  aggregateId,
  version,
  sequence: 0,
  state: { name: aggregateId },
});

const encode = (id: string, found: Snapshot<NumberState> | null): EncodedEvent => ({
  topic: 'numbers',
  key: id,
  type: 'Number',
  id: `${id}@${found?.version ?? 'gone'}`,
  time: new Date(0),
  headers: {},
  value: new Uint8Array(),
});

import { Failure } from '@switchboard/errors';
import fc from 'fast-check';
import { type BatcherLimits, createBatcher } from './batcher.js';
import { recordTooLarge, unreachable } from './failures.js';
import { type OutgoingRecord } from './record.js';
import { type Clock } from './timing.js';

describe('when records of many callers are gathered', () => {
  it('sends what arrived while a send was in flight as the next one', async () => {
    const { add, clock, sends } = batcher();
    const all = [add(record('a'))];
    clock.advance(0);

    all.push(add(record('b')), add(record('c')));
    sends.answer();
    await settled();
    sends.answer();
    await Promise.all(all);

    expect(sends.values()).toEqual([['a'], ['b', 'c']]);
  });

  it('never has two sends in flight', async () => {
    const { add, clock, sends } = batcher({ maxRecords: 1 });
    const all = ['a', 'b', 'c'].map((value) => add(record(value)));
    clock.advance(1_000);
    await settled();

    expect(sends.values()).toEqual([['a']]);
    await sends.answerAll();
    await Promise.all(all);
    expect(sends.most()).toBe(1);
  });

  it('waits for company only as long as it lingers', async () => {
    const { add, clock, sends } = batcher({ lingerMs: 2 });
    const first = add(record('a'));
    clock.advance(1);
    const second = add(record('b'));
    expect(sends.values()).toEqual([]);

    clock.advance(1);
    sends.answer();
    await Promise.all([first, second]);

    expect(sends.values()).toEqual([['a', 'b']]);
  });

  it('sends at once when a batch is full', () => {
    const { add, sends } = batcher({ lingerMs: 1_000, maxRecords: 2 });

    void add(record('a'), record('b'));

    expect(sends.values()).toEqual([['a', 'b']]);
  });

  it('cuts sends at the size a broker takes, in order, and tells the caller when all are there (rule 18)', async () => {
    const { add, clock, sends } = batcher({ sendBytes: 2_500 });
    const call = add(...['a', 'b', 'c', 'd', 'e'].map((value) => record(value.padEnd(1_000))));
    clock.advance(0);
    await sends.answerAll();
    await call;

    expect(sends.values().map((values) => values.map((value) => value.trim()))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e'],
    ]);
  });

  it('refuses a record that no broker would take, and sends nothing of its call (rule 18)', async () => {
    const { add, sends } = batcher({ recordBytes: 1_000 });

    await expect(add(record('a'), record('x'.repeat(1_000)))).rejects.toMatchObject({
      kind: 'invalid',
      code: 'kafka.record-too-large',
    });
    expect(sends.values()).toEqual([]);
  });
});

describe('when a send fails', () => {
  it('tells every caller whose records were in it, and nobody else', async () => {
    const { add, clock, sends } = batcher();
    const failed = [add(record('a')), add(record('b'))];
    clock.advance(0);
    const behind = add(record('c'));

    sends.refuse(unreachable());
    const outcomes = await Promise.allSettled(failed);
    clock.advance(0);
    sends.answer();
    await behind;

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(sends.values()).toEqual([['a', 'b'], ['c']]);
  });

  it('does not send the rest of a call that has failed', async () => {
    const { add, clock, sends } = batcher({ maxRecords: 2 });
    const call = add(record('a'), record('b'), record('c'));
    const behind = add(record('d'));

    sends.refuse(unreachable());
    await expect(call).rejects.toMatchObject({ code: 'kafka.unreachable' });
    clock.advance(0);
    sends.answer();
    await behind;

    expect(sends.values()).toEqual([['a', 'b'], ['d']]);
  });

  it('sends the same again, in order, for as long as it takes, where the caller wants that', async () => {
    const { add, clock, sends } = batcher({ patience: 'retry' });
    const first = add(record('a'));
    clock.advance(0);
    const second = add(record('b'));

    for (let times = 0; times < 5; times += 1) {
      sends.refuse(unreachable());
      await settled();
      clock.advance(20_000);
    }
    await sends.answerAll();
    await Promise.all([first, second]);

    expect(sends.values()).toEqual([['a'], ...Array.from({ length: 5 }, () => ['a', 'b'])]);
  });

  it('finds the one record a broker refuses for its size, and publishes the others', async () => {
    const { add, clock, sends } = batcher({ patience: 'retry' });
    const calls = ['a', 'b', 'huge', 'c'].map((value) => add(record(value)));
    const outcomes = Promise.allSettled(calls);
    clock.advance(0);

    while (sends.inFlight()) {
      if (sends.values().at(-1)?.includes('huge')) sends.refuse(recordTooLarge(undefined, 1));
      else sends.answer();
      await settled();
      clock.advance(0);
    }

    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });
});

describe('when more comes than goes', () => {
  it('refuses what it would have to keep above its bounds', async () => {
    const { add } = batcher({ queueRecords: 2 });
    void add(record('a'), record('b'));

    await expect(add(record('c'))).rejects.toMatchObject({ kind: 'exhausted', code: 'kafka.queue-full' });
  });

  it('takes again when there is room', async () => {
    const { add, clock, sends } = batcher({ queueRecords: 1 });
    const first = add(record('a'));
    await expect(add(record('b'))).rejects.toBeInstanceOf(Failure);

    clock.advance(0);
    sends.answer();
    await first;

    void add(record('c'));
    clock.advance(0);
    expect(sends.values()).toEqual([['a'], ['c']]);
  });

  it('lets nobody wait longer than it promised', async () => {
    const { add, clock } = batcher({ queueAgeMs: 2_000 });
    void add(record('in flight'));
    clock.advance(0);
    const old = add(record('a'));
    clock.advance(1_500);
    const young = add(record('b'));
    let isYoungWaiting = true;
    young.catch(() => (isYoungWaiting = false));

    clock.advance(500);

    await expect(old).rejects.toMatchObject({ kind: 'unavailable', code: 'kafka.unreachable' });
    expect(isYoungWaiting).toBe(true);
  });
});

describe('when the process stops', () => {
  it('takes no more and publishes what it has', async () => {
    const { add, clock, sends, drain } = batcher();
    const call = add(record('a'));

    const drained = drain();
    await expect(add(record('b'))).rejects.toMatchObject({ code: 'kafka.stopping' });
    clock.advance(0);
    sends.answer();
    await drained;

    await expect(call).resolves.toBeUndefined();
  });

  it('tells those who still wait when its time is over', async () => {
    const { add, close } = batcher();
    const call = add(record('a'));

    close();

    await expect(call).rejects.toMatchObject({ kind: 'unavailable', code: 'kafka.stopping' });
  });
});

describe('whatever happens', () => {
  it('acknowledges only what was sent, and keeps the order of calls and of records in a call', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ records: fc.integer({ min: 1, max: 7 }), before: fc.integer({ min: 0, max: 3 }) }), {
          maxLength: 30,
        }),
        fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
        fc.constantFrom('fail' as const, 'retry' as const),
        async (calls, answers, patience) => {
          const { add, clock, sends } = batcher({ maxRecords: 4, patience });
          const log: string[] = [];
          const acknowledged: string[][] = [];
          let turn = 0;
          const step = async () => {
            clock.advance(20_000);
            if (!sends.inFlight()) return;
            // After the given answers all succeed, so that every history ends.
            if (answers[turn++] ?? true) {
              log.push(...(sends.values().at(-1) ?? []));
              sends.answer();
            } else sends.refuse(unreachable());
            await settled();
          };
          for (const [call, { records, before }] of calls.entries()) {
            for (let times = 0; times < before; times += 1) await step();
            const values = Array.from({ length: records }, (_, index) => `${call}.${index}`);
            add(...values.map((value) => record(value))).then(
              () => acknowledged.push(values),
              () => undefined,
            );
          }
          for (let times = 0; times < 400; times += 1) await step();

          for (const value of acknowledged.flat()) expect(log.filter((each) => each === value)).toHaveLength(1);
          const order = log.map((value) => value.split('.').map(Number) as [number, number]);
          for (const [index, [call, place]] of order.entries()) {
            const [lastCall, lastPlace] = order[index - 1] ?? [-1, -1];
            expect(call > lastCall || (call === lastCall && place > lastPlace)).toBe(true);
          }
          if (patience === 'retry') expect(acknowledged).toHaveLength(calls.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});

const limits: BatcherLimits = {
  lingerMs: 0,
  maxRecords: 500,
  maxBytes: 500_000,
  sendBytes: 900_000,
  recordBytes: 900_000,
  queueRecords: 20_000,
  queueBytes: 64_000_000,
  queueAgeMs: Infinity,
  patience: 'fail',
};

function batcher(overrides: Partial<BatcherLimits> = {}) {
  const clock = manualClock();
  const sends = broker();
  const { add, drain, close } = createBatcher(sends.send, { ...limits, ...overrides }, clock);
  return { add: (...records: OutgoingRecord[]) => add(records), drain, close, clock, sends };
}

/** A broker that answers when the test says so. */
function broker() {
  const received: string[][] = [];
  let pending: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  let concurrent = 0;
  let most = 0;
  const end = (how: 'resolve' | 'reject', error?: unknown) => {
    const answered = pending;
    pending = undefined;
    concurrent -= 1;
    answered?.[how](error);
  };
  const broker = {
    send: (records: readonly OutgoingRecord[]) => {
      received.push(records.map(({ value }) => String(Buffer.from(value ?? []))));
      most = Math.max(most, (concurrent += 1));
      return new Promise<void>((resolve, reject) => (pending = { resolve, reject }));
    },
    values: () => received,
    most: () => most,
    inFlight: () => pending !== undefined,
    answer: () => {
      end('resolve');
    },
    refuse: (error: unknown) => {
      end('reject', error);
    },
    async answerAll() {
      while (pending) {
        broker.answer();
        await settled();
      }
    },
  };
  return broker;
}

function manualClock(): Clock & { advance: (ms: number) => void } {
  let now = 0;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    advance(ms) {
      now += ms;
      for (let due = timers.find(({ at }) => at <= now); due; due = timers.find(({ at }) => at <= now)) {
        const { callback } = due;
        timers = timers.filter((each) => each !== due);
        callback();
      }
    },
  };
}

const record = (value: string): OutgoingRecord => ({ topic: 't', key: 'k', value: Buffer.from(value) });

/** Lets promises that are settled be noticed. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

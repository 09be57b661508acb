import fc from 'fast-check';
import { createPairs } from './pairs.js';

const EVERY = 6_000;
const BURST = 45;
const limit = { everyMs: EVERY, burst: BURST };

/** As Meta counts: a burst within one period is paid back before anything else goes. */
function createMeta() {
  let pair = { from: -Infinity, sent: 0, owedUntil: -Infinity };
  return (at: number): boolean => {
    if (at >= pair.owedUntil) pair = { from: at, sent: 1, owedUntil: at + EVERY };
    else if (at - pair.from < EVERY && pair.sent < BURST)
      pair = { ...pair, sent: pair.sent + 1, owedUntil: pair.owedUntil + EVERY };
    else return false;
    return true;
  };
}

/** Sends so many to one customer, one at a time, each as soon as it may. When each began. */
function sent(count: number, call: (at: number) => number, pairs = createPairs(limit)): number[] {
  const begun: number[] = [];
  for (let now = 0; begun.length < count;) {
    now = Math.max(now, pairs.mayAt('anna', now));
    pairs.take('anna', now);
    begun.push(now);
    const afterMs = call(now);
    pairs.answered('anna', afterMs);
    now += afterMs;
  }
  return begun;
}

describe('TX-5 messages to one customer', () => {
  it('are never refused by Meta, whenever on its way a call is counted, and none is held for good', () => {
    const calls = fc.array(
      fc.record({
        tookMs: fc.integer({ min: 1, max: 900 }),
        countedAt: fc.double({ min: 0, max: 1, noNaN: true }),
        pauseMs: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 400_000 })),
      }),
      { minLength: 1, maxLength: 150 },
    );
    fc.assert(
      fc.property(calls, (all) => {
        const meta = createMeta();
        const pairs = createPairs(limit);
        let now = 0;
        for (const { tookMs, countedAt, pauseMs } of all) {
          now += pauseMs;
          const mayAt = pairs.mayAt('anna', now);
          expect(mayAt - now).toBeLessThanOrEqual(BURST * EVERY + 1_000);
          now = Math.max(now, mayAt);
          pairs.take('anna', now);
          expect(meta(now + tookMs * countedAt)).toBe(true);
          pairs.answered('anna', tookMs);
          now += tookMs;
        }
      }),
    );
  });

  it('60 go as a burst of 45 that is paid back, and then the rest', () => {
    const begun = sent(60, () => 20);

    expect([begun[44], begun[45]]).toEqual([44 * 20, BURST * EVERY + 20]);
    expect(begun[59]! - begun[45]!).toBe(14 * 20);
  });

  it('of other customers do not count', () => {
    const pairs = createPairs(limit);
    for (let message = 0; message < BURST; message += 1) pairs.take('anna', 0);

    expect([pairs.mayAt('anna', 10), pairs.mayAt('bob', 10)]).toEqual([BURST * EVERY, 0]);
  });

  it('that came to no call do not count', () => {
    const pairs = createPairs({ ...limit, burst: 1 });
    pairs.take('anna', 0);
    pairs.giveBack('anna');

    expect(pairs.mayAt('anna', 0)).toBe(0);
  });

  it('go one by one for as long as a burst takes, after Meta has refused one', () => {
    const pairs = createPairs(limit);
    pairs.empty('anna', 0);
    const after = (from: number): number => {
      pairs.take('anna', from);
      return pairs.mayAt('anna', from) - from;
    };

    expect([pairs.mayAt('anna', 0), after(0), after(BURST * EVERY - 1)]).toEqual([0, EVERY, EVERY]);
    expect(after(BURST * EVERY + EVERY)).toBeLessThan(0);
  });

  it('that a former owner sent are remembered', () => {
    const pairs = createPairs(limit);
    const call = (begun: number, isTooFast = false) => ({ begun, ended: begun + 8, isTooFast });
    pairs.remember(
      'anna',
      Array.from({ length: 45 }, (_, index) => call(index * 10)),
    );
    pairs.remember('anna', [call(5_000)]);
    pairs.remember('bob', [call(0), call(10, true)]);

    expect(pairs.mayAt('anna', 10_000)).toBe(BURST * EVERY + 8);
    pairs.take('bob', 10_000);
    expect(pairs.mayAt('bob', 10_000)).toBe(10_000 + EVERY);
  });

  it('are never refused by Meta when another owner takes over at any moment', () => {
    const calls = fc.array(fc.record({ tookMs: fc.integer({ min: 1, max: 900 }), isNewOwner: fc.boolean() }), {
      minLength: 1,
      maxLength: 120,
    });
    fc.assert(
      fc.property(calls, (all) => {
        const meta = createMeta();
        const past: { begun: number; ended: number; isTooFast: boolean }[] = [];
        let pairs = createPairs(limit);
        let now = 0;
        for (const { tookMs, isNewOwner } of all) {
          if (isNewOwner) {
            pairs = createPairs(limit);
            pairs.remember(
              'anna',
              past.filter(({ begun }) => begun > now - BURST * EVERY - 30_000),
            );
          }
          now = Math.max(now, pairs.mayAt('anna', now));
          pairs.take('anna', now);
          expect(meta(now + tookMs / 2)).toBe(true);
          pairs.answered('anna', tookMs);
          past.push({ begun: now, ended: now + tookMs, isTooFast: false });
          now += tookMs;
        }
      }),
    );
  });

  it('are forgotten when they are paid back', () => {
    const pairs = createPairs(limit);
    for (let customer = 0; customer < 10_000; customer += 1) pairs.take(`c${customer}`, customer * 100);

    expect(pairs.size()).toBeLessThan(1_100);
  });
});

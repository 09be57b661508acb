import fc from 'fast-check';
import { CATCH_UP_MS, createThroughput } from './throughput.js';

const SECOND = 1_000;

/** Takes as soon as it may, each time so much later than that, until the time is up. When it took. */
function taken(number = createThroughput(80, 0), until = 10 * SECOND, late: () => number = () => 0): number[] {
  const times: number[] = [];
  for (let now = 0; now < until;) {
    now = Math.max(now, number.mayAt() + late());
    if (now >= until) break;
    number.take(now);
    times.push(now);
  }
  return times;
}

/** The most in any stretch of so many milliseconds. */
function mostWithin(times: readonly number[], ms: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + ms).length));
}

describe('TX-5 the throughput of a number', () => {
  it('is never above what is allowed in any stretch of time, but for what a busy moment made up for', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.constantFrom(1, 20, 80, 1_000), gaps, (perSecond, waits) => {
        const number = createThroughput(perSecond, 0);
        const times: number[] = [];
        let now = 0;
        for (const wait of waits) {
          now += wait;
          for (let most = 0; number.mayAt() <= now && most < 200; most += 1) {
            number.take(now);
            times.push(now);
          }
        }
        for (const ms of [100, SECOND, 5 * SECOND])
          expect(mostWithin(times, ms)).toBeLessThanOrEqual(1 + (perSecond * (ms + CATCH_UP_MS)) / SECOND);
      }),
    );
  });

  it('loses no token to a process that is late, as long as that is not by more than it makes up for', () => {
    const lateness = fc.array(fc.double({ min: 0, max: CATCH_UP_MS - 1, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(fc.constantFrom(20, 80, 1_000), lateness, (perSecond, late) => {
        let turn = 0;
        const lates = () => late[(turn += 1) % late.length] ?? 0;
        const times = taken(createThroughput(perSecond, 0), 5 * SECOND, lates);

        expect(times.length).toBeGreaterThanOrEqual(Math.floor((perSecond * (5 * SECOND - CATCH_UP_MS)) / SECOND) - 1);
      }),
      { numRuns: 20 },
    );
  });

  it('begins empty, and gives back what came to no call', () => {
    const number = createThroughput(20, 500);
    expect(number.mayAt()).toBe(550);

    number.take(550);
    number.giveBack(560);

    expect(number.mayAt()).toBe(550);
  });

  it('counts customers who write, a second ahead at most', () => {
    const number = createThroughput(80, 0);
    for (let message = 0; message < 40; message += 1) number.spend(1_000);
    expect(number.mayAt()).toBeCloseTo(1_400);

    for (let message = 0; message < 400; message += 1) number.spend(1_000);
    expect(number.mayAt()).toBeLessThan(2_020);
  });

  it('is halved when Meta refuses for speed, once for calls that were under way together, and rises again slowly', () => {
    const number = createThroughput(80, 0);

    expect(number.slowDown(1_000)).toEqual({ at: 1_000, perSecond: 40 });
    expect(number.slowDown(1_500)).toBeUndefined();
    expect(number.rate(1_000)).toEqual({ allowed: 80, used: 40 });
    expect(number.rate(16_000)).toEqual({ allowed: 80, used: 60 });
    expect(number.rate(31_000)).toEqual({ allowed: 80, used: 80 });
    expect(number.slowDown(16_000)).toEqual({ at: 16_000, perSecond: 30 });
  });

  it('is never slower than a twentieth of what is allowed', () => {
    const number = createThroughput(80, 0);
    for (let wave = 1; wave <= 20; wave += 1) number.slowDown(wave * SECOND);

    expect(number.rate(20 * SECOND).used).toBe(4);
  });

  it('follows what Meta allows at once, and a cut of its former owner where that is later', () => {
    const number = createThroughput(80, 0);
    number.allow(1_000);
    expect(taken(number, SECOND).length).toBeGreaterThan(980);

    number.follow({ at: -30_000, perSecond: 100 });
    expect(number.rate(0).used).toBe(600);
    number.follow({ at: -60_000, perSecond: 1 });
    expect(number.rate(0).used).toBe(600);
  });
});

import { type Refused } from '../retry.js';
import { messagingLimitOf } from './allowance.js';
import { createPace, isHeldUp } from './pace.js';

const refused = (code: number, scope: Refused['scope'], consequence: Refused['consequence'] = 'back-off'): Refused => ({
  error: { code, title: '', message: '', details: '', href: '' },
  consequence,
  scope,
  remedy: '',
});

describe('TX-5 the pace of a number', () => {
  const used = (of: Refused): number => {
    const pace = createPace(80, { everyMs: 6_000, burst: 45 }, 0);
    pace.begin('anna', 100);
    pace.heard('anna', of, 200, 100);
    return pace.rate(200).used;
  };

  function fortyBegun() {
    const pace = createPace(80, { everyMs: 6_000, burst: 45 }, 0);
    const begun = Array.from({ length: 40 }, (_, index) => {
      const at = pace.mayAt();
      pace.begin(`c${index}`, at);
      return at;
    });
    return { pace, begun };
  }

  it.each([
    ['130429', refused(130_429, 'number'), 40],
    ['HTTP 429 with any code', refused(131_000, 'number'), 40],
    ['131048, the spam limit', refused(131_048, 'number', 'wait'), 40],
    ['131057, which is no matter of speed', refused(131_057, 'number'), 80],
    ['80007, a limit of the account', refused(80_007, 'account'), 80],
    ['4, a limit of the app', refused(4, 'app'), 80],
    ['131056, a limit of one customer', refused(131_056, 'pair'), 80],
  ])('after %s', (_name, of, perSecond) => {
    expect(used(of)).toBe(perSecond);
  });

  it('lets what was begun evenly and is held up leave one after the other, before anything else begins', () => {
    const { pace, begun } = fortyBegun();

    const leaves = begun.map((at) => pace.leaveAt(1_000, at));

    // What 100 ms have missed, the one whose turn it is, and the rest one by one.
    expect(leaves.filter((at) => at === 1_000)).toHaveLength(9);
    expect(leaves.at(-1)).toBeCloseTo(1_000 + 31 * 12.5);
    expect(pace.mayAt()).toBeCloseTo(1_000 + 32 * 12.5);
  });

  it('lets what took its usual time leave at once', () => {
    const { pace, begun } = fortyBegun();

    // As jitter has it: late one moment, early the next.
    const ready = begun.map((at, index) => at + (index % 8 < 4 ? 100 : 10));

    expect(begun.map((at, index) => pace.leaveAt(ready[index] ?? NaN, at))).toEqual(ready);
  });

  it.each([
    [100, false],
    [101, true],
  ])('what is late by %d ms has missed its turn: %s', (lateMs, isSo) => {
    expect(isHeldUp(lateMs)).toBe(isSo);
  });

  it('gives back what came to no call, to the number and to the customer', () => {
    const pace = createPace(80, { everyMs: 6_000, burst: 1 }, 0);
    const before = pace.mayAt();

    pace.begin('anna', 100);
    expect([pace.mayAt() > before, pace.waitMs('anna', 100)]).toEqual([true, 6_000]);
    pace.giveBack('anna', 100);

    expect(pace.waitMs('anna', 100)).toBeLessThanOrEqual(0);
    expect(pace.mayAt()).toBeLessThanOrEqual(before);
  });
});

it.each([
  ['TIER_250', 250],
  ['TIER_2K', 2_000],
  ['TIER_100K', 100_000],
  ['TIER_UNLIMITED', Infinity],
  ['2000', 2_000],
  ['-1', Infinity],
  ['TIER_NOT_SET', undefined],
  ['', undefined],
  ['0', undefined],
])('TX-5 a messaging limit of %s', (text, limit) => {
  expect(messagingLimitOf(text)).toBe(limit);
});

import fc from 'fast-check';
import { priceOf } from './price.js';
import { createRates } from './rates.js';
import { createTierTables, marginalCost, tierAt, tierChangesOf, type Tier, type TierTable } from './tiers.js';

const tiers: readonly Tier[] = [
  { from: 1, amount: 1_400n },
  { from: 751, amount: 1_200n },
  { from: 1_501, amount: 1_000n },
];
const table = (since: string, some = tiers): TierTable => ({
  market: 'India',
  category: 'utility',
  since,
  tiers: some,
});

describe('a volume tier', () => {
  it.each<[string, number, bigint]>([
    ['the first message', 1, 1_400n],
    ['the last one of the first tier', 750, 1_400n],
    ['the first one of the second tier', 751, 1_200n],
    ['the last one of the second tier', 1_500, 1_200n],
    ['the first one of the last tier', 1_501, 1_000n],
    ['any one behind', 90_000_000, 1_000n],
  ])('BL-10 prices %s', (_what, position, amount) => {
    expect(tierAt(tiers, position)).toBe(amount);
  });

  it('BL-10 is marginal: what is behind does not make cheaper what was before', () => {
    expect(marginalCost(tiers, 1_400n, 750, 2)).toBe(1_400n + 1_200n);
    expect(marginalCost(tiers, 1_400n, 1, 1_501)).toBe(750n * 1_400n + 750n * 1_200n + 1_000n);
    expect(marginalCost(tiers, 1_400n, 751, 0)).toBe(0n);
  });

  it('BL-10 costs many messages what they cost one by one, and never more than the list price', () => {
    const table = fc
      .uniqueArray(fc.record({ from: fc.integer({ min: 2, max: 60 }), amount: fc.bigInt({ min: 0n, max: 50n }) }), {
        selector: ({ from }) => from,
      })
      .map((some) => [{ from: 1, amount: 50n }, ...some].sort((a, b) => a.from - b.from));
    const nat = fc.integer({ min: 1, max: 80 });
    fc.assert(
      fc.property(table, nat, nat, fc.bigInt({ min: 0n, max: 60n }), (some, position, count, rate) => {
        let expected = 0n;
        for (let each = position; each < position + count; each += 1) {
          const tier = tierAt(some, each) ?? rate;
          expected += tier < rate ? tier : rate;
        }
        expect(marginalCost(some, rate, position, count)).toBe(expected);
      }),
    );
  });

  it('BL-10 without tables everything costs the list price', () => {
    expect(createTierTables([]).of('India', 'utility', '2026-11-26')).toEqual([]);
    expect(tierAt([], 1)).toBeUndefined();
    expect(marginalCost([], 1_400n, 30_000_000, 3)).toBe(4_200n);
  });

  it('BL-10 holds from its day on, for its market and category', () => {
    const tables = createTierTables([table('2026-10-01'), table('2027-01-01', [{ from: 1, amount: 5n }])]);

    expect(tables.of('India', 'utility', '2026-09-30')).toEqual([]);
    expect(tables.of('India', 'utility', '2026-10-01')).toEqual(tiers);
    expect(tables.of('India', 'utility', '2026-12-31')).toEqual(tiers);
    expect(tables.of('India', 'utility', '2027-01-01')).toEqual([{ from: 1, amount: 5n }]);
    expect(tables.of('India', 'authentication', '2026-11-26')).toEqual([]);
    expect(tables.of('Brazil', 'utility', '2026-11-26')).toEqual([]);
    expect(tables.on('2026-11-26')).toEqual([table('2026-10-01')]);
  });

  it.each<[string, bigint | undefined, bigint, string]>([
    ['lower than the list price', 1_200n, 1_200n, 'tier'],
    ['as high as it', 1_400n, 1_400n, 'rate'],
    ['higher, by an older table', 1_500n, 1_400n, 'rate'],
    ['unknown', undefined, 1_400n, 'rate'],
  ])('BL-10 a tier %s', (_what, tier, amount, rule) => {
    const rates = createRates([{ market: 'India', category: 'utility', since: '2026-10-01', amount: 1_400n }]);
    const about = { category: 'utility', market: 'India', country: 'IN', day: '2026-11-26' } as const;
    const plain = { windowOpen: false, freeEntry: false, freeServiceLeft: 0 };

    expect(priceOf(rates, { ...about, ...plain, tier })).toMatchObject({ amount, rule });
    expect(priceOf(rates, { ...about, ...plain, freeEntry: true, tier })).toMatchObject({ amount: 0n });
  });
});

describe('an import of tiers', () => {
  it('BL-10 tells each position where the price is another one, also where a tier is gone', () => {
    const known = createTierTables([table('2026-10-01')]);
    const read = table('2027-01-01', [
      { from: 1, amount: 1_400n },
      { from: 501, amount: 1_000n },
    ]);

    expect(tierChangesOf(known, [read]).map(({ from, before, amount }) => [from, before, amount])).toEqual([
      [501, 1_400n, 1_000n],
      [751, 1_200n, 1_000n],
    ]);
    expect(tierChangesOf(known, [table('2027-01-01')])).toEqual([]);
    expect(tierChangesOf(createTierTables([]), [read])).toMatchObject([{ before: undefined }, { before: undefined }]);
  });
});

import { readCard } from './card.js';
import { changesOf, changesThePast, createRates } from './rates.js';

const header = ['market', 'marketing', 'utility', 'authentication', 'effective_date', 'currency', 'service'];
const line = (...fields: string[]): string[] => fields;

describe('a rate card', () => {
  it('BL-2 is read line by line; prices that are not known are left out', () => {
    const { rates, problems, lines } = readCard([
      header,
      line('Brazil', '0.0625', 'n/a', '', '2027-01-01', 'USD', '0'),
    ]);

    expect({ problems, lines }).toEqual({ problems: [], lines: 1 });
    expect(rates).toEqual([
      { market: 'Brazil', category: 'marketing', since: '2027-01-01', amount: 62_500n },
      { market: 'Brazil', category: 'service', since: '2027-01-01', amount: 0n },
    ]);
  });

  it.each([
    ['market', line('', '1', '1', '1', '2027-01-01', 'USD', '')],
    ['marketing', line('Brazil', '1,5', '1', '1', '2027-01-01', 'USD', '')],
    ['effective_date', line('Brazil', '1', '1', '1', '2027-02-30', 'USD', '')],
    ['currency', line('Brazil', '1', '1', '1', '2027-01-01', 'INR', '')],
  ])('BL-2 names the line and the column %s that is wrong, and nothing of it counts', (column, wrong) => {
    const { rates, problems } = readCard([header, line('Chile', '1', '1', '1', '2027-01-01', 'USD', ''), wrong]);

    expect(rates).toEqual([]);
    expect(problems).toEqual([{ line: 3, column, rule: expect.any(String) as string }]);
  });

  it('BL-2 needs its columns', () => {
    expect(readCard([['market', 'price']]).problems.map(({ column }) => column)).toEqual([
      'marketing',
      'utility',
      'authentication',
      'effective_date',
      'currency',
    ]);
  });

  it('BL-2 that prices one market and day twice is refused', () => {
    const twice = [
      line('Brazil', '1', '', '', '2027-01-01', 'USD', ''),
      line('Brazil', '2', '', '', '2027-01-01', 'USD', ''),
    ];

    expect(readCard([header, ...twice]).problems).toMatchObject([{ line: 3, column: 'marketing' }]);
  });

  it('BL-2 tells what it changes, and whether that is past', () => {
    const known = createRates([{ market: 'Brazil', category: 'marketing', since: '2026-01-01', amount: 5n }]);
    const read = [
      { market: 'Brazil', category: 'marketing', since: '2026-01-01', amount: 5n },
      { market: 'Brazil', category: 'marketing', since: '2026-10-01', amount: 6n },
      { market: 'Chile', category: 'marketing', since: '2026-01-01', amount: 7n },
    ] as const;

    const changes = changesOf(known, read);

    expect(changes.map(({ market, before, amount }) => [market, before, amount])).toEqual([
      ['Brazil', 5n, 6n],
      ['Chile', undefined, 7n],
    ]);
    expect(changesThePast(changes, '2026-11-26')).toMatchObject({ market: 'Brazil', since: '2026-10-01' });
    expect(changesThePast(changes, '2026-10-01')).toBeUndefined();
  });
});

describe('lines of tiers', () => {
  const columns = ['market', 'marketing', 'utility', 'authentication', 'effective_date', 'currency', 'tier'];
  const tier = (span: string, utility: string, more: { day?: string; marketing?: string } = {}): string[] =>
    line('India', more.marketing ?? '', utility, '', more.day ?? '2027-01-01', 'USD', span);
  const read = (...lines: string[][]) => readCard([columns, ...lines]);

  it('BL-10 become a table, in whatever order, beside the rates of the other lines', () => {
    const card = read(
      tier('1500001:max', '0.0010'),
      tier('0:750000', '0.0014'),
      line('India', '0.0118', '0.0014', '', '2027-01-01', 'USD', ''),
      tier('750001:1500000', '0.0012'),
    );

    expect(card.problems).toEqual([]);
    expect(card.rates.map(({ category, amount }) => [category, amount])).toEqual([
      ['marketing', 11_800n],
      ['utility', 1_400n],
    ]);
    expect(card.tables).toEqual([
      {
        market: 'India',
        category: 'utility',
        since: '2027-01-01',
        tiers: [
          { from: 1, amount: 1_400n },
          { from: 750_001, amount: 1_200n },
          { from: 1_500_001, amount: 1_000n },
        ],
      },
    ]);
  });

  it.each<[string, number, string, string[][]]>([
    ['a tier that is none', 2, 'tier', [tier('750000', '0.0014')]],
    ['one that ends before it begins', 2, 'tier', [tier('10:9', '0.0014')]],
    ['a day within a month', 2, 'effective_date', [tier('1:MAX', '0.0014', { day: '2027-01-15' })]],
    ['a price of marketing', 2, 'marketing', [tier('1:MAX', '0.0014', { marketing: '0.01' })]],
    ['a first tier that does not begin with the first message', 2, 'tier', [tier('2:MAX', '0.0014')]],
    ['a hole', 3, 'tier', [tier('1:10', '0.0014'), tier('12:MAX', '0.0012')]],
    ['an overlap', 3, 'tier', [tier('1:10', '0.0014'), tier('10:MAX', '0.0012')]],
    ['no end', 2, 'tier', [tier('1:10', '0.0014')]],
    ['something behind the end', 3, 'tier', [tier('1:MAX', '0.0014'), tier('11:MAX', '0.0012')]],
    ['a tier that is dearer than the one before', 3, 'utility', [tier('1:10', '0.0012'), tier('11:MAX', '0.0014')]],
    ['the same one twice', 3, 'tier', [tier('1:MAX', '0.0012'), tier('1:MAX', '0.0012')]],
  ])('BL-10 %s is refused by line and column, with the remedy, and nothing counts', (_what, number, column, lines) => {
    const card = read(...lines);

    expect([card.rates, card.tables]).toEqual([[], []]);
    expect(card.problems).toContainEqual({ line: number, column, rule: expect.stringMatching(/; \w+/) as string });
  });
});

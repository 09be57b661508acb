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

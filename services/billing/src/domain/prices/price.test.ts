import { readCard } from './card.js';
import { rateCard } from './data/rate-card.js';
import { marketTable } from './data/markets.js';
import { createMarkets, readMarkets } from './markets.js';
import { priceOf, type Question } from './price.js';
import { categories, type Category, createRates } from './rates.js';

const { rates: shipped, problems } = readCard(
  rateCard
    .trim()
    .split('\n')
    .map((line) => line.split(',')),
);
const rates = createRates(shipped);
const markets = createMarkets(readMarkets(marketTable));

const ask = (phone: string, day: string, category: Category, more: Partial<Question> = {}) => {
  const { country, market } = markets.ofPhone(phone, day);
  const plain = { windowOpen: false, freeEntry: false, freeServiceLeft: 0, tier: undefined };
  return priceOf(rates, { category, market, country: isUs(phone) ? 'US' : country, day, ...plain, ...more });
};
/** Area codes tell the countries of +1 apart; who asks has done that. */
const isUs = (phone: string): boolean => phone.startsWith('1202');

const BRAZIL = '5511987654321';
const [US, CANADA] = ['12025550188', '14165550188'];

describe('a price', () => {
  it.each<[string, ReturnType<typeof ask>, bigint, string]>([
    ['BL-4 utility outside the window before October 2026', ask(BRAZIL, '2026-09-30', 'utility'), 6_800n, 'rate'],
    [
      'BL-4 utility inside the window before October 2026',
      ask(BRAZIL, '2026-09-30', 'utility', { windowOpen: true }),
      0n,
      'free-window',
    ],
    ['BL-4 utility outside the window from October 2026', ask(BRAZIL, '2026-10-01', 'utility'), 6_800n, 'rate'],
    [
      'BL-4 utility inside the window from October 2026',
      ask(BRAZIL, '2026-10-01', 'utility', { windowOpen: true }),
      6_800n,
      'rate',
    ],
    ['BL-2 marketing to Brazil', ask(BRAZIL, '2026-11-26', 'marketing'), 62_500n, 'rate'],
    [
      'BL-4 marketing to Brazil inside the window',
      ask(BRAZIL, '2026-11-26', 'marketing', { windowOpen: true }),
      62_500n,
      'rate',
    ],
    ['TX-7 marketing to the US', ask(US, '2026-11-26', 'marketing'), 0n, 'paused'],
    ['TX-7 marketing to the US before the pause', ask(US, '2026-01-01', 'utility'), 3_400n, 'rate'],
    ['BL-2 marketing to Canada', ask(CANADA, '2026-11-26', 'marketing'), 25_000n, 'rate'],
    ['BL-4 service before October 2026', ask(BRAZIL, '2026-09-30', 'service'), 0n, 'free-policy'],
    [
      'BL-4 service message number 1,000 of the month',
      ask(BRAZIL, '2026-10-31', 'service', { freeServiceLeft: 1 }),
      0n,
      'free-allowance',
    ],
    [
      'BL-4 service message number 1,001 of the month',
      ask(BRAZIL, '2026-10-31', 'service', { freeServiceLeft: 0 }),
      6_800n,
      'rate',
    ],
    ['BL-4 marketing in a free entry', ask(BRAZIL, '2026-11-26', 'marketing', { freeEntry: true }), 0n, 'free-entry'],
    ['BL-10 a tier that is reached', ask(BRAZIL, '2026-11-26', 'utility', { tier: 6_000n }), 6_000n, 'tier'],
  ])('%s', (_name, price, amount, rule) => {
    expect(price).toMatchObject({ kind: 'known', amount, rule });
  });

  it('BL-2 of a past day is that day’s, whatever came after', () => {
    const card = createRates([
      { market: 'Brazil', category: 'marketing', since: '2026-01-01', amount: 1n },
      { market: 'Brazil', category: 'marketing', since: '2026-04-01', amount: 2n },
    ]);

    expect(
      ['2025-12-31', '2026-01-01', '2026-03-31', '2026-04-01'].map(
        (day) => card.of('Brazil', 'marketing', day)?.amount,
      ),
    ).toEqual([undefined, 1n, 1n, 2n]);
  });

  it('is not guessed where no rate is known', () => {
    expect(ask(BRAZIL, '2025-12-31', 'marketing')).toEqual({ kind: 'unknown', policy: '2025-07-01' });
  });
});

describe('the shipped card', () => {
  it('is sound', () => {
    expect(problems).toEqual([]);
  });

  // Read here by other means: by columns, in floating point, rounded to the sixth place.
  const [header = '', ...lines] = rateCard.trim().split(/\r?\n/);
  const names = header.split(',');
  const table = lines.map((line): Record<string, string> => {
    const fields = line.split(',');
    return Object.fromEntries(names.map((name, at) => [name, fields[at] ?? '']));
  });
  const field = (row: Record<string, string> | undefined, name: string): string => row?.[name] ?? '';
  const days = [...new Set(table.map((row) => field(row, 'effective_date')))].sort();
  const allMarkets = [...new Set(table.map((row) => field(row, 'market')))];

  it.each(days)('BL-2 prices every market and category on %s as it says', (day) => {
    let compared = 0;
    for (const market of allMarkets) {
      for (const category of categories) {
        const rows = table.filter(
          (row) =>
            field(row, 'market') === market && field(row, 'effective_date') <= day && field(row, category) !== '',
        );
        const newest = rows.sort((a, b) => (field(a, 'effective_date') < field(b, 'effective_date') ? -1 : 1)).at(-1);
        const expected = newest && BigInt(Math.round(Number(field(newest, category)) * 1_000_000));
        expect([market, category, rates.of(market, category, day)?.amount]).toEqual([market, category, expected]);
        if (expected !== undefined) compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(100);
  });

  // The cards between January and October 2026 are not complete: markets that began in July are priced from October.
  it('BL-2 prices the market of every country from October 2026', () => {
    for (const { country, until } of readMarkets(marketTable)) {
      if (until !== '') continue;
      const { market } = markets.ofCountry(country, '2026-10-01');
      expect([country, rates.of(market, 'marketing', '2026-10-01')?.market]).toEqual([country, market]);
    }
  });
});

describe('the market of a phone', () => {
  it.each([
    ['12025550188', 'North America'],
    ['14165550188', 'North America'],
    ['18095550188', 'Rest of Latin America'],
    ['77015550188', 'Kazakhstan'],
    ['74955550188', 'Russia'],
    ['999555', 'Other'],
    ['', 'Other'],
  ])('BL-2 %s is %s', (phone, market) => {
    expect(markets.ofPhone(phone, '2026-11-26').market).toBe(market);
  });

  it('BL-2 changes with the day', () => {
    expect(['2026-06-30', '2026-07-01'].map((day) => markets.ofPhone('85255550188', day).market)).toEqual([
      'Rest of Asia Pacific',
      'Hong Kong',
    ]);
  });
});

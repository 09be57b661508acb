import { createMarkets, readMarkets, type Markets } from '../src/domain/prices/markets.js';
import { marketTable } from '../src/domain/prices/data/markets.js';
import { priceOf, type Price } from '../src/domain/prices/price.js';
import { type Category, createRates, type Rate } from '../src/domain/prices/rates.js';
import { shippedMarkets, shippedRates } from '../src/domain/prices/shipped.js';
import { around, marketIn, microText, priceIn, type Row, rowsOf } from './support/card-reader.js';

/** The shipped prices and markets against Meta's card, read by a reader that shares nothing with them. */

const card = rowsOf('rate-card.csv');
const countries = rowsOf('country-market.csv');
const inUsd = card.filter(({ currency }) => currency === 'USD');
const markets = [...new Set(inUsd.map((row) => row['market'] ?? ''))];
const days = around(new Set(inUsd.map((row) => row['effective_date'] ?? '')));
const turns = around(
  countries.flatMap((row) => [row['valid_from'] ?? '', row['valid_to'] ?? '']).filter((day) => day !== ''),
);
const SERVICE_IS_CHARGED = '2026-10-01';
const categories: readonly Category[] = [
  'marketing',
  'utility',
  'authentication',
  'service',
  'authentication_international',
];

/** What the card says of a message outside of any window, beyond the allowance; `-` where no price is known. */
function said(rows: readonly Row[], market: string, category: Category, day: string): string {
  if (category === 'service' && day < SERVICE_IS_CHARGED) return '0 free-policy';
  const own = priceIn(rows, market, category, day);
  // Where the card has no price of its own for it, the plain one holds.
  const price =
    own ?? (category === 'authentication_international' ? priceIn(rows, market, 'authentication', day) : undefined);
  return price === undefined ? '-' : `${price} rate`;
}
const shown = (price: Price): string => (price.kind === 'known' ? `${price.amount} ${price.rule}` : '-');

/** Where both sides differ; few markets are looked at where few are meant. */
function differences(rows: readonly Row[], rates: readonly Rate[], of: readonly string[]): string[] {
  const known = createRates(rates);
  const plain = { country: '', windowOpen: false, freeEntry: false, freeServiceLeft: 0, tier: undefined };
  return of.flatMap((market) =>
    categories.flatMap((category) =>
      days.flatMap((day) => {
        const expected = said(rows, market, category, day);
        const found = shown(priceOf(known, { ...plain, market, category, day }));
        return found === expected ? [] : [`${market} ${category} ${day}: ${found}, the card says ${expected}`];
      }),
    ),
  );
}

/** Calling codes alone and before every digit, on every day on which something begins or ends. */
function strays(table: readonly Row[], known: Markets): string[] {
  const endings = ['', ...Array.from({ length: 10 }, (_, digit) => `${digit}5550100`)];
  return turns.flatMap((day) =>
    table.flatMap((row) => {
      const { iso2 = '', calling_code: code = '', valid_from: from = '', valid_to: to = '', market = '' } = row;
      const wrong = endings
        .map((ending) => code + ending)
        .filter((phone) => known.ofPhone(phone, day).market !== marketIn(table, phone, day));
      const holds = from <= day && (to === '' || day <= to);
      const alone = table.filter((other) => other['iso2'] === iso2).every((other) => other['calling_code'] === code);
      if (holds && alone && known.ofCountry(iso2, day).market !== market) wrong.push(iso2);
      if (holds && known.ofPhone(code, day).market !== market) wrong.push(code);
      return wrong.map((each) => `${each} on ${day}`);
    }),
  );
}

it('BL-2 every market × category × day before, on and after a change costs what the card says', () => {
  expect([inUsd.length, markets.length, days.length]).toEqual([96, 47, 9]);
  expect(differences(card, shippedRates, markets)).toEqual([]);
});

it('BL-2 no figure of the card can change unnoticed', () => {
  const figures = inUsd.flatMap((row) =>
    categories.filter((name) => (row[name] ?? '') !== '').map((name) => ({ row, name })),
  );
  const unnoticed = figures.filter(({ row, name }) => {
    // Before October service is free by policy, whatever the card prices.
    if (name === 'service' && (row['effective_date'] ?? '') < SERVICE_IS_CHARGED) return false;
    const changed = card.map((each) => (each === row ? { ...row, [name]: `1${row[name] ?? ''}` } : each));
    return differences(changed, shippedRates, [row['market'] ?? '']).length === 0;
  });

  expect(figures.length).toBeGreaterThan(380);
  expect(unnoticed).toEqual([]);
});

it('BL-2 no shipped figure can change unnoticed, and none is shipped that the card does not have', () => {
  const unnoticed = shippedRates.filter((rate) => {
    if (rate.category === 'service' && rate.since < SERVICE_IS_CHARGED) return false;
    const changed = shippedRates.map((each) => (each === rate ? { ...rate, amount: rate.amount + 1n } : each));
    return differences(card, changed, [rate.market]).length === 0;
  });
  const strange = shippedRates.filter(
    ({ market, category, since, amount }) =>
      !inUsd.some(
        (row) =>
          row['market'] === market &&
          row['effective_date'] === since &&
          (row[category] ?? '') !== '' &&
          microText(row[category] ?? '') === String(amount),
      ),
  );

  expect(unnoticed).toEqual([]);
  expect(strange).toEqual([]);
});

it('BL-2 every country and calling code of the table is in the market it names, on every day something changes', () => {
  expect([countries.length, turns.length]).toEqual([265, 8]);
  expect(strays(countries, shippedMarkets)).toEqual([]);
});

it('BL-2 no row of the shipped markets can change unnoticed', () => {
  const rows = readMarkets(marketTable);
  const unnoticed = rows.filter((row) => {
    const changed = rows.map((each) => (each === row ? { ...row, market: 'Atlantis' } : each));
    const own = countries.filter(({ calling_code: code = '' }) => code.startsWith(row.callingCode.slice(0, 1)));
    return strays(own, createMarkets(changed)).length === 0;
  });

  expect(rows).toHaveLength(countries.length);
  expect(unnoticed).toEqual([]);
});

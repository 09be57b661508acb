import { groupedBy } from '../grouped-by.js';
import { type Day } from './day.js';

/** Markets of Meta's rate card: which one a recipient belongs to (BL-2). */

export const OTHER = 'Other';

export interface MarketRow {
  /** ISO 3166. */
  readonly country: string;
  /** Digits; longer than the country's own where countries share one. */
  readonly callingCode: string;
  readonly market: string;
  /** Both included; empty = open. */
  readonly from: Day;
  readonly until: Day;
}

export interface Place {
  /** ISO 3166; empty when the phone tells none. Of a shared calling code the first of the table. */
  readonly country: string;
  readonly market: string;
}

export interface Markets {
  /** By phone digits with country code; the longest calling code wins. */
  readonly ofPhone: (phone: string, day: Day) => Place;
  /** Of a country whose calling codes are in several markets the shortest code's. */
  readonly ofCountry: (country: string, day: Day) => Place;
}

export function createMarkets(rows: readonly MarketRow[]): Markets {
  const byCode = groupedBy(rows, ({ callingCode }) => callingCode);
  const byCountry = groupedBy(rows, ({ country }) => country);
  for (const some of byCountry.values()) some.sort((a, b) => a.callingCode.length - b.callingCode.length);
  const longest = Math.max(0, ...rows.map(({ callingCode }) => callingCode.length));
  return {
    ofPhone(phone, day) {
      for (let length = Math.min(longest, phone.length); length > 0; length -= 1) {
        const row = byCode.get(phone.slice(0, length))?.find(holdsOn(day));
        if (row) return { country: row.country, market: row.market };
      }
      return { country: '', market: OTHER };
    },
    ofCountry: (country, day) => ({ country, market: byCountry.get(country)?.find(holdsOn(day))?.market ?? OTHER }),
  };
}

const holdsOn =
  (day: Day) =>
  ({ from, until }: MarketRow): boolean =>
    from <= day && (until === '' || day <= until);

/** The table as it is shipped: a header line, then country, calling code, market and both ends. */
export const readMarkets = (csv: string): MarketRow[] =>
  csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [country = '', callingCode = '', market = '', from = '', until = ''] = line.split(',');
      return { country, callingCode, market, from, until };
    });

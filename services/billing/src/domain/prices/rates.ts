import { type Micros } from '../money.js';
import { type Day } from './day.js';

/** Rates by date: a past day is always priced with the rates of that day (BL-2). */

export const categories = [
  'marketing',
  'utility',
  'authentication',
  'service',
  'authentication_international',
] as const;
export type Category = (typeof categories)[number];

export const isCategory = (text: string): text is Category => (categories as readonly string[]).includes(text);

export interface Rate {
  readonly market: string;
  readonly category: Category;
  /** Holds from this day on, until the next rate of the same market and category. */
  readonly since: Day;
  readonly amount: Micros;
}

export interface Rates {
  /** The rate in force; undefined when none was known for that day. */
  readonly of: (market: string, category: Category, day: Day) => Rate | undefined;
  /** All that are in force on a day, by market and category. */
  readonly on: (day: Day) => readonly Rate[];
}

export function createRates(all: readonly Rate[]): Rates {
  const series = new Map<string, Rate[]>();
  const keyOf = ({ market, category }: Pick<Rate, 'market' | 'category'>): string => `${category} ${market}`;
  for (const rate of all) series.set(keyOf(rate), [...(series.get(keyOf(rate)) ?? []), rate]);
  for (const some of series.values()) some.sort((a, b) => (a.since < b.since ? 1 : -1));
  const inForce = (some: readonly Rate[] | undefined, day: Day): Rate | undefined =>
    some?.find(({ since }) => since <= day);
  return {
    of: (market, category, day) => inForce(series.get(keyOf({ market, category })), day),
    on: (day) =>
      [...series.values()]
        .flatMap((some) => inForce(some, day) ?? [])
        .sort((a, b) => (a.market === b.market ? compare(a.category, b.category) : compare(a.market, b.market))),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Where a card has no own price for authentication from abroad, the plain one holds. */
export const rateFor = (rates: Rates, market: string, category: Category, day: Day): Rate | undefined =>
  rates.of(market, category, day) ??
  (category === 'authentication_international' ? rates.of(market, 'authentication', day) : undefined);

export interface RateChange extends Rate {
  /** What would have held from that day on; undefined = nothing. */
  readonly before: Micros | undefined;
}

/** What an import changes: rates that are new or another amount than what holds on their day. */
export function changesOf(known: Rates, read: readonly Rate[]): RateChange[] {
  return read.flatMap((rate) => {
    const holds = known.of(rate.market, rate.category, rate.since);
    return holds?.amount === rate.amount ? [] : [{ ...rate, before: holds?.amount }];
  });
}

/** The first of these that would change a day that has passed: those keep the rates they had. */
export const changesThePast = (changes: readonly RateChange[], today: Day): RateChange | undefined =>
  changes.find(({ since, before }) => since < today && before !== undefined);

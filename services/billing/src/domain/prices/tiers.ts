import { groupedBy } from '../grouped-by.js';
import { type Micros, smaller } from '../money.js';
import { type Day } from './day.js';
import { type Category } from './rates.js';

/**
 * Volume tiers (BL-10): the more messages of a market and category Meta charges to a business portfolio in a month, the less
 * the next one costs. Marginal: a message costs what the tier of its own position says, whatever comes behind it.
 */

/** Meta has no tiers for the others. */
export const tieredCategories: readonly Category[] = ['utility', 'authentication', 'authentication_international'];
export const isTiered = (category: Category): boolean => tieredCategories.includes(category);

export interface Tier {
  /** Position in the month of the first message that costs this: 1, 2, 3 … */
  readonly from: number;
  readonly amount: Micros;
}

/** All tiers of a market and category from a day on. */
export interface TierTable {
  readonly market: string;
  readonly category: Category;
  /** The first of a month, so that every month has one table. */
  readonly since: Day;
  /** From the first message on, none missing. */
  readonly tiers: readonly Tier[];
}

export interface TierTables {
  /** The tiers in force; none where none were imported. */
  readonly of: (market: string, category: Category, day: Day) => readonly Tier[];
  /** All tables that are in force on a day. */
  readonly on: (day: Day) => readonly TierTable[];
}

export function createTierTables(all: readonly TierTable[]): TierTables {
  const keyOf = (market: string, category: Category): string => `${category} ${market}`;
  const series = groupedBy(all, ({ market, category }) => keyOf(market, category));
  for (const some of series.values()) some.sort((a, b) => (a.since < b.since ? 1 : -1));
  const inForce = (some: readonly TierTable[] | undefined, day: Day): TierTable | undefined =>
    some?.find(({ since }) => since <= day);
  return {
    of: (market, category, day) => inForce(series.get(keyOf(market, category)), day)?.tiers ?? [],
    on: (day) => [...series.values()].flatMap((some) => inForce(some, day) ?? []),
  };
}

/** What the message at a position costs; undefined where there are no tiers. */
export const tierAt = (tiers: readonly Tier[], position: number): Micros | undefined =>
  tiers.findLast(({ from }) => from <= position)?.amount;

/** A tier holds where it is lower than the list price. */
export const withTier = (rate: Micros, tier: Micros | undefined): Micros =>
  tier === undefined ? rate : smaller(rate, tier);

/** What so many messages cost from a position on, each by its own tier; a list price is never exceeded. */
export function marginalCost(tiers: readonly Tier[], rate: Micros, position: number, count: number): Micros {
  if (tiers.length === 0) return rate * BigInt(count);
  const end = position + count;
  return tiers.reduce((sum, { from, amount }, index) => {
    const first = Math.max(position, from);
    const behind = Math.min(end, tiers[index + 1]?.from ?? end);
    return behind > first ? sum + smaller(rate, amount) * BigInt(behind - first) : sum;
  }, 0n);
}

export interface TierChange extends Omit<TierTable, 'tiers'> {
  readonly from: number;
  /** What the message at this position would have cost by an older table; undefined = there was none. */
  readonly before: Micros | undefined;
  readonly amount: Micros;
}

/** What an import changes: at every position where a tier of either side begins, what is not as it was. */
export function tierChangesOf(known: TierTables, read: readonly TierTable[]): TierChange[] {
  return read.flatMap(({ market, category, since, tiers }) => {
    const before = known.of(market, category, since);
    const beginnings = [...new Set([...before, ...tiers].map(({ from }) => from))].sort((a, b) => a - b);
    return beginnings.flatMap((from) => {
      const [was, amount] = [tierAt(before, from), tierAt(tiers, from)];
      return amount === undefined || was === amount ? [] : [{ market, category, since, from, before: was, amount }];
    });
  });
}

import { invalid } from '@switchboard/errors';
import { readCard } from '../domain/prices/card.js';
import { type Day, utcDayOf } from '../domain/prices/day.js';
import { type LineProblem } from '../domain/prices/line-problem.js';
import {
  changesOf,
  changesThePast,
  createRates,
  type Rate,
  type RateChange,
  type Rates,
} from '../domain/prices/rates.js';
import { createTierTables, type TierChange, tierChangesOf, type TierTables } from '../domain/prices/tiers.js';
import { type Clock, type RateStore, type TierStore } from './ports.js';

/** All that prices come from. */
export interface PriceBook {
  readonly rates: Rates;
  readonly tiers: TierTables;
}

export interface Imported {
  readonly lines: number;
  readonly changes: readonly RateChange[];
  readonly tierChanges: readonly TierChange[];
  readonly problems: readonly LineProblem[];
}

/** Rates change rarely; another process may have imported some. */
const MAX_AGE_MS = 10_000;

export type PriceBooks = ReturnType<typeof createPriceBooks>;

/** The shipped card, and over it what was imported: rates (BL-2), and volume tiers, of which none is shipped (BL-10). */
export function createPriceBooks(deps: {
  store: RateStore;
  tierStore: TierStore;
  shipped: readonly Rate[];
  now: Clock;
}) {
  const { store, tierStore, shipped, now } = deps;
  let known: { readonly book: PriceBook; readonly at: number } | undefined;

  async function load(): Promise<PriceBook> {
    const at = now().getTime();
    const [imported, tables] = await Promise.all([store.all(), tierStore.all()]);
    const isImported = new Set(imported.map(keyOf));
    const rates = createRates([...shipped.filter((rate) => !isImported.has(keyOf(rate))), ...imported]);
    const book = { rates, tiers: createTierTables(tables) };
    known = { book, at };
    return book;
  }

  return {
    current: async (): Promise<PriceBook> =>
      known && Math.abs(now().getTime() - known.at) < MAX_AGE_MS ? known.book : load(),

    async importCard(by: string, records: readonly (readonly string[])[], dryRun: boolean): Promise<Imported> {
      const { rates, tables, problems, lines } = readCard(records);
      if (problems.length > 0) return { lines, changes: [], tierChanges: [], problems };
      const book = await load();
      const changes = changesOf(book.rates, rates);
      const tierChanges = tierChangesOf(book.tiers, tables);
      const today = utcDayOf(now());
      const past = changesThePast(changes, today);
      if (past) throw pastRates(`${past.market} ${past.category} from ${past.since} is past and keeps its rate`);
      // Without tiers these days had their rates.
      const pastTier = tierChanges.find(({ since }) => since < today);
      if (pastTier) {
        const { market, category, since } = pastTier;
        throw pastRates(`tiers of ${market} ${category} from ${since} would change days that are past`);
      }
      if (!dryRun) {
        const isChanged = new Set(tierChanges.map(keyOf));
        await store.save(changes, now(), by);
        await tierStore.save(
          tables.filter((table) => isChanged.has(keyOf(table))),
          now(),
          by,
        );
        known = undefined;
      }
      return { lines, changes, tierChanges, problems };
    },
  };
}

const keyOf = ({ market, category, since }: { market: string; category: string; since: Day }): string =>
  `${since} ${category} ${market}`;

const pastRates = (what: string): Error =>
  invalid('billing.past-rates', [
    { field: 'csv', description: `${what}; leave the line out, or begin at a day to come` },
  ]);

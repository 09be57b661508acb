import { Failure, invalid } from '@switchboard/errors';
import { type Micros } from '../domain/money.js';
import { readCard, type LineProblem } from '../domain/prices/card.js';
import { type Day } from '../domain/prices/day.js';
import { type Markets, type Place } from '../domain/prices/markets.js';
import { isPaused } from '../domain/prices/policies.js';
import { type Price, priceOf, type Question } from '../domain/prices/price.js';
import {
  type Category,
  changesOf,
  changesThePast,
  createRates,
  type Rate,
  type RateChange,
  type Rates,
} from '../domain/prices/rates.js';
import { type Clock, type RateStore } from './ports.js';

/** Who gets a message. */
export interface Recipient {
  /** Digits; empty where the phone is hidden. */
  readonly phone: string;
  /** Meta's user id, which begins with the country; empty where it is not known. */
  readonly userId: string;
}

export interface PriceAsked {
  /** Digits; empty where the phone is hidden. */
  readonly phone: string;
  /** ISO 3166; empty = by the phone. */
  readonly country: string;
  readonly category: Category;
  readonly day: Day;
  readonly windowOpen: boolean;
  readonly freeEntry: boolean;
  readonly freeServiceLeft: number;
}

export interface Group {
  readonly country: string;
  readonly category: Category;
  readonly recipients: number;
  readonly windowsOpen: number;
}

export interface GroupQuote {
  readonly market: string;
  readonly price: Micros;
  readonly least: Micros;
  readonly most: Micros;
  readonly paused: number;
}

/** Rates change rarely; another process may have imported some. */
const MAX_AGE_MS = 10_000;

export type PriceUseCases = ReturnType<typeof createPriceUseCases>;

/** What messages cost: the shipped card, and over it what was imported (BL-2, BL-4). */
export function createPriceUseCases(deps: {
  store: RateStore;
  shipped: readonly Rate[];
  markets: Markets;
  /** The country of a phone of a shared calling code; empty when it tells none. */
  countryOf: (phone: string) => string;
  now: Clock;
}) {
  const { store, shipped, markets, countryOf, now } = deps;
  let known: { readonly rates: Rates; readonly at: number } | undefined;

  async function load(): Promise<Rates> {
    const at = now().getTime();
    const imported = await store.all();
    const isImported = new Set(imported.map(keyOf));
    const rates = createRates([...shipped.filter((rate) => !isImported.has(keyOf(rate))), ...imported]);
    known = { rates, at };
    return rates;
  }
  const current = async (): Promise<Rates> =>
    known && Math.abs(now().getTime() - known.at) < MAX_AGE_MS ? known.rates : load();

  function placeIn(phone: string, named: string, day: Day): Place {
    const country = named || countryOf(phone);
    // Countries of one calling code may be in several markets: the phone tells better.
    const { market } = phone === '' ? markets.ofCountry(country, day) : markets.ofPhone(phone, day);
    return { country, market };
  }

  return {
    /** The rates in force, for whoever charges. */
    current,

    /** Where a message goes to: of a hidden phone the user id tells it. */
    placeOf: ({ phone, userId }: Recipient, day: Day): Place =>
      placeIn(phone, phone === '' ? (/^([A-Z]{2})\./.exec(userId)?.[1] ?? '') : '', day),

    async getPrice(asked: PriceAsked): Promise<{ price: Price; market: string; country: string }> {
      const { phone, day } = asked;
      const { country, market } = placeIn(phone, asked.country, day);
      const { category, windowOpen, freeEntry, freeServiceLeft } = asked;
      const question: Question = {
        category,
        market,
        country,
        day,
        windowOpen,
        freeEntry,
        freeServiceLeft,
        tier: undefined,
      };
      return { price: priceOf(await current(), question), market, country };
    },

    /** At least: all that may be free is; at most: everything is delivered and charged. */
    async quote(groups: readonly Group[], day: Day): Promise<readonly GroupQuote[]> {
      const rates = await current();
      return groups.map((group) => {
        const { market } = markets.ofCountry(group.country, day);
        const costs = (windowOpen: boolean): Micros => {
          const { category, country } = group;
          const plain = { freeEntry: false, freeServiceLeft: 0, tier: undefined };
          const price = priceOf(rates, { category, country, market, day, windowOpen, ...plain });
          if (price.kind === 'known') return price.amount;
          throw rateMissing(market, category, day);
        };
        if (isPaused(group.country, group.category, day)) {
          return { market, price: 0n, least: 0n, most: 0n, paused: group.recipients };
        }
        const [outside, inside] = [costs(false), costs(true)];
        const open = BigInt(Math.min(group.windowsOpen, group.recipients));
        const most = inside * open + outside * (BigInt(group.recipients) - open);
        // The month's allowance may cover every service message.
        const least = group.category === 'service' ? 0n : most;
        return { market, price: outside, least, most, paused: 0 };
      });
    },

    async importRates(
      by: string,
      records: readonly (readonly string[])[],
      dryRun: boolean,
    ): Promise<{ lines: number; changes: readonly RateChange[]; problems: readonly LineProblem[] }> {
      const { rates: read, problems, lines } = readCard(records);
      if (problems.length > 0) return { lines, changes: [], problems };
      const changes = changesOf(await load(), read);
      const past = changesThePast(changes, now().toISOString().slice(0, 10));
      if (past) {
        throw invalid('billing.past-rates', [
          {
            field: 'csv',
            description: `${past.market} ${past.category} from ${past.since} is past and keeps its rate; leave the line out, or begin at a day to come`,
          },
        ]);
      }
      if (!dryRun) {
        await store.save(changes, now(), by);
        known = undefined;
      }
      return { lines, changes, problems };
    },

    listRates: async (day: Day, market: string): Promise<readonly Rate[]> =>
      (await current()).on(day).filter((rate) => market === '' || rate.market === market),
  };
}

const keyOf = ({ market, category, since }: Rate): string => `${since} ${category} ${market}`;

export const rateMissing = (market: string, category: string, day: Day): Failure =>
  new Failure(
    'invalid',
    'billing.rate-missing',
    `no rate of ${category} is known for ${market} on ${day}; import Meta's card of that day`,
  );

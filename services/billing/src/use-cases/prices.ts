import { Failure } from '@switchboard/errors';
import { type Micros } from '../domain/money.js';
import { type Day } from '../domain/prices/day.js';
import { type Markets, type Place } from '../domain/prices/markets.js';
import { isPaused } from '../domain/prices/policies.js';
import { type Price, priceOf, type Question } from '../domain/prices/price.js';
import { type Category, type Rate, type Rates } from '../domain/prices/rates.js';
import { marginalCost, type Tier, tierAt, type TierTable } from '../domain/prices/tiers.js';
import { type PriceBooks } from './price-book.js';
import { type VolumeUseCases } from './volumes.js';

/** Who gets a message. */
export interface Recipient {
  /** Digits; empty where the phone is hidden. */
  readonly phone: string;
  /** Meta's user id, which begins with the country; empty where it is not known. */
  readonly userId: string;
}

/** When, and within whose volume: the business portfolio's; empty = of nobody, whose next message is the first. */
export interface Moment {
  readonly day: Day;
  readonly at: Date;
  readonly portfolio: string;
}

export interface PriceAsked extends Moment {
  /** Digits; empty where the phone is hidden. */
  readonly phone: string;
  /** ISO 3166; empty = by the phone. */
  readonly country: string;
  readonly category: Category;
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

export type PriceUseCases = ReturnType<typeof createPriceUseCases>;

/** What messages cost: by the card of the day (BL-2, BL-4), and by the volume of the month (BL-10). */
export function createPriceUseCases(deps: {
  books: PriceBooks;
  volumes: Pick<VolumeUseCases, 'next'>;
  markets: Markets;
  /** The country of a phone of a shared calling code; empty when it tells none. */
  countryOf: (phone: string) => string;
}) {
  const { books, volumes, markets, countryOf } = deps;

  function placeIn(phone: string, named: string, day: Day): Place {
    const country = named || countryOf(phone);
    // Countries of one calling code may be in several markets: the phone tells better.
    const { market } = phone === '' ? markets.ofCountry(country, day) : markets.ofPhone(phone, day);
    return { country, market };
  }

  /** Where tiers are in force, the position of the next message; else nobody counts. */
  async function nextIn(tiers: readonly Tier[], market: string, category: Category, moment: Moment): Promise<number> {
    const { day, at, portfolio } = moment;
    if (tiers.length === 0 || portfolio === '') return 1;
    return volumes.next({ portfolio, market, category }, day.slice(0, 7), at);
  }

  return {
    /** The rates in force, for whoever charges. */
    current: async (): Promise<Rates> => (await books.current()).rates,
    book: books.current,
    importCard: (...asked: Parameters<PriceBooks['importCard']>) => books.importCard(...asked),

    /** Where a message goes to: of a hidden phone the user id tells it. */
    placeOf: ({ phone, userId }: Recipient, day: Day): Place =>
      placeIn(phone, phone === '' ? (/^([A-Z]{2})\./.exec(userId)?.[1] ?? '') : '', day),

    async getPrice(asked: PriceAsked): Promise<{ price: Price; market: string; country: string }> {
      const { phone, day, category, windowOpen, freeEntry, freeServiceLeft } = asked;
      const { country, market } = placeIn(phone, asked.country, day);
      const { rates, tiers } = await books.current();
      const table = tiers.of(market, category, day);
      const tier = tierAt(table, await nextIn(table, market, category, asked));
      const question: Question = { category, market, country, day, windowOpen, freeEntry, freeServiceLeft, tier };
      return { price: priceOf(rates, question), market, country };
    },

    /**
     * At least: all that may be free is; at most: everything is delivered and charged. Volume tiers are gone through message by
     * message, and the groups behind one another.
     */
    async quote(groups: readonly Group[], moment: Moment): Promise<readonly GroupQuote[]> {
      const { day } = moment;
      const { rates, tiers } = await books.current();
      const positions = new Map<string, number>();
      const quotes: GroupQuote[] = [];
      for (const { country, category, recipients, windowsOpen } of groups) {
        const { market } = markets.ofCountry(country, day);
        const costs = (windowOpen: boolean): Micros => {
          const plain = { freeEntry: false, freeServiceLeft: 0, tier: undefined };
          const price = priceOf(rates, { category, country, market, day, windowOpen, ...plain });
          if (price.kind === 'known') return price.amount;
          throw rateMissing(market, category, day);
        };
        if (isPaused(country, category, day)) {
          quotes.push({ market, price: 0n, least: 0n, most: 0n, paused: recipients });
          continue;
        }
        const [rate, inside] = [costs(false), costs(true)];
        const charged = recipients - (inside === 0n ? Math.min(windowsOpen, recipients) : 0);
        const table = tiers.of(market, category, day);
        const key = `${category} ${market}`;
        const position = positions.get(key) ?? (await nextIn(table, market, category, moment));
        positions.set(key, position + charged);
        const price = marginalCost(table, rate, position, 1);
        const most = marginalCost(table, rate, position, charged);
        // The month's allowance may cover every service message.
        quotes.push({ market, price, least: category === 'service' ? 0n : most, most, paused: 0 });
      }
      return quotes;
    },

    async listRates(
      day: Day,
      market: string,
    ): Promise<{ readonly rates: readonly Rate[]; readonly tables: readonly TierTable[] }> {
      const { rates, tiers } = await books.current();
      const isWanted = (of: { readonly market: string }): boolean => market === '' || of.market === market;
      return { rates: rates.on(day).filter(isWanted), tables: tiers.on(day).filter(isWanted) };
    },
  };
}

export const rateMissing = (market: string, category: string, day: Day): Failure =>
  new Failure(
    'invalid',
    'billing.rate-missing',
    `no rate of ${category} is known for ${market} on ${day}; import Meta's card of that day`,
  );

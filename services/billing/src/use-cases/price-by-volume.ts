import { type Category } from '../domain/prices/rates.js';
import { chargeOf } from '../domain/prices/reported.js';
import { tierAt } from '../domain/prices/tiers.js';
import { type AttemptNews, heldAs } from '../domain/settlement/settlement.js';
import { type PriceUseCases } from './prices.js';
import { type ChargedMessage, type VolumeUseCases } from './volumes.js';

/** What is told of an attempt, and within whose volume it counts. */
export interface NewsInVolume {
  /** Empty where nobody pays. */
  readonly wallet: string;
  readonly portfolio: string;
  readonly at: Date;
  readonly news: AttemptNews;
}

export type PriceByVolume = ReturnType<typeof createPriceByVolume>;

/**
 * Gives what Meta reports as delivered and charged the price of its volume tier, by its position in the month (BL-10). Only
 * where tiers are in force is anything counted.
 */
export function createPriceByVolume(deps: {
  prices: Pick<PriceUseCases, 'book'>;
  volumes: Pick<VolumeUseCases, 'positionsOf'>;
}) {
  const { prices, volumes } = deps;

  return async function priceByVolume(all: readonly NewsInVolume[]): Promise<readonly NewsInVolume[]> {
    const { rates, tiers } = await prices.book();

    /** What it is charged as; undefined when it is free, or nobody knows. */
    function categoryOf({ what, reported, message, day }: AttemptNews): Category | undefined {
      if (what !== 'delivered') return undefined;
      const about = { market: message.market, day, held: heldAs(message), tier: undefined };
      const charge = chargeOf(rates, reported, about);
      return charge.kind === 'charged' ? charge.category : undefined;
    }

    /** By attempt: more than one status may tell of the price. */
    const counted = new Map<string, ChargedMessage>();
    for (const { portfolio, at, news } of all) {
      const category = categoryOf(news);
      const { holdId: id, day, message } = news;
      const { market } = message;
      if (!category || portfolio === '' || counted.has(id) || tiers.of(market, category, day).length === 0) continue;
      counted.set(id, { id, portfolio, market, category, month: day.slice(0, 7), at });
    }
    if (counted.size === 0) return all;

    const positions = await volumes.positionsOf([...counted.values()]);
    return all.map((each) => {
      const [category, position] = [categoryOf(each.news), positions.get(each.news.holdId)];
      if (!category || position === undefined) return each;
      const tier = tierAt(tiers.of(each.news.message.market, category, each.news.day), position);
      return { ...each, news: { ...each.news, tier } };
    });
  };
}

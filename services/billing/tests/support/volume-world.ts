import { createAggregates, createMemoryStore } from '@switchboard/aggregates';
import { volumeAggregate } from '../../src/adapters/kafka/volume-aggregate.js';
import { shippedMarkets, shippedRates } from '../../src/domain/prices/shipped.js';
import { createRates } from '../../src/domain/prices/rates.js';
import { createTierTables, type Tier } from '../../src/domain/prices/tiers.js';
import { type AttemptNews, settlementOf } from '../../src/domain/settlement/settlement.js';
import { createPriceByVolume, type NewsInVolume } from '../../src/use-cases/price-by-volume.js';
import { createVolumeUseCases, type PositionStore } from '../../src/use-cases/volumes.js';
import { createMemoryPositions } from './pricing.js';

/** Processes that count the same portfolio: they share stores and nothing else. */

export const DAY = '2026-11-26';
export const NOON = new Date('2026-11-26T12:00:00Z');
const rates = createRates(shippedRates);

export function createWorld(tiers: readonly Tier[]) {
  const store = createMemoryStore();
  const positions = createMemoryPositions();
  const tables = createTierTables(
    tiers.length > 0 ? [{ market: 'Brazil', category: 'utility', since: '2026-10-01', tiers }] : [],
  );
  const made: { stop: () => Promise<void> }[] = [];
  let stale = 0;

  return {
    store,
    staleCounts: () => stale,
    /** `through` may fail where a process would be killed. */
    process(through: (store: PositionStore) => PositionStore = (same) => same) {
      const volumes = createAggregates({ definition: volumeAggregate, store, publish: () => Promise.resolve() });
      made.push(volumes);
      const observer = { stale: () => void (stale += 1) };
      const useCases = createVolumeUseCases({ volumes, positions: through(positions), observer, keep: 0 });
      const book = () => Promise.resolve({ rates, tiers: tables });
      const priceByVolume = createPriceByVolume({ prices: { book }, volumes: useCases });
      return {
        volumes: useCases,
        /** What each piece of news makes its message cost; undefined where it tells of no price. */
        hear: async (all: readonly NewsInVolume[]): Promise<(readonly [string, bigint | undefined])[]> =>
          (await priceByVolume(all)).map(({ news }) => [news.holdId, settlementOf(rates, news)?.amount] as const),
      };
    },
    stop: () => Promise.all(made.map((each) => each.stop())),
  };
}

export function delivered(
  id: string,
  more: Partial<AttemptNews> = {},
  about: Partial<NewsInVolume> = {},
): NewsInVolume {
  const { country, market } = shippedMarkets.ofPhone('5511987654321', DAY);
  const message = { number: '1', brand: 'b', country, market, category: 'utility', userInitiated: false };
  const reported = { type: 'regular', category: 'utility', billable: true };
  const news = {
    holdId: id,
    what: 'delivered',
    isHeld: true,
    doubled: false,
    at: NOON,
    day: DAY,
    tier: undefined,
  } as const;
  return { wallet: 'w', portfolio: '20', at: NOON, ...about, news: { ...news, reported, message, ...more } };
}

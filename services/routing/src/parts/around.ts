import { createBrands } from '../adapters/kafka/brands.js';
import { createBotStore } from '../adapters/mongo/bots.js';
import { createBrandFlows } from '../adapters/mongo/brand-settings.js';
import { monotonic } from '../adapters/node/machine.js';
import { createLookAround } from '../use-cases/threads/around.js';
import { createCurrentBots } from '../use-cases/bots/current-bots.js';
import { createFlows } from '../use-cases/settings/flows.js';
import type { Ground } from './ground.js';
import type { ThreadParts } from './threads.js';

export type AroundParts = ReturnType<typeof aroundParts>;

/** What holds around the inputs of threads: settings of brands, bots of numbers. */
export function aroundParts({ connection, brandTable, metrics, now }: Ground, { numbers }: ThreadParts) {
  const brandFlows = createBrandFlows(connection);
  const botStore = createBotStore(connection);
  const flows = createFlows({ store: brandFlows, monotonic, observe: { read: metrics.flowRead } });
  const bots = createCurrentBots({ store: botStore, numbers, monotonic });
  const brandName = (brandId: string): string => brandTable.get(brandId)?.name ?? '';
  return {
    brands: createBrands(brandTable),
    brandName,
    brandFlows,
    flows,
    botStore,
    bots,
    lookAround: createLookAround({ flows, bots, brandName, now }),
  };
}

import { type TierTable } from '../../src/domain/prices/tiers.js';
import { type TierStore } from '../../src/use-cases/ports.js';
import { type PositionStore, type VolumeUseCases } from '../../src/use-cases/volumes.js';

/** In-memory twins of what prices by volume need. */

export const noTiers: TierStore = { all: () => Promise.resolve([]), save: () => Promise.resolve() };
export const noVolumes: Pick<VolumeUseCases, 'next'> = {
  next: () => Promise.reject(new Error('nobody counts where there are no tiers')),
};

export function createMemoryTiers(): TierStore {
  const tables = new Map<string, TierTable>();
  return {
    all: () => Promise.resolve([...tables.values()]),
    save(some) {
      for (const table of some) tables.set(`${table.since} ${table.category} ${table.market}`, table);
      return Promise.resolve();
    },
  };
}

export function createMemoryPositions(): PositionStore {
  const positions = new Map<string, number>();
  return {
    find: (ids) =>
      Promise.resolve(
        new Map(
          ids.flatMap((id) => {
            const position = positions.get(id);
            return position === undefined ? [] : [[id, position] as const];
          }),
        ),
      ),
    save(some) {
      for (const { id, position } of some) if (!positions.has(id)) positions.set(id, position);
      return Promise.resolve();
    },
  };
}

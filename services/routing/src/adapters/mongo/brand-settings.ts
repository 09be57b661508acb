import { type IndexSpec, isDuplicate, translated } from '@switchboard/mongo';
import type { Connection } from 'mongoose';
import type { BrandFlows, SettingsVersion } from '../../use-cases/settings/ports.js';

type SettingsDocument = SettingsVersion & { _id: string };

const BRAND_SETTINGS = 'brand_settings';
/** A version may be large, and most readers want the first few. */
const BATCH = 5;

export const brandSettingsIndexes: readonly IndexSpec[] = [
  { collection: BRAND_SETTINGS, key: { brandId: 1, version: -1 } },
];

export function createBrandFlows(connection: Connection): BrandFlows {
  const collection = connection.collection<SettingsDocument>(BRAND_SETTINGS);
  const majority = { readConcern: 'majority' } as const;

  return {
    newerThan: (known) =>
      translated(async () => {
        if (known.length === 0) return [];
        // Answered by the index alone, and nearly always with nothing.
        const newer = await collection
          .find(
            { $or: known.map(({ brandId, version }) => ({ brandId, version: { $gt: version } })) },
            { ...majority, projection: { _id: 0, brandId: 1, version: 1 } },
          )
          .toArray();
        if (newer.length === 0) return [];
        const newest = new Map<string, number>();
        for (const { brandId, version } of newer) newest.set(brandId, Math.max(version, newest.get(brandId) ?? 0));
        const ids = [...newest].map(([brandId, version]) => idOf(brandId, version));
        return (await collection.find({ _id: { $in: ids } }, majority).toArray()).map(fromDocument);
      }),
    find: (brandId, version) =>
      translated(async () => {
        const found = await collection.findOne({ _id: idOf(brandId, version) }, majority);
        return found ? fromDocument(found) : undefined;
      }),
    async *versions(brandId, before) {
      const filter = { brandId, version: { $lt: before ?? Number.MAX_SAFE_INTEGER } };
      const cursor = collection.find(filter, { ...majority, sort: { version: -1 }, batchSize: BATCH });
      try {
        for (;;) {
          const next = await translated(() => cursor.next());
          if (!next) return;
          yield fromDocument(next);
        }
      } finally {
        await cursor.close();
      }
    },
    save: (next) =>
      translated(async () => {
        const { brandId, version } = next;
        // Versions are never taken away, so the one before can be looked for ahead of the write; of two that come at
        // once the id lets one win.
        const isNext =
          version === 1 || (await collection.countDocuments({ _id: idOf(brandId, version - 1) }, majority)) > 0;
        if (!isNext) return false;
        try {
          await collection.insertOne({ _id: idOf(brandId, version), ...next });
          return true;
        } catch (error) {
          if (isDuplicate(error)) return false;
          throw error;
        }
      }),
  };
}

const idOf = (brandId: string, version: number): string => `${brandId}:${version}`;

const fromDocument = ({ brandId, version, settings, changedAt, changedBy }: SettingsDocument): SettingsVersion => ({
  brandId,
  version,
  settings,
  changedAt,
  changedBy,
});

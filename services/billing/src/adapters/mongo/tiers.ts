import { translated } from '@switchboard/mongo';
import { type Connection } from 'mongoose';
import { type TierTable } from '../../domain/prices/tiers.js';
import { type TierStore } from '../../use-cases/ports.js';

interface TierDocument extends TierTable {
  _id: string;
  importedAt: Date;
  importedBy: string;
}

const MAJORITY = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 } } as const;

/** Tables of volume tiers that were imported; few hundred, read whole. */
export function createTierStore(connection: Connection): TierStore {
  const tables = connection.collection<TierDocument>('tiers');
  return {
    all: () =>
      translated(async () => {
        const options = { readConcern: 'majority', useBigInt64: true, maxTimeMS: 10_000 } as const;
        const found = await tables.find({}, options).toArray();
        return found.map(({ market, category, since, tiers }) => ({
          market,
          category,
          since,
          tiers: tiers.map(({ from, amount }) => ({ from: Number(from), amount })),
        }));
      }),
    save: (some, at, by) =>
      translated(async () => {
        if (some.length === 0) return;
        const operations = some.map((table) => {
          const _id = `${table.since} ${table.category} ${table.market}`;
          const replacement = { ...table, importedAt: at, importedBy: by };
          return { replaceOne: { filter: { _id }, replacement, upsert: true } };
        });
        await tables.bulkWrite(operations, { ordered: true, ...MAJORITY });
      }),
  };
}

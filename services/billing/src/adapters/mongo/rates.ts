import { translated } from '@switchboard/mongo';
import { type Connection } from 'mongoose';
import { type Rate } from '../../domain/prices/rates.js';
import { type RateStore } from '../../use-cases/ports.js';

interface RateDocument extends Rate {
  _id: string;
  importedAt: Date;
  importedBy: string;
}

const MAJORITY = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 } } as const;

/** Rates that were imported; few thousand, read whole. */
export function createRateStore(connection: Connection): RateStore {
  const rates = connection.collection<RateDocument>('rates');
  return {
    all: () =>
      translated(async () => {
        const found = await rates.find({}, { readConcern: 'majority', useBigInt64: true, maxTimeMS: 10_000 }).toArray();
        return found.map(({ market, category, since, amount }) => ({ market, category, since, amount }));
      }),
    save: (some, at, by) =>
      translated(async () => {
        if (some.length === 0) return;
        const operations = some.map((rate) => {
          const _id = `${rate.since} ${rate.category} ${rate.market}`;
          const { market, category, since, amount } = rate;
          const replacement = { market, category, since, amount, importedAt: at, importedBy: by };
          return { replaceOne: { filter: { _id }, replacement, upsert: true } };
        });
        await rates.bulkWrite(operations, { ordered: true, ...MAJORITY });
      }),
  };
}

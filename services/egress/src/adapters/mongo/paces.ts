import { translated } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { type Learnt, type Paces } from '../../use-cases/pace-ports.js';

interface PaceDocument extends Learnt {
  /** The number. */
  _id: string;
}

const PACE = 'pace';

/** One small document per number of which something was learnt; kept for ever. */
export function createPaces(connection: Connection): Paces {
  const collection: mongo.Collection<PaceDocument> = connection.collection<PaceDocument>(PACE);
  return {
    of: (numbers) =>
      translated(async () => {
        const found = await collection.find({ _id: { $in: [...numbers] } }).toArray();
        return new Map(found.map(({ _id, ...learnt }) => [_id, learnt]));
      }),
    note: (number, { level, cut, stop }) =>
      translated(async () => {
        const set = {
          ...(level && { level: latest('level', level) }),
          ...(cut && { cut: latest('cut', cut) }),
          ...(stop && { stop: latest('stop', stop) }),
        };
        await collection.updateOne({ _id: number }, [{ $set: set }], { upsert: true });
      }),
  };
}

const latest = (field: string, news: { readonly at: Date }) => ({
  $cond: [{ $gt: [news.at, { $ifNull: [`$${field}.at`, new Date(0)] }] }, { $literal: news }, `$${field}`],
});

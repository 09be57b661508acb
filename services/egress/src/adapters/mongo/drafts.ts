import { translated } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { type Drafts } from '../../use-cases/media/ports.js';

interface DraftDocument {
  readonly _id: string;
  readonly at: Date;
  readonly isGivenUp?: boolean;
}

/** There are only as many as there are writes under way, and what killed processes left: no index is needed. */
export function createDrafts(connection: Connection, now: () => Date): Drafts {
  const collection: mongo.Collection<DraftDocument> = connection.collection<DraftDocument>('drafts');
  return {
    begin: (object) =>
      translated(async () => {
        await collection.insertOne({ _id: object, at: now() });
      }),
    renew: (object) =>
      translated(async () => {
        const open = { _id: object, isGivenUp: { $exists: false } };
        return (await collection.updateOne(open, { $set: { at: now() } })).matchedCount > 0;
      }),
    end: (object) =>
      translated(async () => {
        await collection.deleteOne({ _id: object });
      }),
    abandoned: (before) =>
      translated(async () => {
        await collection.updateMany({ at: { $lt: before } }, { $set: { isGivenUp: true } });
        const found = await collection.find({ isGivenUp: true }, { projection: { _id: 1 } }).toArray();
        return found.map(({ _id }) => _id);
      }),
  };
}

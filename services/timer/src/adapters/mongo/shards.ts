import { isDuplicate, translated } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { type ReferenceClock, type Shards } from '../../use-cases/ports.js';

interface ShardDocument {
  /** The partition of `timer.commands`. */
  _id: number;
  epoch: number;
  /** For whoever looks; nothing depends on it. */
  owner: string;
  takenAt: Date;
}

export const SHARDS = 'shards';

export function createShards(connection: Connection, owner: string): Shards {
  const collection: mongo.Collection<ShardDocument> = connection.collection<ShardDocument>(SHARDS);

  return {
    take: (number) =>
      translated(async () => {
        for (;;) {
          try {
            const taken = await collection.findOneAndUpdate(
              { _id: number },
              { $inc: { epoch: 1 }, $set: { owner }, $currentDate: { takenAt: true } },
              { upsert: true, returnDocument: 'after' },
            );
            if (taken) return taken.epoch;
          } catch (error) {
            // Two made it at the same time: now it is there.
            if (!isDuplicate(error)) throw error;
          }
        }
      }),
    epochs: (numbers) =>
      translated(async () => {
        const found = await collection.find({ _id: { $in: [...numbers] } }, { projection: { epoch: 1 } }).toArray();
        return new Map(found.map(({ _id, epoch }) => [_id, epoch]));
      }),
  };
}

/** The clock of the database's leader. */
export const createReferenceClock = (connection: Connection): ReferenceClock => ({
  now: () =>
    translated(async () => {
      const { localTime } = await connection.getClient().db('admin').command({ hello: 1 });
      return (localTime as Date).getTime();
    }),
});

import { isDuplicate, translated } from '@switchboard/mongo';
import { type Connection } from 'mongoose';
import { type PositionStore } from '../../use-cases/volumes.js';

const MAJORITY = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 } } as const;

/** Positions by attempt: inserted once, whoever is first. */
export function createPositionStore(connection: Connection): PositionStore {
  const positions = connection.collection<{ _id: string; position: number }>('volume_positions');
  return {
    find: (ids) =>
      translated(async () => {
        const options = { readConcern: 'majority', maxTimeMS: 30_000 } as const;
        const found = await positions.find({ _id: { $in: [...ids] } }, options).toArray();
        return new Map(found.map(({ _id, position }) => [_id, position]));
      }),
    save: (some) =>
      translated(async () => {
        if (some.length === 0) return;
        const documents = some.map(({ id, position }) => ({ _id: id, position }));
        try {
          await positions.insertMany(documents, { ordered: false, ...MAJORITY });
        } catch (error) {
          // Another process, or this one before, has written some of them: positions never change.
          if (!isDuplicate(error)) throw error;
        }
      }),
  };
}

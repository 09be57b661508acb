import { isDuplicate, translated } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { LEASE_MS } from '../../domain/lease.js';
import { type Leases } from '../../use-cases/ports.js';

interface LeaseDocument {
  /** The partition. */
  _id: number;
  /** Null when it was released. */
  owner: string | null;
  /** Raised each time it is taken. */
  epoch: number;
  /** By the clock of the database, so that no two processes need agree on the time. */
  until: Date;
  /** Until then calls of an owner that was lost may be under way. */
  doubtUntil: Date;
  /** When it was taken. */
  takenAt: Date;
}

const LEASES = 'leases';
const longAgo = new Date(0);

/** `owner` names one life of one process. */
export function createLeases(
  connection: Connection,
  { owner, callTimeoutMs }: { readonly owner: string; readonly callTimeoutMs: number },
): Leases {
  const collection: mongo.Collection<LeaseDocument> = connection.collection<LeaseDocument>(LEASES);
  const inTime = { $add: ['$$NOW', LEASE_MS] };

  const taken = [
    {
      $set: {
        owner,
        epoch: { $add: ['$epoch', 1] },
        until: inTime,
        // Released and our own leave nothing behind; of any other a call may have begun just before it ran out.
        doubtUntil: {
          $cond: [
            { $in: ['$owner', [null, owner]] },
            '$doubtUntil',
            { $max: ['$doubtUntil', { $add: ['$until', callTimeoutMs] }] },
          ],
        },
        takenAt: '$$NOW',
      },
    },
  ];

  async function ensure(partition: number): Promise<void> {
    try {
      await collection.insertOne({
        _id: partition,
        owner: null,
        epoch: 0,
        until: longAgo,
        doubtUntil: longAgo,
        takenAt: longAgo,
      });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }

  return {
    take: (partition) =>
      translated(async () => {
        const isFree = { $or: [{ owner: null }, { owner }, { $expr: { $lte: ['$until', '$$NOW'] } }] };
        for (let attempt = 1; ; attempt += 1) {
          const lease = await collection.findOneAndUpdate({ _id: partition, ...isFree }, taken, {
            returnDocument: 'after',
          });
          if (lease) {
            const { epoch, doubtUntil, takenAt } = lease;
            return { kind: 'taken', epoch, doubtMs: Math.max(0, doubtUntil.getTime() - takenAt.getTime()) };
          }
          if (attempt > 1) return { kind: 'held' };
          await ensure(partition);
        }
      }),
    renew: (partitions) =>
      translated(async () => {
        const ours = { _id: { $in: [...partitions] }, owner };
        const { matchedCount } = await collection.updateMany(ours, [{ $set: { until: inTime } }]);
        if (matchedCount === partitions.length) return new Set(partitions);
        const left = await collection.find(ours, { projection: { _id: 1 } }).toArray();
        return new Set(left.map(({ _id }) => _id));
      }),
    release: (partition) =>
      translated(async () => {
        await collection.updateOne({ _id: partition, owner }, { $set: { owner: null } });
      }),
  };
}

import { duplicateIndexes, type IndexSpec, translated } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { type Write } from '../../domain/fold-commands.js';
import { nameOf } from '../../domain/timer.js';
import { type Glance, type Holder, type KeptTimer, type Settlement, type TimerStore } from '../../use-cases/ports.js';

interface TimerDocument {
  /** `owner/key`: the timers of an owner stand together. */
  _id: string;
  /** Shard. */
  s: number;
  /** When to look again: indexed, and never after `due`. A deadline that moves later leaves it behind. */
  ix: Date;
  /** The deadline. */
  due: Date;
  /** Version. */
  v: number;
  /** Epoch of the owner that wrote it last. */
  ep: number;
  /** Key of the fired event. */
  f: string;
  /** Payload. */
  p: Uint8Array;
  /** Headers that are passed on; null where there are none. */
  h: { org?: string; tp?: string } | null;
  /** Cancelled. */
  x: boolean;
}

type Operation = mongo.AnyBulkWriteOperation<TimerDocument>;

export const TIMERS = 'timers';

/** The one index beside `_id`; whatever is not in it moves without touching an index. */
export const timersIndexes: readonly IndexSpec[] = [{ collection: TIMERS, key: { s: 1, ix: 1 } }];

const PAGE = 5_000;

export function createTimerStore(connection: Connection): TimerStore {
  const collection = connection.collection<TimerDocument>(TIMERS);

  return {
    apply: (holder, writes) =>
      translated(async () => {
        if (writes.length === 0) return { made: 0, changed: 0 };
        const operations = writes.map((write) => toOperation(holder, write));
        const { upsertedCount, matchedCount } = await ignoringDuplicates(() =>
          collection.bulkWrite(operations, { ordered: false }),
        );
        return { made: upsertedCount, changed: matchedCount };
      }),

    async *scan(shard, from, until) {
      const span = { ...(Number.isFinite(from) && { $gte: new Date(from) }), $lt: new Date(until) };
      const cursor = collection
        .find({ s: shard, ix: span }, { projection: { _id: 1, due: 1, v: 1, ix: 1 } })
        .sort({ ix: 1 })
        .batchSize(PAGE);
      try {
        while (await translated(() => cursor.hasNext())) yield cursor.readBufferedDocuments(PAGE).map(toGlance);
      } finally {
        await cursor.close().catch(() => undefined);
      }
    },

    read: (ids) =>
      translated(async () => {
        const found = await collection.find({ _id: { $in: [...ids] } }).toArray();
        return found.map(fromDocument);
      }),

    settle: (settlements) =>
      translated(async () => {
        if (settlements.length === 0) return 0;
        const { deletedCount } = await collection.bulkWrite(settlements.map(toSettlement), { ordered: false });
        return deletedCount;
      }),

    count: (shard) => translated(() => collection.countDocuments({ s: shard })),

    list: (owner, { prefix, after, limit }) =>
      translated(async () => {
        const begin = `${owner}/${prefix}`;
        const span = {
          // An owner's ids end before the character that follows the slash; with a prefix, where it ends.
          ...(after === undefined ? { $gte: begin } : { $gt: `${owner}/${after}` }),
          $lt: prefix === '' ? `${owner}0` : `${begin}\u{10ffff}`,
        };
        const found = await collection.find({ _id: span, x: false }).sort({ _id: 1 }).limit(limit).toArray();
        return found.map(fromDocument);
      }),
  };
}

/** One conditional write: only over a lower version, and not over what a later owner has written. */
function toOperation({ number, epoch }: Holder, { id, version, due, content, isCancelled }: Write): Operation {
  const filter = { _id: id, v: { $lt: version }, ep: { $lte: epoch } };
  const $min = { ix: new Date(due) };
  const moved = { v: version, ep: epoch };
  if (!content) {
    // Cancelling keeps an earlier deadline; the document is taken away when that comes.
    const update = isCancelled
      ? { $set: { ...moved, x: true }, $min: { ...$min, due: new Date(due) } }
      : { $set: { ...moved, due: new Date(due) }, $min };
    return { updateOne: { filter: { ...filter, x: false }, update } };
  }
  const { firedKey, payload, org, traceparent } = content;
  const hasHeaders = org !== undefined || traceparent !== undefined;
  // Everything is set, also what is not there: taking fields away would be more work for the database.
  const $set = {
    ...moved,
    due: new Date(due),
    f: firedKey,
    p: payload,
    h: hasHeaders ? { ...(org !== undefined && { org }), ...(traceparent !== undefined && { tp: traceparent }) } : null,
    x: isCancelled,
  };
  const update = { $set, $min, $setOnInsert: { s: number } };
  return { updateOne: { filter, update, upsert: true } };
}

function toSettlement({ holder, id, version, lookAgain }: Settlement): Operation {
  const filter = { _id: id, v: version, ep: { $lte: holder.epoch } };
  if (lookAgain === undefined) return { deleteOne: { filter } };
  return { updateOne: { filter, update: { $set: { ix: new Date(lookAgain) } } } };
}

/** A duplicate key is a timer whose version is not lower: what was to be written is older than what is there. */
async function ignoringDuplicates(
  write: () => Promise<mongo.BulkWriteResult>,
): Promise<Pick<mongo.BulkWriteResult, 'upsertedCount' | 'matchedCount'>> {
  try {
    return await write();
  } catch (error) {
    if (duplicateIndexes(error) === null) throw error;
    return (error as mongo.MongoBulkWriteError).result;
  }
}

const toGlance = ({ _id, v, due, ix }: Pick<TimerDocument, '_id' | 'v' | 'due' | 'ix'>): Glance => ({
  id: _id,
  version: v,
  due: due.getTime(),
  lookAgain: ix.getTime(),
});

function fromDocument({ _id, s, due, v, ep, f, p, h, x }: TimerDocument): KeptTimer {
  return {
    id: _id,
    ...nameOf(_id),
    shard: s,
    version: v,
    due: due.getTime(),
    epoch: ep,
    firedKey: f,
    payload: p,
    isCancelled: x,
    ...(h?.org !== undefined && { org: h.org }),
    ...(h?.tp !== undefined && { traceparent: h.tp }),
  };
}

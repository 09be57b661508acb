import { Failure } from '@switchboard/errors';
import { type IndexSpec, translated, translateMongoError } from '@switchboard/mongo';
import { mongo, type Collection, type Connection } from 'mongoose';
import {
  reservedFields,
  type AggregateStore,
  type AggregateWrite,
  type Hole,
  type OutEntry,
  type StoredAggregate,
  type WriteOutcome,
} from './store.js';

/** Short names, because they are written with every event. */
interface EntryDocument {
  seq: number;
  /** Absent for own events. */
  i?: number;
  /** Code, offset, partition. Absent when a command caused it; then `w`, when it was written. */
  c?: [string, number, number];
  w?: Date;
  to: string;
  k: string;
  t: string;
  id: string;
  at: Date;
  h?: Readonly<Record<string, string>>;
  b: Uint8Array;
}

interface AggregateDocument {
  _id: string;
  v: number;
  seq: number;
  sub?: number;
  src?: Record<string, number>;
  out: EntryDocument[];
  outAt: Date | null;
  holes?: Hole[];
  gone?: boolean;
  wipe?: { at: Date; seq: number };
  [field: string]: unknown;
}

const DUPLICATE_KEY = 11_000;
const MAJORITY = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 } } as const;
/** What was written as a bigint, money above all, is read as one; numbers are never written as 64-bit integers. */
const READ = { readConcern: 'majority', promoteBuffers: true, useBigInt64: true } as const;
/** The server gives up on a query after this. */
const MAX_QUERY_MS = 10_000;

/** The indexes of one collection of aggregates; both are empty in the steady state. For `ensureIndexes`. */
export const mongoStoreIndexes = (name: string): readonly IndexSpec[] => [
  { collection: name, key: { outAt: 1 }, options: { partialFilterExpression: { outAt: { $type: 'date' } } } },
  { collection: name, key: { 'wipe.at': 1 }, options: { partialFilterExpression: { 'wipe.at': { $type: 'date' } } } },
];

/** Aggregates in one MongoDB collection, each in one document. Needs `mongoStoreIndexes`. */
export function createMongoStore(connection: Connection, name: string): AggregateStore {
  const collection: Collection<AggregateDocument> = connection.collection<AggregateDocument>(name);

  async function write(writes: readonly AggregateWrite[]): Promise<WriteOutcome> {
    try {
      const result = await collection.bulkWrite(writes.map(toOperation), { ordered: false, ...MAJORITY });
      return { lost: [], refused: new Map(), inserted: result.upsertedCount };
    } catch (error) {
      return outcomeOf(error);
    }
  }

  return {
    write,
    find: (ids) =>
      translated(async () => {
        const options = { ...READ, maxTimeMS: MAX_QUERY_MS };
        const documents = await collection.find({ _id: { $in: [...ids] } }, options).toArray();
        return documents.map(fromDocument);
      }),
    clear: (at) =>
      translated(async () => {
        const operations = at.map(({ id, version }) => ({
          updateOne: { filter: { _id: id, v: version }, update: { $set: { out: [], outAt: null } } },
        }));
        await collection.bulkWrite(operations, { ordered: false, ...MAJORITY });
      }),
    leftovers: (before, limit) =>
      translated(async () => {
        // Without $type the partial index is not used.
        const filter = { outAt: { $lt: new Date(before), $type: 'date' as const } };
        const options = { ...READ, maxTimeMS: MAX_QUERY_MS, limit };
        return (await collection.find(filter, options).sort({ outAt: 1 }).toArray()).map(fromDocument);
      }),
    graves: {
      bury: (id, version, wipeAt) =>
        translated(async () => {
          const found = await collection.findOne({ _id: id, v: version }, { projection: { seq: 1, sub: 1, src: 1 } });
          if (!found) return false;
          const tombstone = {
            v: version + 1,
            seq: found.seq,
            sub: found.sub ?? 0,
            src: found.src ?? {},
            out: [],
            outAt: null,
            gone: true,
            wipe: { at: new Date(wipeAt), seq: found.seq },
          };
          const { matchedCount } = await collection.replaceOne({ _id: id, v: version }, tombstone, MAJORITY);
          return matchedCount === 1;
        }),
      due: (now, limit) =>
        translated(async () => {
          const filter = { 'wipe.at': { $lte: new Date(now), $type: 'date' as const } };
          const options = { projection: { wipe: 1 }, limit, maxTimeMS: MAX_QUERY_MS };
          const documents = await collection.find(filter, options).toArray();
          return documents.map(({ _id, wipe }) => ({ id: _id, upTo: wipe?.seq ?? 0 }));
        }),
      settle: (id) =>
        translated(async () => {
          await collection.updateOne({ _id: id }, { $unset: { wipe: true } }, MAJORITY);
        }),
    },
  };
}

/**
 * Losers name themselves by a duplicate `_id`; the others were applied. A duplicate in an index of the service's own,
 * or a document that is too large, can never be written. Anything else: unknown.
 */
function outcomeOf(error: unknown): WriteOutcome {
  const translation = translateMongoError(error);
  if (translation !== error || !(error instanceof mongo.MongoBulkWriteError)) throw translation;
  const lost: number[] = [];
  const refused = new Map<number, Error>();
  for (const one of [error.writeErrors].flat()) {
    if (one.code !== DUPLICATE_KEY) refused.set(one.index, new Error(one.errmsg ?? 'the write was refused'));
    else if ((one.errmsg ?? '').includes('index: _id_')) lost.push(one.index);
    else
      refused.set(one.index, new Failure('conflict', 'aggregates.duplicate', 'a value that must be unique is taken'));
  }
  if (lost.length + refused.size === 0) throw error;
  return { lost, refused, inserted: error.result.upsertedCount };
}

function toOperation(write: AggregateWrite): mongo.AnyBulkWriteOperation<AggregateDocument> {
  const $set: Record<string, unknown> = { v: write.expected + 1, seq: write.sequence, sub: write.index };
  for (const code in write.src) $set[`src.${code}`] = write.src[code];
  for (const field in write.set) $set[field] = write.set[field];
  $set['out'] = write.out.map(toEntry);
  // Always in the $set: a committer that read before a clear writes the entries back, and must write the flag too.
  $set['outAt'] = write.outAt === null ? null : new Date(write.outAt);
  if (write.holes) $set['holes'] = write.holes;
  const $unset: Record<string, true> = write.revived ? { gone: true } : {};
  for (const field of write.unset) $unset[field] = true;
  const $push: Record<string, { $each: unknown[]; $slice: number }> = {};
  for (const field in write.append) {
    const { values = [], keep = 0 } = write.append[field] ?? {};
    $push[field] = { $each: [...values], $slice: -keep };
  }
  const update: mongo.UpdateFilter<AggregateDocument> = { $set };
  // Names of the fields are a state's, which the types of the driver do not know.
  if (Object.keys($push).length > 0) update.$push = $push as mongo.PushOperator<AggregateDocument>;
  if (Object.keys($unset).length > 0) update.$unset = $unset;
  return { updateOne: { filter: { _id: write.id, v: write.expected }, update, upsert: true } };
}

function toEntry({ sequence, index, own, cause, writtenAt, event }: OutEntry): EntryDocument {
  const entry: EntryDocument = {
    seq: sequence,
    to: event.topic,
    k: event.key,
    t: event.type,
    id: event.id,
    at: event.time,
    b: event.value,
  };
  if (!own) entry.i = index;
  if (cause) entry.c = [cause.code, cause.offset, cause.partition];
  if (writtenAt !== undefined) entry.w = new Date(writtenAt);
  if (Object.keys(event.headers).length > 0) entry.h = event.headers;
  return entry;
}

function fromDocument(document: AggregateDocument): StoredAggregate {
  const state: Record<string, unknown> = {};
  for (const field in document) if (!reservedFields.has(field)) state[field] = document[field];
  return {
    id: document._id,
    version: document.v,
    sequence: document.seq,
    index: document.sub ?? 0,
    src: document.src ?? {},
    state,
    out: document.out.map(fromEntry),
    outAt: document.outAt?.getTime() ?? null,
    holes: document.holes ?? [],
    gone: document.gone ?? false,
  };
}

function fromEntry({ seq, i, c, w, to, k, t, id, at, h, b }: EntryDocument): OutEntry {
  return {
    sequence: seq,
    index: i ?? 0,
    own: i === undefined,
    event: { topic: to, key: k, type: t, id, time: at, headers: h ?? {}, value: b },
    ...(c ? { cause: { code: c[0], offset: c[1], partition: c[2] } } : {}),
    ...(w ? { writtenAt: w.getTime() } : {}),
  };
}

import { type IndexSpec, translated } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { type StoredFile } from '../../domain/media/file.js';
import { type FetchJob, type FetchList, type Files } from '../../use-cases/media/ports.js';

const FILES = 'files';

type FileDocument = Omit<StoredFile, 'fileId' | 'origin'> & {
  readonly _id: string;
  readonly origin?: StoredFile['origin'];
  /** While it is to be fetched. */
  readonly fetch?: {
    readonly partition: number;
    readonly due: Date;
    readonly tries: number;
    readonly sha256: string;
    readonly giveUpAt: Date;
  };
  /** What it was, for when it is asked for again. */
  readonly fetched?: FileDocument['fetch'];
};

export const filesIndexes: readonly IndexSpec[] = [
  // Only of files that are to be fetched; the rest of the collection does not weigh on it.
  {
    collection: FILES,
    key: { 'fetch.partition': 1, 'fetch.due': 1 },
    options: { partialFilterExpression: { fetch: { $exists: true } } },
  },
  {
    collection: FILES,
    key: { 'origin.number': 1 },
    options: { partialFilterExpression: { fetch: { $exists: true } } },
  },
  { collection: FILES, key: { object: 1 } },
];

/** Files, and of them those that are to be fetched: a work list in the documents themselves. */
export function createFiles(connection: Connection): Files & FetchList {
  const collection: mongo.Collection<FileDocument> = connection.collection<FileDocument>(FILES);
  const inWork = (partitions: readonly number[], without: readonly string[]) => ({
    fetch: { $exists: true },
    'fetch.partition': { $in: [...partitions] },
    ...(without.length > 0 && { _id: { $nin: [...without] } }),
  });

  return {
    insert: ({ fileId, origin, ...file }) =>
      translated(async () => {
        await collection.insertOne({ _id: fileId, ...file, ...(origin && { origin }) });
      }),
    find: (fileId) =>
      translated(async () => {
        const found = await collection.findOne({ _id: fileId });
        return found ? toFile(found) : undefined;
      }),
    usesObject: (object) =>
      translated(async () => (await collection.findOne({ object }, { projection: { _id: 1 } })) !== null),
    expect: (files) =>
      translated(async () => {
        if (files.length === 0) return;
        const operations = files.map(({ fileId, partition, origin, sha256, giveUpAt, createdAt, ...about }) => ({
          updateOne: {
            filter: { _id: fileId },
            update: {
              $setOnInsert: {
                ...about,
                origin,
                createdAt,
                sizeBytes: 0,
                sha256: '',
                state: 'fetching' as const,
                trouble: '',
                object: '',
                fetch: { partition, due: createdAt, tries: 0, sha256, giveUpAt },
              },
            },
            upsert: true,
          },
        }));
        await collection.bulkWrite(operations, { ordered: false });
      }),
    due: (partitions, now, { without, limit }) =>
      translated(async () => {
        const filter = { ...inWork(partitions, without), 'fetch.due': { $lte: now } };
        const found = await collection.find(filter).sort({ 'fetch.due': 1 }).limit(limit).toArray();
        return found.flatMap((each) => toJob(each) ?? []);
      }),
    nextDue: (partitions, without) =>
      translated(async () => {
        const [next] = await collection.find(inWork(partitions, without)).sort({ 'fetch.due': 1 }).limit(1).toArray();
        return next?.fetch?.due;
      }),
    postpone: (fileId, { until, tries, trouble }) =>
      translated(async () => {
        const change = { 'fetch.due': until, 'fetch.tries': tries, trouble };
        await collection.updateOne({ _id: fileId, fetch: { $exists: true } }, { $set: change });
      }),
    settle: (fileId, result) =>
      translated(async () => {
        const { matchedCount } = await collection.updateOne({ _id: fileId, fetch: { $exists: true } }, [
          { $set: { trouble: '', ...result, fetched: '$fetch' } },
          { $unset: 'fetch' },
        ]);
        return matchedCount > 0;
      }),
    again: (fileId, giveUpAt, due) =>
      translated(async () => {
        const found = await collection.findOneAndUpdate(
          { _id: fileId, state: 'unavailable', fetched: { $exists: true } },
          [
            { $set: { state: 'fetching', fetch: { $mergeObjects: ['$fetched', { due, giveUpAt, tries: 0 }] } } },
            { $unset: 'fetched' },
          ],
          { returnDocument: 'after' },
        );
        return found ? toFile(found) : undefined;
      }),
    job: (fileId) =>
      translated(async () => {
        const found = await collection.findOne({ _id: fileId });
        return found ? toJob(found) : undefined;
      }),
    hasten: (number, now) =>
      translated(async () => {
        await collection.updateMany(
          { 'origin.number': number, fetch: { $exists: true } },
          { $min: { 'fetch.due': now } },
        );
      }),
  };
}

function toFile({ _id, origin, ...document }: FileDocument): StoredFile {
  const { organisation, kind, mimeType, filename, sizeBytes, sha256, state, trouble, createdAt, object } = document;
  const about = { organisation, kind, mimeType, filename, sizeBytes, sha256, state, trouble, createdAt, object };
  return { fileId: _id, ...about, origin };
}

function toJob({ _id, origin, kind, mimeType, filename, fetch }: FileDocument): FetchJob | undefined {
  if (!origin || !fetch) return undefined;
  const { partition, sha256, tries, giveUpAt } = fetch;
  return { fileId: _id, partition, origin, kind, mimeType, filename, sha256, tries, giveUpAt };
}

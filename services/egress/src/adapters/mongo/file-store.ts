import { Failure } from '@switchboard/errors';
import { translated, translateMongoError } from '@switchboard/mongo';
import { type Connection, mongo } from 'mongoose';
import { pipeline } from 'node:stream/promises';
import { type FileStore } from '../../use-cases/media/ports.js';

const BUCKET = 'media';
/** About half a megabyte. The driver would ask for 16 MB of pieces at a time, and have them in memory twice. */
const SLICE_CHUNKS = 2;

/** Bytes in MongoDB itself, so that nothing else must run. Objects have their own names as ids. */
export function createGridFsStore(connection: Connection): FileStore {
  const database = (): mongo.Db => {
    if (!connection.db) throw new Failure('unavailable', 'mongo.unreachable', 'the database is not connected yet');
    return connection.db;
  };
  const bucket = (): mongo.GridFSBucket => new mongo.GridFSBucket(database(), { bucketName: BUCKET });
  const asId = (object: string): mongo.ObjectId => object as unknown as mongo.ObjectId;

  async function remove(object: string): Promise<void> {
    await database().collection<{ _id: string }>(`${BUCKET}.files`).deleteOne({ _id: object });
    // Without the file too: a write that was cut off leaves pieces alone.
    await database()
      .collection(`${BUCKET}.chunks`)
      .deleteMany({ files_id: asId(object) });
  }

  return {
    async write(object, content) {
      const upload = bucket().openUploadStreamWithId(asId(object), object);
      try {
        await pipeline(content, upload);
      } catch (error) {
        await remove(object).catch(() => undefined);
        throw translateMongoError(error);
      }
    },
    async *read(object, range) {
      try {
        const [file] = await bucket()
          .find({ _id: asId(object) })
          .toArray();
        if (!file) throw bytesMissing();
        const slice = SLICE_CHUNKS * file.chunkSize;
        const end = Math.min(file.length, (range?.to ?? Infinity) + 1);
        let start = range?.from ?? 0;
        while (start < end) {
          // The end is one that is not read any more.
          const next = Math.min(end, start - (start % slice) + slice);
          yield* bucket().openDownloadStream(asId(object), { start, end: next }) as AsyncIterable<Uint8Array>;
          start = next;
        }
      } catch (error) {
        if (error instanceof Failure) throw error;
        throw isMissing(error) ? bytesMissing(error) : translateMongoError(error);
      }
    },
    remove: (object) => translated(() => remove(object)),
  };
}

const isMissing = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'ENOENT';

const bytesMissing = (cause?: unknown): Failure =>
  new Failure('not-found', 'egress.media-bytes-missing', 'the store does not have the bytes of this file', { cause });

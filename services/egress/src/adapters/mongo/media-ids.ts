import { type IndexSpec, translated } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { type MediaIds } from '../../use-cases/media/ports.js';

interface MediaIdDocument {
  /** `number:fileId` */
  readonly _id: string;
  readonly mediaId: string;
  readonly until: Date;
}

const MEDIA_IDS = 'media_ids';

export const mediaIdsIndexes: readonly IndexSpec[] = [
  { collection: MEDIA_IDS, key: { until: 1 }, options: { expireAfterSeconds: 0 } },
];

/** Meta's ids of our files, per number, for as long as they live. */
export function createMediaIds(connection: Connection): MediaIds {
  const collection: mongo.Collection<MediaIdDocument> = connection.collection<MediaIdDocument>(MEDIA_IDS);
  return {
    find: (number, fileId, now) =>
      translated(async () => {
        const found = await collection.findOne({ _id: `${number}:${fileId}`, until: { $gt: now } });
        return found?.mediaId;
      }),
    keep: (number, fileId, mediaId, until) =>
      translated(async () => {
        await collection.updateOne({ _id: `${number}:${fileId}` }, { $set: { mediaId, until } }, { upsert: true });
      }),
    forget: (number, fileId) =>
      translated(async () => {
        await collection.deleteOne({ _id: `${number}:${fileId}` });
      }),
  };
}

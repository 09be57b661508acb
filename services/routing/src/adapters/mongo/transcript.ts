import { type IndexSpec, translated } from '@switchboard/mongo';
import type { Connection } from 'mongoose';
import type { Transcript, TranscriptEntry } from '../../use-cases/ports.js';

export interface TranscriptDocument {
  /** `thread:sequence` */
  _id: string;
  t: string;
  s: number;
  at: Date;
  /** Chat; absent for what belongs to none. */
  c?: string;
  /** The item it came with, for those that may come again. */
  w?: string;
  /** The message it is a note on: an edit, revocation or reaction. */
  n?: string;
  /** Shown in lists. */
  l?: true;
  /** The event as it was published. */
  b: Uint8Array;
}

export const TRANSCRIPT = 'transcript';

export const transcriptIndexes: readonly IndexSpec[] = [
  { collection: TRANSCRIPT, key: { t: 1, at: -1, s: -1 }, options: { partialFilterExpression: { l: true } } },
  { collection: TRANSCRIPT, key: { t: 1, w: 1 }, options: { partialFilterExpression: { w: { $type: 'string' } } } },
  {
    collection: TRANSCRIPT,
    key: { t: 1, n: 1, s: 1 },
    options: { partialFilterExpression: { n: { $type: 'string' } } },
  },
];

export function createTranscript(connection: Connection): Transcript {
  const collection = connection.collection<TranscriptDocument>(TRANSCRIPT);
  return {
    has: (items) =>
      translated(async () => {
        if (items.length === 0) return new Set();
        const t = { $in: [...new Set(items.map(({ threadId }) => threadId))] };
        const w = { $in: [...new Set(items.map(({ itemId }) => itemId))] };
        const found = await collection
          .find({ t, w }, { projection: { t: 1, w: 1 }, readConcern: 'majority' })
          .toArray();
        return new Set(found.map((entry) => `${entry.t} ${entry.w ?? ''}`));
      }),
    page: ({ threadIds, chatId, before, limit }) =>
      translated(async () => {
        const filter: Record<string, unknown> = { t: { $in: [...threadIds] }, l: true };
        if (chatId !== undefined) filter['c'] = chatId;
        if (before) {
          const { at, sequence, threadId } = before;
          filter['$or'] = [
            { at: { $lt: at } },
            { at, s: { $lt: sequence } },
            { at, s: sequence, t: { $lt: threadId } },
          ];
        }
        const found = await collection.find(filter, { sort: { at: -1, s: -1, t: -1 }, limit: limit + 1 }).toArray();
        const page = found.slice(0, limit);
        const last = page.at(-1);
        return {
          entries: page.map(toEntry),
          next: found.length > limit && last ? { at: last.at, threadId: last.t, sequence: last.s } : undefined,
        };
      }),
    notes: (threadIds, wamids) =>
      translated(async () => {
        if (wamids.length === 0) return [];
        const filter = { t: { $in: [...threadIds] }, n: { $in: [...wamids] } };
        const found = await collection.find(filter, { sort: { at: 1, s: 1 } }).toArray();
        return found.map(toEntry);
      }),
    isThere: (threadId, sequence) =>
      translated(async () => (await collection.countDocuments({ _id: `${threadId}:${sequence}` }, { limit: 1 })) > 0),
  };
}

const toEntry = ({ t, s, at, b }: TranscriptDocument): TranscriptEntry => ({
  threadId: t,
  sequence: s,
  at,
  event: b instanceof Uint8Array ? b : (b as { buffer: Uint8Array }).buffer,
});

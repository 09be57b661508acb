import { type IndexSpec, translated } from '@switchboard/mongo';
import type { Connection } from 'mongoose';
import type { Transcript, TranscriptEntry, TranscriptPlace } from '../../use-cases/ports.js';

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

/** A partial index serves only a query that names its condition. */
const isText = { $type: 'string' as const };

export function createTranscript(connection: Connection): Transcript {
  const collection = connection.collection<TranscriptDocument>(TRANSCRIPT);

  async function newest(t: string, chatId: string | undefined, before: TranscriptPlace | undefined, limit: number) {
    const read = (more: object, most: number) => {
      const filter = { t, l: true as const, ...(chatId !== undefined && { c: chatId }), ...more };
      return collection.find(filter, { sort: { at: -1, s: -1 }, limit: most }).toArray();
    };
    if (!before) return read({}, limit);
    // Those of the same instant, then those before it. As one query with `$or` it may be answered by sorting them all.
    const { at, sequence, threadId } = before;
    const found = await read({ at, s: t < threadId ? { $lte: sequence } : { $lt: sequence } }, limit);
    if (found.length < limit) found.push(...(await read({ at: { $lt: at } }, limit - found.length)));
    return found;
  }

  return {
    has: (items) =>
      translated(async () => {
        if (items.length === 0) return new Set();
        const t = { $in: [...new Set(items.map(({ threadId }) => threadId))] };
        const w = { $in: [...new Set(items.map(({ itemId }) => itemId))], ...isText };
        const found = await collection
          .find({ t, w }, { projection: { t: 1, w: 1 }, readConcern: 'majority' })
          .toArray();
        return new Set(found.map((entry) => `${entry.t} ${entry.w ?? ''}`));
      }),
    page: ({ threadIds, chatId, before, limit }) =>
      translated(async () => {
        // One thread after another, so that each is read in the order of its index and no further than a page.
        const found = await Promise.all(threadIds.map((t) => newest(t, chatId, before, limit + 1)));
        const newestFirst = found.length === 1 ? (found[0] ?? []) : found.flat().sort((a, b) => byPlace(b, a));
        const page = newestFirst.slice(0, limit);
        const last = page.at(-1);
        return {
          entries: page.map(toEntry),
          next: newestFirst.length > limit && last ? { at: last.at, threadId: last.t, sequence: last.s } : undefined,
        };
      }),
    notes: (threadIds, wamids) =>
      translated(async () => {
        if (wamids.length === 0) return [];
        const filter = { t: { $in: [...threadIds] }, n: { $in: [...wamids], ...isText } };
        const found = await collection.find(filter, { sort: { at: 1, s: 1 } }).toArray();
        return found.map(toEntry);
      }),
    isThere: (threadId, sequence) =>
      translated(async () => (await collection.countDocuments({ _id: `${threadId}:${sequence}` }, { limit: 1 })) > 0),
  };
}

type Place = Pick<TranscriptDocument, 'at' | 's' | 't'>;
const byPlace = (a: Place, b: Place): number =>
  a.at.getTime() - b.at.getTime() || a.s - b.s || (a.t < b.t ? -1 : Number(a.t > b.t));

const toEntry = ({ t, s, at, b }: TranscriptDocument): TranscriptEntry => ({
  threadId: t,
  sequence: s,
  at,
  event: b instanceof Uint8Array ? b : (b as { buffer: Uint8Array }).buffer,
});

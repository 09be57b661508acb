import { type IndexSpec, translated } from '@switchboard/mongo';
import type { Connection } from 'mongoose';
import { isOpenChat, type Thread } from '../../domain/thread.js';
import type { ThreadIndex } from '../../use-cases/ports.js';

export const THREADS = 'threads';
const PAGE = 500;

/** Partial: in the steady state they hold only threads of numbers that are nobody's, open chats, and joined threads. */
export const threadIndexes: readonly IndexSpec[] = [
  {
    collection: THREADS,
    key: { number: 1, connection: 1, _id: 1 },
    options: { partialFilterExpression: { owner: { $type: 'null' } } },
  },
  {
    collection: THREADS,
    key: { number: 1, _id: 1 },
    options: { partialFilterExpression: { 'chat.completedAt': { $type: 'null' } } },
  },
  { collection: THREADS, key: { into: 1 }, options: { partialFilterExpression: { into: { $type: 'string' } } } },
];

type ThreadDocument = Thread & { _id: string };

export function createThreadIndex(connection: Connection): ThreadIndex {
  const collection = connection.collection<ThreadDocument>(THREADS);

  async function* pages(filter: Record<string, unknown>): AsyncGenerator<string[]> {
    for (let after = ''; ;) {
      const page = await translated(() =>
        collection
          .find(
            { ...filter, _id: { $gt: after } },
            { projection: { _id: 1 }, sort: { _id: 1 }, limit: PAGE, readConcern: 'majority' },
          )
          .toArray(),
      );
      if (page.length > 0) yield page.map(({ _id }) => _id);
      if (page.length < PAGE) return;
      after = page.at(-1)?._id ?? '';
    }
  }

  return {
    unclaimed: (number, connectionCount) => pages({ number, connection: connectionCount, owner: { $type: 'null' } }),
    openBefore: (number, connectionCount) =>
      pages({ number, connection: { $lt: connectionCount }, 'chat.completedAt': { $type: 'null' } }),
    open: (number) => pages({ number, 'chat.completedAt': { $type: 'null' } }),
    unclaimedNumbers: () =>
      // The index begins with the number: a query that says nothing of it would read every thread.
      translated(() => collection.distinct('number', { number: { $gt: '' }, owner: { $type: 'null' } })),
    heads: (threadIds) =>
      translated(async () => {
        const options = { projection: { chat: 1, last: 1, freeUntil: 1 }, readConcern: 'majority' as const };
        const found = await collection.find({ _id: { $in: [...threadIds] } }, options).toArray();
        return found.map(({ _id, chat, last, freeUntil }) => ({
          threadId: _id,
          openChatId: isOpenChat(chat) ? chat.id : '',
          last,
          freeUntil,
        }));
      }),
    absorbedBy: (threadIds) =>
      translated(async () => {
        // The partial index serves only a query that names its condition.
        const filter = { into: { $in: [...threadIds], $type: 'string' as const } };
        const options = { projection: { into: 1 }, readConcern: 'majority' as const };
        const found = await collection.find(filter, options).toArray();
        return found.flatMap(({ _id, into }) => (into === null ? [] : [{ threadId: _id, into }]));
      }),
  };
}

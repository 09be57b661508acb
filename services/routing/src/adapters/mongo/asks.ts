import { type IndexSpec, translated } from '@switchboard/mongo';
import type { Connection } from 'mongoose';
import type { Ask, Want } from '../../domain/desk/want.js';
import type { Owner } from '../../domain/spans.js';
import type { Asks } from '../../use-cases/desk/ports.js';
import { THREADS } from './thread-index.js';

/** Partial: in the steady state it holds only chats that wait for a person. */
export const asksIndexes: readonly IndexSpec[] = [
  {
    collection: THREADS,
    key: {
      'owner.organisationId': 1,
      'want.line': 1,
      'want.since': 1,
      _id: 1,
      'want.departmentId': 1,
    },
    options: { partialFilterExpression: { 'want.since': { $type: 'date' } } },
  },
];

interface AskingThread {
  _id: string;
  owner: Owner | null;
  chat?: { readonly id: string } | null;
  deskCount?: number;
  want?: Want | null;
}

const projection = { 'chat.id': 1, deskCount: 1, want: 1 } as const;
const majority = { readConcern: 'majority' as const };
// Without the $type the partial index is not used.
export const isWaiting = { 'want.since': { $type: 'date' as const } };

export function createAsks(connection: Connection): Asks {
  const collection = connection.collection<AskingThread>(THREADS);
  return {
    of: (threadIds) =>
      translated(async () => {
        if (threadIds.length === 0) return new Map<string, Ask>();
        const filter = { _id: { $in: [...threadIds] } };
        const found = await collection.find(filter, { projection, ...majority }).toArray();
        return new Map(
          found.flatMap(({ _id, chat, deskCount: count, want = null }): [string, Ask][] =>
            chat && count ? [[_id, { chatId: chat.id, count, want }]] : [],
          ),
        );
      }),
    oldest: (organisationId, line, limit) =>
      translated(async () => {
        const filter = { 'owner.organisationId': organisationId, 'want.line': line, ...isWaiting };
        const sort = { 'want.since': 1, _id: 1 } as const;
        const found = await collection.find(filter, { projection, sort, limit, ...majority }).toArray();
        return found.flatMap(({ chat, deskCount: count, want }) =>
          chat && count && want ? [{ chatId: chat.id, count, want }] : [],
        );
      }),
    queues: (organisationId) =>
      translated(async () => {
        const found = await collection
          .aggregate<{ _id: string; waiting: number; oldestSince: Date }>(
            [
              { $match: { 'owner.organisationId': organisationId, ...isWaiting } },
              {
                $group: {
                  _id: '$want.departmentId',
                  waiting: { $sum: 1 },
                  oldestSince: { $min: '$want.since' },
                },
              },
            ],
            majority,
          )
          .toArray();
        // There are few: sorted by the server they would look like a query without an index.
        return found
          .map(({ _id, waiting, oldestSince }) => ({ departmentId: _id, waiting, oldestSince }))
          .sort((a, b) => (a.departmentId < b.departmentId ? -1 : 1));
      }),
  };
}

import { type IndexSpec, translated } from '@switchboard/mongo';
import type { Connection } from 'mongoose';
import type { ChatRow, ChatRows } from '../../use-cases/ports.js';

export type ChatRowDocument = Omit<ChatRow, 'id'> & { _id: string };

export const CHAT_ROWS = 'chat_rows';

export const chatRowsIndexes: readonly IndexSpec[] = [
  { collection: CHAT_ROWS, key: { organisationId: 1, state: 1, lastAt: -1, _id: -1 } },
  { collection: CHAT_ROWS, key: { organisationId: 1, number: 1, lastAt: -1, _id: -1 } },
  { collection: CHAT_ROWS, key: { organisationId: 1, customer: 1, lastAt: -1, _id: -1 } },
];

export function createChatRows(connection: Connection): ChatRows {
  const collection = connection.collection<ChatRowDocument>(CHAT_ROWS);
  return {
    list: ({ organisationId, states, number, departmentId, brandId, customer }, after, limit) =>
      translated(async () => {
        const filter: Record<string, unknown> = { organisationId, state: { $in: [...states] } };
        for (const [name, value] of Object.entries({ number, departmentId, brandId, customer })) {
          if (value !== undefined) filter[name] = value;
        }
        if (after)
          filter['$or'] = [{ lastAt: { $lt: after.lastAt } }, { lastAt: after.lastAt, _id: { $lt: after.id } }];
        const found = await collection.find(filter, { sort: { lastAt: -1, _id: -1 }, limit }).toArray();
        return found.map(fromDocument);
      }),
    find: (chatId, organisationId) =>
      translated(async () => {
        const found = await collection.findOne({ _id: chatId, organisationId });
        return found ? fromDocument(found) : undefined;
      }),
  };
}

const fromDocument = ({ _id, ...row }: ChatRowDocument): ChatRow => ({ id: _id, ...row });

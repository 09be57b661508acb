import { type IndexSpec, translated } from '@switchboard/mongo';
import type { Connection } from 'mongoose';
import type { ChatFilter, ChatRow, ChatRows } from '../../use-cases/ports.js';

export type ChatRowDocument = Omit<ChatRow, 'id'> & { _id: string };

export const CHAT_ROWS = 'chat_rows';

const newest = { state: 1, lastAt: -1, _id: -1 } as const;
const ofAll = { organisationId: 1, ...newest } as const;
const ofNumber = { organisationId: 1, number: 1, ...newest } as const;
const ofCustomer = { organisationId: 1, customer: 1, ...newest } as const;

const ofOperator = { organisationId: 1, operator: 1, ...newest } as const;
const ofTag = { organisationId: 1, tags: 1, ...newest } as const;

/** Chats that nobody has, and those without tags, stand in neither of the last two. */
const hasOperator = { operator: { $gt: '' } };
const hasTags = { 'tags.0': { $exists: true } };

export const chatRowsIndexes: readonly IndexSpec[] = [
  ...[ofAll, ofNumber, ofCustomer].map((key) => ({ collection: CHAT_ROWS, key })),
  { collection: CHAT_ROWS, key: ofOperator, options: { partialFilterExpression: hasOperator } },
  { collection: CHAT_ROWS, key: ofTag, options: { partialFilterExpression: hasTags } },
];

export function createChatRows(connection: Connection): ChatRows {
  const collection = connection.collection<ChatRowDocument>(CHAT_ROWS);
  return {
    list: ({ organisationId, states, number, departmentId, brandId, customer, operator, tag }, after, limit) =>
      translated(async () => {
        if (states.length === 0) return [];
        const filter: Record<string, unknown> = { organisationId, state: { $in: [...states] } };
        for (const [name, value] of Object.entries({ number, departmentId, brandId, customer, operator, tags: tag })) {
          if (value !== undefined) filter[name] = value;
        }
        if (tag !== undefined) Object.assign(filter, hasTags);
        // Left to itself the server now and then takes one that it has to sort, for lists of a brand or department.
        const hint = indexFor({ customer, operator, tag, number });
        const read = (more: object, most: number) =>
          collection.find({ ...filter, ...more }, { sort: { lastAt: -1, _id: -1 }, limit: most, hint }).toArray();
        if (!after) return (await read({}, limit)).map(fromDocument);
        // Those of the same instant, then those before it: both in the order of the index. As one query with `$or` it
        // may be answered by sorting all that is older.
        const { lastAt, id } = after;
        const found = await read({ lastAt, _id: { $lt: id } }, limit);
        if (found.length < limit) found.push(...(await read({ lastAt: { $lt: lastAt } }, limit - found.length)));
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

/** The one that leaves least to be read. */
function indexFor({ customer, operator, tag, number }: Partial<ChatFilter>) {
  if (customer !== undefined) return ofCustomer;
  if (operator !== undefined) return ofOperator;
  if (tag !== undefined) return ofTag;
  return number !== undefined ? ofNumber : ofAll;
}

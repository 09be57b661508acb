import { type IndexSpec, translated } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { type Message } from '../../domain/message.js';
import { pastCalls } from '../../domain/pace/past-calls.js';
import { LONGEST_WAIT_MS } from '../../domain/retry.js';
import { type MessageLists, type MessageQuery } from '../../use-cases/ports.js';
import { MESSAGES } from './queue.js';

type MessageDocument = Message & { readonly _id: string; readonly seq: number };

const keyOf = (field: 'organisation' | 'number' | 'customer') => ({ [field]: 1, acceptedAt: -1, _id: -1 }) as const;

/** One for each way to ask: everything, of a number, to a customer. None of their fields ever changes. */
export const messageListsIndexes: readonly IndexSpec[] = (['organisation', 'number', 'customer'] as const).map(
  (field) => ({ collection: MESSAGES, key: keyOf(field) }),
);

/** Reads the messages' own documents; those of other organisations are not there. */
export function createMessageLists(connection: Connection): MessageLists {
  const collection: mongo.Collection<MessageDocument> = connection.collection<MessageDocument>(MESSAGES);

  return {
    find: (query) =>
      translated(async () => {
        const documents = await collection
          .find(filterOf(query), { projection: { src: 0, out: 0 } })
          .sort({ acceptedAt: -1, _id: -1 })
          .hint(
            keyOf(query.customer !== undefined ? 'customer' : query.number !== undefined ? 'number' : 'organisation'),
          )
          .limit(query.limit)
          .toArray();
        return documents.map(({ _id, seq, ...message }) => ({ messageId: _id, message, sequence: seq }));
      }),
    wentSince: ({ number, customer }, since) =>
      translated(async () => {
        const filter = { customer, number, 'attempts.startedAt': { $gt: since } };
        const found = await collection.findOne(filter, { projection: { _id: 1 }, hint: keyOf('customer') });
        return found !== null;
      }),
    calledSince: (number, customers, since) =>
      translated(async () => {
        // What was accepted before had its attempts before, but for what a person sent again.
        const acceptedAt = { $gt: new Date(since.getTime() - LONGEST_WAIT_MS) };
        const filter = { customer: { $in: [...customers] }, acceptedAt, number, 'attempts.startedAt': { $gt: since } };
        const found = collection.find(filter, { projection: { customer: 1, attempts: 1 }, hint: keyOf('customer') });
        return pastCalls(await found.toArray(), since);
      }),
  };
}

export function filterOf({ organisation, number, customer, states, from, until, after }: MessageQuery) {
  const time = { ...(from && { $gte: from }), ...(until && { $lt: until }), ...(after && { $lte: after.acceptedAt }) };
  return {
    organisation,
    ...(number !== undefined && { number }),
    ...(customer !== undefined && { customer }),
    ...(states.length > 0 && { state: { $in: [...states] } }),
    ...((from ?? until ?? after) && { acceptedAt: time }),
    ...(after && { $or: [{ acceptedAt: { $lt: after.acceptedAt } }, { _id: { $lt: after.messageId } }] }),
  };
}

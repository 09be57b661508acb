import { type IndexSpec, translated } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { heldBackBy, type Message } from '../../domain/message.js';
import { type LeftMessage, type Queue, type QueuedMessage } from '../../use-cases/ports.js';

/** Collection of the aggregate *message*; the queue is part of it. */
export const MESSAGES = 'messages';

/** Messages are kept this long: at least as long as their idempotency keys (30 days), and Meta's statuses may come. */
const KEPT_SECONDS = 90 * 86_400;

type MessageDocument = Message & { readonly _id: string };

export const queueIndexes: readonly IndexSpec[] = [
  // Only of messages that somebody has to do something with; the rest of the collection does not weigh on it. The customer
  // stands in it so that those of whom there is enough are passed over without a look at their messages.
  {
    collection: MESSAGES,
    key: { queue: 1, partition: 1, number: 1, priority: 1, order: 1, customer: 1 },
    options: { partialFilterExpression: { queue: { $exists: true } } },
  },
  { collection: MESSAGES, key: { acceptedAt: 1 }, options: { expireAfterSeconds: KEPT_SECONDS } },
];

/** Reads the queue out of the messages' own documents. */
export function createQueue(connection: Connection): Queue {
  const collection: mongo.Collection<MessageDocument> = connection.collection<MessageDocument>(MESSAGES);

  return {
    waiting: (partition, number, { priority, without, limit }) =>
      translated(async () => {
        const filter = {
          queue: 'waiting' as const,
          partition,
          number,
          priority,
          ...(without.length > 0 && { customer: { $nin: [...without] } }),
        };
        const found = collection.find(filter, { projection: waitingFields }).sort({ order: 1 }).limit(limit);
        return (await found.toArray()).map(toQueued);
      }),
    numbers: (partitions) =>
      translated(async () => {
        const groups = await collection
          .aggregate<{ _id: { partition: number; number: string } }>([
            { $match: { queue: 'waiting', partition: { $in: [...partitions] } } },
            { $group: { _id: { partition: '$partition', number: '$number' } } },
          ])
          .toArray();
        return groups.map(({ _id }) => _id);
      }),
    left: (partitions, since) =>
      translated(async () => {
        const of = { partition: { $in: [...partitions] } };
        const found = await collection
          .find(
            {
              $or: [
                { queue: 'dispatching', ...of },
                { queue: 'unknown', ...of, 'attempts.startedAt': { $gt: since } },
              ],
            },
            { projection: { queue: 1, partition: 1, number: 1, customer: 1, attempts: 1 }, readConcern: 'majority' },
          )
          .toArray();
        return found.map(toLeft);
      }),
  };
}

const waitingFields = {
  customer: 1,
  thread: 1,
  threadSequence: 1,
  priority: 1,
  order: 1,
  notBefore: 1,
  number: 1,
  organisation: 1,
  content: 1,
  recipient: 1,
  category: 1,
  lastInboundAt: 1,
  acceptedAt: 1,
  expiresAt: 1,
  freeEntryUntil: 1,
  refusedSince: 1,
  'attempts.outcome': 1,
};

export function toQueued({ _id, content, notBefore, ...message }: MessageDocument): QueuedMessage {
  const { customer, thread, threadSequence, priority, order, number, organisation, lastInboundAt } = message;
  const { acceptedAt, expiresAt, freeEntryUntil, recipient, category, refusedSince } = message;
  return {
    messageId: _id,
    customer,
    thread,
    threadSequence,
    priority,
    order,
    number,
    organisation,
    notBefore: notBefore?.getTime() ?? 0,
    content,
    recipient,
    lastInboundAt,
    acceptedAt: acceptedAt.getTime(),
    expiresAt,
    freeEntryUntil,
    acceptedAs: category,
    refusedSince,
    because: heldBackBy(message),
    tries: message.attempts.length,
  };
}

export function toLeft({ _id, queue, partition, number, customer, attempts }: MessageDocument): LeftMessage {
  const last = attempts.at(-1);
  return {
    messageId: _id,
    partition,
    number,
    customer,
    queue: queue === 'unknown' ? 'unknown' : 'dispatching',
    attempt: last?.number ?? 0,
    startedAt: last?.startedAt ?? new Date(0),
  };
}

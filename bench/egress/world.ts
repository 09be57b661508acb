import { StatusReceived } from '@switchboard/contracts/ingress/v1/events';
import { Author } from '@switchboard/contracts/routing/v1/events';
import { routingThreads, whatsappStatuses } from '@switchboard/contracts/topics';
import { eventRecord, type OutgoingRecord } from '@switchboard/kafka';
import { numbers } from '../routing/world.ts';

export interface Reply {
  readonly number: string;
  readonly customer: string;
  readonly messageId: string;
}

/** Replies, one for each customer, number after number. */
export function createReplies() {
  let made = 0;
  return (count: number): Reply[] =>
    Array.from({ length: count }, () => {
      const number = numbers[made % numbers.length] ?? '';
      const customer = `c${(made += 1)}`;
      return { number, customer, messageId: `${number}.1.${customer}:1` };
    });
}

export const queued = ({ number, customer, messageId }: Reply): OutgoingRecord => {
  const threadId = `${number}.1.${customer}`;
  const event = {
    threadId,
    sequence: 1n,
    phoneNumberId: number,
    organisationId: 'bench',
    brandId: 'brand',
    departmentId: 'sales',
    customerId: customer,
    chatId: `${threadId}:1`,
    occurredAt: new Date(),
    botId: '',
    event: {
      $case: 'replyQueued' as const,
      value: {
        messageId,
        author: Author.AUTHOR_OPERATOR,
        authorId: 'olivia',
        content: { kind: { $case: 'text' as const, value: { body: 'Your order is on its way.' } } },
        replyToWhatsappMessageId: '',
        recipient: { phone: '12025550143' },
        lastInbound: { whatsappMessageId: 'wamid.in', sentAt: new Date(), freeEntryUntil: undefined },
        idempotencyKey: messageId,
      },
    },
  };
  return eventRecord(routingThreads, event, { key: number, id: messageId, time: new Date(), org: 'bench' });
};

/** What Meta tells of each: neighbours are about other messages, and those of one message come in its order. */
export const statusesOf = (replies: readonly Reply[]): OutgoingRecord[] =>
  ['sent', 'delivered', 'read'].flatMap((status) => replies.map((reply) => told(reply, status)));

function told({ number, customer, messageId }: Reply, status: string): OutgoingRecord {
  const event = {
    ...StatusReceived.decode(new Uint8Array()),
    eventId: `${messageId}:${status}`,
    phoneNumberId: number,
    messageId: `wamid.${customer}`,
    status,
    occurredAt: new Date(),
    bizOpaqueCallbackData: `${messageId}:1`,
    // Meta tells it with the first two.
    ...(status !== 'read' && {
      pricing: { billable: false, model: 'PMP', type: 'free_customer_service', category: 'service' },
    }),
  };
  return eventRecord(whatsappStatuses, event, { key: number, id: event.eventId, time: event.occurredAt });
}

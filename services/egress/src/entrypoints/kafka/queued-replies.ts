import { Author, type ReplyQueued, type ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { type Position } from '@switchboard/aggregates';
import { contentFromProto } from '../../content-proto.js';
import { addressFromProto } from '../../proto.js';
import { type QueuedReply, type ThreadNews } from '../../use-cases/accept-replies.js';

/** What events of threads say to egress; most of them nothing. */
export function readThreadNews(
  events: readonly { readonly event: ThreadEvent; readonly position: Position }[],
): ThreadNews {
  const inbound: ThreadNews['inbound'][number][] = [];
  const replies: QueuedReply[] = [];
  for (const { event, position } of events) {
    const of = { number: event.phoneNumberId, customer: event.customerId };
    if (event.event?.$case === 'messageAppended') {
      const { author, imported, sentAt } = event.event.value;
      // Imported history and what the business wrote elsewhere open no window.
      if (author === Author.AUTHOR_CUSTOMER && !imported && sentAt) inbound.push({ ...of, lastInboundAt: sentAt });
    }
    if (event.event?.$case === 'replyQueued') {
      const reply = event.event.value;
      const lastInboundAt = reply.lastInbound?.sentAt;
      if (lastInboundAt) inbound.push({ ...of, lastInboundAt });
      replies.push({ messageId: reply.messageId, position, draft: draftOf(event, reply, position.partition) });
    }
  }
  return { inbound, replies };
}

function draftOf(event: ThreadEvent, reply: ReplyQueued, partition: number): QueuedReply['draft'] {
  const lastInboundAt = reply.lastInbound?.sentAt;
  const freeEntryUntil = reply.lastInbound?.freeEntryUntil;
  return {
    organisation: event.organisationId,
    number: event.phoneNumberId,
    customer: event.customerId,
    thread: event.threadId,
    chat: event.chatId,
    threadSequence: Number(event.sequence),
    content: contentFromProto(reply.content),
    recipient: addressFromProto(reply.recipient),
    replyTo: reply.replyToWhatsappMessageId,
    idempotencyKey: reply.idempotencyKey,
    // The id of a reply is the place of its event in the thread: it cannot come with other content.
    contentHash: reply.messageId,
    ...(lastInboundAt && { lastInboundAt }),
    ...(freeEntryUntil && { freeEntryUntil }),
    wallet: '',
    partition,
    priority: 0,
  };
}

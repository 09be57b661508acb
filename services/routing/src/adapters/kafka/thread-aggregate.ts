import type { AggregateDefinition, EncodedEvent, Poison } from '@switchboard/aggregates';
import {
  Author as AuthorProto,
  CompletionReason,
  type LastInbound as LastInboundProto,
  type ThreadEvent as ThreadEventProto,
  Trouble as TroubleProto,
} from '@switchboard/contracts/routing/v1/events';
import { routingThreads, setAsideTopic } from '@switchboard/contracts/topics';
import type { Content as ContentProto, Context, Referral } from '@switchboard/contracts/whatsapp/v1/content';
import { foldThread, type Result } from '../../domain/fold.js';
import type { Party } from '../../domain/party.js';
import { type Author, type Completion, emptyThread, type LastInbound, type Thread } from '../../domain/thread.js';
import type { Detail, ThreadEvent } from '../../domain/thread-events.js';
import type { ThreadInput } from '../../domain/thread-inputs.js';

/** The aggregate *thread*, and what it says on `routing.threads`. */
export const threadAggregate: AggregateDefinition<Thread, ThreadInput, ThreadEvent, Result> = {
  name: 'threads',
  topic: routingThreads.name,
  empty: emptyThread,
  fold: foldThread,
  isOwn: () => true,
  encode: (event, { aggregateId, sequence }) => encode(aggregateId, sequence, event),
  setAside,
};

function encode(threadId: string, sequence: number, { at, chatId, about, detail }: ThreadEvent): EncodedEvent {
  const value: ThreadEventProto = {
    threadId,
    sequence: BigInt(sequence),
    phoneNumberId: about.number,
    organisationId: about.owner?.organisationId ?? '',
    brandId: about.owner?.brandId ?? '',
    departmentId: about.owner?.departmentId ?? '',
    customerId: about.customer,
    chatId,
    occurredAt: at,
    // No bot attends to chats yet.
    botId: '',
    event: toProto(detail, threadId, sequence),
  };
  return {
    topic: routingThreads.name,
    type: routingThreads.type,
    key: about.number,
    id: `${threadId}:${sequence}`,
    time: at,
    headers: about.owner ? { org: about.owner.organisationId } : {},
    value: routingThreads.encode(value),
  };
}

// Contents are carried from the contracts through the domain as they are, so they are still what they were.
const asContent = (content: object | undefined): ContentProto | undefined => content as ContentProto | undefined;

function toProto(detail: Detail, threadId: string, sequence: number): ThreadEventProto['event'] {
  switch (detail.type) {
    case 'chat-opened': {
      const { former, byUser, referral, customer } = detail;
      const value = {
        formerChatId: former,
        userInitiated: byUser,
        referral: referral as Referral | undefined,
        customer: partyToProto(customer),
      };
      return { $case: 'chatOpened', value };
    }
    case 'message-appended': {
      const { wamid, author, content, context, customer, raw, ...rest } = detail;
      return {
        $case: 'messageAppended',
        value: {
          ...rest,
          whatsappMessageId: wamid,
          author: authors[author],
          content: asContent(content),
          context: context as Context | undefined,
          customer: partyToProto(customer),
          raw: Buffer.from(raw),
        },
      };
    }
    case 'reply-queued':
      return {
        $case: 'replyQueued',
        value: {
          messageId: `${threadId}:${sequence}`,
          author: authors[detail.author],
          authorId: detail.authorId,
          content: asContent(detail.content),
          replyToWhatsappMessageId: detail.replyTo,
          recipient: partyToProto(detail.recipient),
          lastInbound: lastInboundToProto(detail.lastInbound, detail.freeUntil),
          idempotencyKey: detail.idempotencyKey,
        },
      };
    case 'message-edited':
      return {
        $case: 'messageEdited',
        value: { whatsappMessageId: detail.target, content: asContent(detail.content), editedAt: detail.at },
      };
    case 'message-revoked':
      return { $case: 'messageRevoked', value: { whatsappMessageId: detail.target, revokedAt: detail.at } };
    case 'reaction-changed': {
      const { target, emoji, author, at } = detail;
      return {
        $case: 'reactionChanged',
        value: { whatsappMessageId: target, emoji, author: authors[author], reactedAt: at },
      };
    }
    case 'chat-completed':
      return { $case: 'chatCompleted', value: { reason: completions[detail.reason], completedBy: detail.by } };
    case 'message-troubled': {
      const { messageId, trouble, code, reason } = detail;
      return { $case: 'messageTroubled', value: { messageId, trouble: troubles[trouble], code, reason } };
    }
    case 'thread-adopted':
      return { $case: 'threadAdopted', value: { ...detail.owner } };
    case 'thread-joined':
      return { $case: 'threadJoined', value: { intoThreadId: detail.intoThread, intoCustomerId: detail.intoCustomer } };
    case 'thread-parted':
      return { $case: 'threadParted', value: { fromThreadId: detail.from } };
    case 'notice-appended': {
      const { kind, action, content, raw, wamid } = detail;
      const value = { kind, action, content: asContent(content), raw: Buffer.from(raw), whatsappMessageId: wamid };
      return { $case: 'noticeAppended', value };
    }
  }
}

export const authors = {
  customer: AuthorProto.AUTHOR_CUSTOMER,
  operator: AuthorProto.AUTHOR_OPERATOR,
  bot: AuthorProto.AUTHOR_BOT,
  'business-app': AuthorProto.AUTHOR_BUSINESS_APP,
  service: AuthorProto.AUTHOR_SERVICE,
} as const satisfies Record<Author, AuthorProto>;

export const completions = {
  operator: CompletionReason.COMPLETION_REASON_OPERATOR,
  'number-disconnected': CompletionReason.COMPLETION_REASON_NUMBER_DISCONNECTED,
  joined: CompletionReason.COMPLETION_REASON_JOINED,
} as const satisfies Record<Completion, CompletionReason>;

const troubles = {
  refused: TroubleProto.TROUBLE_REFUSED,
  failed: TroubleProto.TROUBLE_FAILED,
  unknown: TroubleProto.TROUBLE_UNKNOWN,
} as const;

export const partyToProto = (party: Party) => ({
  phone: party.phone,
  userId: party.userId,
  parentUserId: party.parentUserId,
  username: party.username,
  profileName: party.profileName,
});

export const lastInboundToProto = (last: LastInbound | null, freeUntil: Date | null): LastInboundProto | undefined =>
  last ? { whatsappMessageId: last.wamid, sentAt: last.at, freeEntryUntil: freeUntil ?? undefined } : undefined;

/** An input no fold can take: kept with the reason, so that it holds nobody up. */
function setAside({ aggregateId, input, position, reason, message }: Poison<ThreadInput>): EncodedEvent {
  return {
    topic: setAsideTopic('routing').name,
    type: `switchboard.routing.input.${input.kind}`,
    key: aggregateId.split('.')[0] ?? aggregateId,
    id: `${position.code}:${position.partition}:${position.offset}`,
    time: input.at,
    headers: {
      'set-aside-reason': `${reason}: ${message}`,
      'set-aside-code': position.code,
      'set-aside-partition': String(position.partition),
      'set-aside-offset': String(position.offset),
    },
    value: Buffer.from(JSON.stringify(input)),
  };
}

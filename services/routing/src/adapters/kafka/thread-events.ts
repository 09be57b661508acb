import type {
  LastInbound as LastInboundProto,
  ThreadEvent as ThreadEventProto,
} from '@switchboard/contracts/routing/v1/events';
import type { Content as ContentProto, Context, Referral } from '@switchboard/contracts/whatsapp/v1/content';
import type { Party } from '../../domain/party.js';
import type { LastInbound } from '../../domain/thread.js';
import type { Detail } from '../../domain/thread-events.js';
import { authors, causes, completions, handOvers, manners, outcomes, targetToProto, troubles } from './words.js';

// Contents are carried from the contracts through the domain as they are, so they are still what they were.
const asContent = (content: object | undefined): ContentProto | undefined => content as ContentProto | undefined;

/** What happened, as the contract has it. */
export function detailToProto(detail: Detail, threadId: string, sequence: number): ThreadEventProto['event'] {
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
    default:
      return lifeToProto(detail);
  }
}

type OfLife = Extract<
  Detail['type'],
  | `chat-${'routed' | 'offered' | 'assigned' | 'missed' | 'rated'}`
  | `transfer-${string}`
  | `block-${string}`
  | `customer-${string}`
  | 'offer-ended'
  | 'handed-over'
  | 'note-added'
  | 'tags-changed'
  | 'profanity-found'
  | 'idle-warned'
>;

/** Who attends to a chat, and what became of it. */
function lifeToProto(detail: Extract<Detail, { type: OfLife }>): ThreadEventProto['event'] {
  switch (detail.type) {
    case 'chat-routed': {
      const { ruleId, ruleName, target, manner, settings } = detail;
      const how = { target: targetToProto(target), manner: manners[manner], settingsVersion: BigInt(settings) };
      return { $case: 'chatRouted', value: { ruleId, ruleName, ...how } };
    }
    case 'chat-offered':
      return {
        $case: 'chatOffered',
        value: { operatorIds: [...detail.operators], until: detail.until ?? undefined },
      };
    case 'offer-ended':
      return {
        $case: 'chatOfferEnded',
        value: { operatorIds: [...detail.operators], timedOut: detail.timedOut },
      };
    case 'chat-assigned': {
      const { operator, cause, former } = detail;
      return {
        $case: 'chatAssigned',
        value: { operatorId: operator, cause: causes[cause], formerOperatorId: former },
      };
    }
    case 'chat-missed':
      return { $case: 'chatMissed', value: { closesAt: detail.closesAt } };
    case 'transfer-requested': {
      const { toOperator, toDepartment, by, until, note } = detail;
      const value = { toOperatorId: toOperator, toDepartmentId: toDepartment, requestedBy: by, until, note };
      return { $case: 'transferRequested', value };
    }
    case 'transfer-ended':
      return { $case: 'transferEnded', value: { outcome: outcomes[detail.outcome], answeredBy: detail.by } };
    case 'handed-over': {
      const { bot, cause, department, note } = detail;
      return {
        $case: 'chatHandedOver',
        value: { botId: bot, cause: handOvers[cause], departmentId: department, note },
      };
    }
    case 'note-added': {
      const { text, authorId, idempotencyKey } = detail;
      return { $case: 'noteAdded', value: { text, authorId, idempotencyKey } };
    }
    case 'tags-changed':
      return { $case: 'tagsChanged', value: { tags: [...detail.tags], changedBy: detail.by } };
    case 'chat-rated':
      return { $case: 'chatRated', value: { stars: detail.stars } };
    case 'profanity-found': {
      const { wamid, spans, count, limit } = detail;
      return { $case: 'profanityFound', value: { whatsappMessageId: wamid, spans: [...spans], count, limit } };
    }
    case 'block-requested': {
      const { by, reason, spam, duration } = detail;
      return { $case: 'blockRequested', value: { requestedBy: by, reason, spam, duration } };
    }
    case 'block-declined':
      return { $case: 'blockDeclined', value: { declinedBy: detail.by } };
    case 'customer-blocked': {
      const { by, until, reason, spam } = detail;
      return { $case: 'customerBlocked', value: { blockedBy: by, until: until ?? undefined, reason, spam } };
    }
    case 'customer-unblocked':
      return { $case: 'customerUnblocked', value: { unblockedBy: detail.by } };
    case 'idle-warned':
      return { $case: 'idleWarned', value: { closesAt: detail.closesAt } };
  }
}

export const partyToProto = (party: Party) => ({
  phone: party.phone,
  userId: party.userId,
  parentUserId: party.parentUserId,
  username: party.username,
  profileName: party.profileName,
});

export const lastInboundToProto = (last: LastInbound | null, freeUntil: Date | null): LastInboundProto | undefined =>
  last ? { whatsappMessageId: last.wamid, sentAt: last.at, freeEntryUntil: freeUntil ?? undefined } : undefined;

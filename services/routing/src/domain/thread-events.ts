import type { Transfer } from './chat/chat.js';
import type { Want } from './desk/want.js';
import type { Manner, Target } from './flow/settings.js';
import type { Party } from './party.js';
import type { Owner } from './spans.js';
import type { Author, BlockRequest, Block, Completion, Content, LastInbound, Thread } from './thread.js';

export type Detail =
  | {
      readonly type: 'chat-opened';
      readonly former: string;
      readonly byUser: boolean;
      readonly referral: object | undefined;
      readonly customer: Party;
    }
  | {
      readonly type: 'message-appended';
      readonly wamid: string;
      /** Ours, of messages of services; empty for the rest. */
      readonly messageId: string;
      readonly author: Author;
      readonly content: Content | undefined;
      readonly context: object | undefined;
      readonly customer: Party;
      readonly sentAt: Date;
      readonly receivedAt: Date;
      readonly imported: boolean;
      readonly unread: number;
      readonly raw: Uint8Array;
      readonly groupId: string;
      /** The customer was blocked: it opened no chat. */
      readonly blocked: boolean;
    }
  | {
      readonly type: 'reply-queued';
      readonly author: Author;
      readonly authorId: string;
      readonly content: Content;
      readonly replyTo: string;
      readonly recipient: Party;
      readonly lastInbound: LastInbound | null;
      readonly freeUntil: Date | null;
      readonly idempotencyKey: string;
    }
  | {
      readonly type: 'message-edited';
      readonly target: string;
      readonly content: Content | undefined;
      readonly at: Date;
    }
  | { readonly type: 'message-revoked'; readonly target: string; readonly at: Date }
  | {
      readonly type: 'reaction-changed';
      readonly target: string;
      readonly emoji: string;
      readonly author: Author;
      readonly at: Date;
    }
  | { readonly type: 'chat-completed'; readonly reason: Completion; readonly by: string }
  | {
      readonly type: 'message-troubled';
      readonly messageId: string;
      readonly trouble: Trouble;
      readonly code: string;
      readonly reason: string;
    }
  | { readonly type: 'thread-adopted'; readonly owner: Owner }
  | { readonly type: 'thread-joined'; readonly intoThread: string; readonly intoCustomer: string }
  | { readonly type: 'thread-parted'; readonly from: string }
  | {
      readonly type: 'notice-appended';
      readonly kind: string;
      readonly action: string;
      readonly content: Content | undefined;
      readonly raw: Uint8Array;
      readonly wamid: string;
    }
  | {
      readonly type: 'chat-routed';
      /** Empty = none matched, and the default holds. */
      readonly ruleId: string;
      readonly ruleName: string;
      readonly target: Target;
      readonly manner: Manner;
      readonly settings: number;
    }
  | { readonly type: 'chat-offered'; readonly operators: readonly string[]; readonly until: Date | null }
  | { readonly type: 'offer-ended'; readonly operators: readonly string[]; readonly timedOut: boolean }
  | {
      readonly type: 'chat-assigned';
      readonly operator: string;
      readonly cause: AssignmentCause;
      readonly former: string;
    }
  | { readonly type: 'chat-missed'; readonly closesAt: Date }
  | ({ readonly type: 'transfer-requested' } & Transfer)
  | { readonly type: 'transfer-ended'; readonly outcome: TransferOutcome; readonly by: string }
  | {
      readonly type: 'handed-over';
      readonly bot: string;
      readonly cause: HandOverCause;
      readonly department: string;
      readonly note: string;
    }
  | { readonly type: 'note-added'; readonly text: string; readonly authorId: string; readonly idempotencyKey: string }
  | { readonly type: 'tags-changed'; readonly tags: readonly string[]; readonly by: string }
  | { readonly type: 'chat-rated'; readonly stars: number }
  | {
      readonly type: 'profanity-found';
      readonly wamid: string;
      readonly spans: readonly TextSpan[];
      readonly count: number;
      readonly limit: number;
    }
  | ({ readonly type: 'block-requested' } & BlockRequest)
  | { readonly type: 'block-declined'; readonly by: string }
  | ({ readonly type: 'customer-blocked' } & Block)
  | { readonly type: 'customer-unblocked'; readonly by: string }
  | { readonly type: 'idle-warned'; readonly closesAt: Date };

export type AssignmentCause = 'taken' | 'given' | 'assigned' | 'transferred';
export type TransferOutcome = 'accepted' | 'refused' | 'timed-out' | 'withdrawn';
export type HandOverCause = 'bot' | 'timed-out' | 'idle' | 'detached' | 'taken';

/** A part of a text, in UTF-16 code units. */
export interface TextSpan {
  readonly start: number;
  readonly length: number;
}

export type Trouble = 'refused' | 'failed' | 'unknown';

/** Something that happened in a thread, with whom and what it concerns. */
export interface ThreadEvent {
  readonly at: Date;
  readonly chatId: string;
  /** The bot that attends to the chat, or did until this; empty while people do. */
  readonly bot: string;
  readonly about: Pick<Thread, 'number' | 'customer' | 'owner'>;
  readonly detail: Detail;
}

/** What a thread asks of the desk of its organisation. */
export interface DeskRequest {
  readonly at: Date;
  readonly chatId: string;
  readonly about: ThreadEvent['about'];
  /** The desk drops what is not above the last it knows of the thread. */
  readonly count: number;
  readonly desk:
    | { readonly type: 'person-wanted'; readonly want: Want; readonly target: Target }
    | { readonly type: 'offer-refused'; readonly operatorId: string }
    | { readonly type: 'chat-released' }
    | { readonly type: 'chat-held'; readonly operatorId: string };
}

/** Arms the timer of a thread, or moves it; `due` null takes it away. A lower version than the last is ignored. */
export interface TimerOrder {
  readonly at: Date;
  readonly about: ThreadEvent['about'];
  readonly timer: { readonly version: number; readonly due: Date | null };
}

/** All that a thread says: events of its own, and what it asks of others in the same write. */
export type Said = ThreadEvent | DeskRequest | TimerOrder;

export const isThreadEvent = (said: Said): said is ThreadEvent => 'detail' in said;

import type { Party } from './party.js';
import type { Owner } from './spans.js';
import type { Author, Completion, Content, LastInbound, Thread } from './thread.js';

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
    };

export type Trouble = 'refused' | 'failed' | 'unknown';

/** Something that happened in a thread, with whom and what it concerns. */
export interface ThreadEvent {
  readonly at: Date;
  readonly chatId: string;
  readonly about: Pick<Thread, 'number' | 'customer' | 'owner'>;
  readonly detail: Detail;
}

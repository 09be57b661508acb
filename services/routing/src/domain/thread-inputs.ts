import type { Party } from './party.js';
import type { Owner } from './spans.js';
import type { Author, Content } from './thread.js';
import type { Trouble } from './thread-events.js';

/** Whose thread it is: told with every input, so that the first one makes it. */
export interface Whose {
  readonly number: string;
  readonly connection: number;
  readonly customer: string;
  /** The number's owner as of the input's position. */
  readonly owner: Owner | null;
}

/** What came by `whatsapp.messages`. */
export interface Received {
  readonly kind: 'received';
  readonly whose: Whose;
  readonly what: 'message' | 'echo' | 'edit' | 'revocation' | 'reaction' | 'history' | 'notice';
  /** Names the item among its repetitions: the wamid, or the event's id where Meta gives none. */
  readonly itemId: string;
  readonly wamid: string;
  /** By Meta's clock, or when we had it where Meta says nothing. */
  readonly at: Date;
  readonly receivedAt: Date;
  readonly author: Author;
  readonly party: Party;
  readonly address: Party;
  readonly content: Content | undefined;
  readonly preview: string;
  readonly context: object | undefined;
  readonly referral: object | undefined;
  /** The referral is an advertisement: an answer opens a free entry. */
  readonly isAd: boolean;
  readonly groupId: string;
  /** Of an edit, revocation or reaction: the message it is about. */
  readonly target: string;
  readonly emoji: string;
  readonly notice: string;
  readonly action: string;
  readonly raw: Uint8Array;
  /** The transcript has it: an item older than what the ring knows came again (RX-4). */
  readonly seenBefore: boolean;
}

export interface Adopt {
  readonly kind: 'adopt';
  readonly at: Date;
  readonly owner: Owner;
}

export interface Disconnected {
  readonly kind: 'disconnected';
  readonly at: Date;
}

export interface JoinedInto {
  readonly kind: 'joined-into';
  readonly whose: Whose;
  readonly at: Date;
  readonly intoThread: string;
  readonly intoCustomer: string;
}

export interface Parted {
  readonly kind: 'parted';
  readonly at: Date;
}

/** A message that a service or a broadcast sent: egress has accepted it. */
export interface Sent {
  readonly kind: 'sent';
  readonly whose: Whose;
  readonly at: Date;
  readonly messageId: string;
  readonly recipient: Party;
  readonly content: Content | undefined;
  readonly preview: string;
  /** The message it answers (wamid); empty for none. */
  readonly replyTo: string;
  /** The transcript has it: its event came again later than what the ring knows. */
  readonly seenBefore: boolean;
}

export interface Troubled {
  readonly kind: 'troubled';
  readonly whose: Whose;
  readonly at: Date;
  /** Of what egress said: it may say it again. */
  readonly eventId: string;
  readonly messageId: string;
  /** As egress knew it when the message was asked for. */
  readonly chatId: string;
  readonly trouble: Trouble;
  readonly code: string;
  readonly reason: string;
}

export interface ReplyCommand {
  readonly kind: 'reply';
  readonly at: Date;
  readonly organisationId: string;
  readonly chatId: string;
  readonly author: Author;
  readonly authorId: string;
  readonly idempotencyKey: string;
  readonly contentHash: string;
  readonly content: Content;
  readonly preview: string;
  readonly replyTo: string;
}

export interface CompleteCommand {
  readonly kind: 'complete';
  readonly at: Date;
  readonly organisationId: string;
  readonly chatId: string;
  readonly by: string;
}

export type ThreadInput =
  Received | Adopt | Disconnected | JoinedInto | Parted | Sent | Troubled | ReplyCommand | CompleteCommand;

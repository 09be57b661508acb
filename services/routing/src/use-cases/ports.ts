import type { Aggregates } from '@switchboard/aggregates';
import type { AliasKind, Customer } from '../domain/customer.js';
import type { Bot } from '../domain/chat/bot.js';
import type { ChatFacts } from '../domain/desk/desk-inputs.js';
import type { ProfanitySettings } from '../domain/flow/settings.js';
import type { Result } from '../domain/fold.js';
import type { NumberSpans } from '../domain/spans.js';
import type { Chat, Content, Due, LastInbound, Thread } from '../domain/thread.js';
import type { AssignmentCause, TextSpan } from '../domain/thread-events.js';
import type { ThreadInput } from '../domain/thread-inputs.js';
import type { JoinSeen } from '../domain/identify.js';

export type Threads = Aggregates<Thread, ThreadInput, Result>;

export interface AliasOfNumber {
  readonly number: string;
  readonly kind: AliasKind;
  readonly value: string;
}

/** Customers of numbers. The store lets no two customers hold one open name. */
export interface Customers {
  /** All who have or had one of these names. */
  readonly having: (names: readonly AliasOfNumber[]) => Promise<readonly Customer[]>;
  readonly find: (ids: readonly string[]) => Promise<readonly Customer[]>;
  /** Writes what changed, each on the version that was read. False when somebody else was first: read and decide again. */
  readonly save: (changed: readonly Customer[]) => Promise<boolean>;
}

/** Numbers and their spans. */
export interface NumberStore {
  readonly find: (numbers: readonly string[]) => Promise<ReadonlyMap<string, NumberSpans>>;
  /** On the version that was read; false when somebody else was first. */
  readonly save: (number: string, known: NumberSpans | undefined, next: NumberSpans) => Promise<boolean>;
  /** Numbers that are this brand's, or were. */
  readonly ofBrand: (brandId: string) => Promise<readonly string[]>;
}

export interface ThreadHead {
  readonly threadId: string;
  readonly openChatId: string;
  readonly last: LastInbound | null;
  readonly freeUntil: Date | null;
}

export interface Absorbed {
  readonly threadId: string;
  readonly into: string;
}

/** What the aggregates cannot answer: which threads there are. Reads what a majority has. */
export interface ThreadIndex {
  /** Threads of a number under a connection that have no organisation, in pages. */
  readonly unclaimed: (number: string, connection: number) => AsyncIterable<readonly string[]>;
  /** Threads of a number under earlier connections with an open chat, in pages. */
  readonly openBefore: (number: string, connection: number) => AsyncIterable<readonly string[]>;
  /** Threads of a number with an open chat, in pages. */
  readonly open: (number: string) => AsyncIterable<readonly string[]>;
  /** Numbers that have threads without an organisation. */
  readonly unclaimedNumbers: () => Promise<readonly string[]>;
  readonly heads: (threadIds: readonly string[]) => Promise<readonly ThreadHead[]>;
  /** Threads that were joined into one of these, each with the one it was joined into. */
  readonly absorbedBy: (threadIds: readonly string[]) => Promise<readonly Absorbed[]>;
}

/** One entry of a thread's transcript, as its event was published. */
export interface TranscriptEntry {
  readonly threadId: string;
  readonly sequence: number;
  readonly at: Date;
  readonly event: Uint8Array;
}

export interface TranscriptPage {
  readonly entries: readonly TranscriptEntry[];
  readonly next: TranscriptPlace | undefined;
}

export interface TranscriptPlace {
  readonly at: Date;
  readonly threadId: string;
  readonly sequence: number;
}

export interface Transcript {
  /** Which of these items the threads have already. */
  readonly has: (
    items: readonly { readonly threadId: string; readonly itemId: string }[],
  ) => Promise<ReadonlySet<string>>;
  /** What is shown of threads (of one chat, where one is named), newest first. */
  readonly page: (of: {
    readonly threadIds: readonly string[];
    readonly chatId: string | undefined;
    readonly before: TranscriptPlace | undefined;
    readonly limit: number;
  }) => Promise<TranscriptPage>;
  /** Edits, revocations and reactions of these messages, in the order of their sequence. */
  readonly notes: (threadIds: readonly string[], wamids: readonly string[]) => Promise<readonly TranscriptEntry[]>;
  /** True when the entry is there. */
  readonly isThere: (threadId: string, sequence: number) => Promise<boolean>;
}

export interface MessageStateRow {
  readonly messageId: string;
  readonly threadId: string;
  readonly sequence: number;
  /** As egress numbers it. */
  readonly state: number;
  /** The state whose time is told. */
  readonly reached: number;
  readonly wamid: string;
  readonly at: Date;
  readonly code: string;
  readonly reason: string;
}

export interface MessageStateView extends Omit<MessageStateRow, 'at' | 'reached'> {
  readonly times: readonly { readonly state: number; readonly at: Date }[];
}

/** How far messages of ours got: a projection of egress.messages beside the transcript. */
export interface MessageStates {
  readonly note: (rows: readonly MessageStateRow[]) => Promise<void>;
  readonly of: (messageIds: readonly string[]) => Promise<readonly MessageStateView[]>;
}

export interface ChatRow extends Chat {
  readonly threadId: string;
  readonly number: string;
  readonly customer: string;
  readonly organisationId: string;
  readonly brandId: string;
  readonly departmentId: string;
  readonly party: object;
  readonly windowClosesAt: Date | null;
  readonly freeUntil: Date | null;
  readonly tags: readonly string[];
  /** What the timer does next; null when none is armed. */
  readonly deadline: { readonly due: Due; readonly at: Date } | null;
  readonly blocked: boolean;
  readonly blockRequested: boolean;
  readonly sequence: number;
}

export interface ChatFilter {
  readonly organisationId: string;
  readonly states: readonly Chat['state'][];
  readonly number?: string | undefined;
  readonly departmentId?: string | undefined;
  readonly brandId?: string | undefined;
  readonly customer?: string | undefined;
  readonly operator?: string | undefined;
  readonly tag?: string | undefined;
}

/** Rows of chats for lists: a projection. */
export interface ChatRows {
  readonly list: (
    filter: ChatFilter,
    after: { readonly lastAt: Date; readonly id: string } | undefined,
    limit: number,
  ) => Promise<readonly ChatRow[]>;
  readonly find: (chatId: string, organisationId: string) => Promise<ChatRow | undefined>;
}

/** Tells of joins on the log; resolves when every replica in sync has them. */
export type TellJoins = (
  joins: readonly (Omit<JoinSeen, 'ended' | 'survivor'> & {
    readonly number: string;
    readonly connection: number;
    readonly ended: string;
    readonly survivor: string;
    readonly undone: boolean;
    readonly at: Date;
  })[],
) => Promise<void>;

/** What egress says of a reply that is about to be queued; undefined = it may go. Throws `unavailable`. */
export type CheckReply = (reply: {
  readonly number: string;
  readonly customer: string;
  readonly last: LastInbound | null;
  readonly freeUntil: Date | null;
  readonly content: Content;
}) => Promise<RefusedReply | undefined>;

export interface RefusedReply {
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;
  /** The field at fault, within the message: `content.media.file_id`; empty where none is. */
  readonly field: string;
}

/** Shows a customer that a message of theirs was read (TX-5). Throws what Meta says against it, or `unavailable`. */
export type TellRead = (receipt: {
  readonly number: string;
  readonly wamid: string;
  readonly isTyping: boolean;
}) => Promise<void>;

/** Bots of numbers, as they are attached now. */
export interface Bots {
  readonly of: (numbers: readonly string[]) => Promise<ReadonlyMap<string, Bot>>;
}

/** Where a text has words of the brand's lists (PF-2). */
export type Scan = (settings: ProfanitySettings, text: string) => readonly TextSpan[];

/**
 * A place at the desk for an operator. When it is reserved the desk tells the thread, in the order of what it decides:
 * only then is the chat theirs. Safe to repeat. Throws `routing.operator-at-limit`, or `unavailable`.
 */
export type ClaimPlace = (claim: {
  readonly organisationId: string;
  readonly number: string;
  readonly chatId: string;
  readonly operatorId: string;
  readonly cause: AssignmentCause;
  readonly facts: ChatFacts;
}) => Promise<void>;

export type Clock = () => Date;
/** A digest of text, short enough for an id, in letters and digits. */
export type Digest = (content: string) => string;
export type NewId = () => string;

/** Where each partition of whatsapp.messages stands: the offset of the next message that will be handled. */
export interface Progress {
  readonly nextMessage: (partition: number) => number;
}

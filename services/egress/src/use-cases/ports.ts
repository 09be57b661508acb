import { type Aggregates } from '@switchboard/aggregates';
import { type AttemptId } from '../domain/callback.js';
import { type Content, type Sendable } from '../domain/content.js';
import { type Result } from '../domain/folded.js';
import { type Input, type StatusOfAttempt } from '../domain/inputs.js';
import { type NumberView, type Refusal } from '../domain/gate.js';
import { type Waiting } from '../domain/lanes.js';
import { type PastCall } from '../domain/pace/past-calls.js';
import { type Address } from '../domain/address.js';
import { type Message, type Priority, type State, type Unwritten } from '../domain/message.js';
import { type Consequence, type Refused } from '../domain/retry.js';
import { type TemplateCategory } from '../domain/template.js';

export type Messages = Aggregates<Message | Unwritten, Input, Result>;

/** The numbers of the installation, as account tells of them. */
export interface Numbers {
  readonly view: (number: string) => NumberView | undefined;
}

/** A message under its id. */
export interface KeptMessage {
  readonly messageId: string;
  readonly message: Message;
  /** Its own sequence; undefined where the caller is not told. */
  readonly sequence?: number;
}

/** A place in a list: the message before. */
export interface Place {
  readonly acceptedAt: Date;
  readonly messageId: string;
}

export interface MessageQuery {
  readonly organisation: string;
  /** Undefined = any. */
  readonly number: string | undefined;
  readonly customer: string | undefined;
  /** Empty = any. */
  readonly states: readonly State[];
  readonly from: Date | undefined;
  readonly until: Date | undefined;
  readonly after: Place | undefined;
  readonly limit: number;
}

/** Messages of an organisation, newest first. */
export interface MessageLists {
  readonly find: (query: MessageQuery) => Promise<readonly KeptMessage[]>;
  /** Whether a call for a message of this customer began after `since`. */
  readonly wentSince: (customer: CustomerOfNumber, since: Date) => Promise<boolean>;
  /** Calls to these customers that began after `since`, oldest first; who was not called is absent. */
  readonly calledSince: (
    number: string,
    customers: readonly string[],
    since: Date,
  ) => Promise<ReadonlyMap<string, readonly PastCall[]>>;
}

export interface CustomerOfNumber {
  readonly number: string;
  readonly customer: string;
}

/** When customers last wrote, by Meta's clock: egress's own view of their windows. */
export interface Windows {
  /** Keeps the latest time of each; in any order, any number of times. */
  readonly note: (seen: readonly (CustomerOfNumber & { readonly lastInboundAt: Date })[]) => Promise<void>;
  /** In the order asked; undefined for those who never wrote. */
  readonly lastInbound: (of: readonly CustomerOfNumber[]) => Promise<readonly (Date | undefined)[]>;
}

/** A message that waits, with what the gate asks at dispatch. */
export interface QueuedMessage extends Waiting {
  readonly number: string;
  readonly organisation: string;
  readonly content: Content;
  readonly recipient: Address;
  readonly lastInboundAt: Date | undefined;
  readonly expiresAt: Date | undefined;
  readonly freeEntryUntil: Date | undefined;
  /** Category of its template when it was accepted. */
  readonly acceptedAs: TemplateCategory | undefined;
  /** Meta has not taken it since then, for this reason; undefined when Meta said nothing against it. */
  readonly refusedSince: Date | undefined;
  readonly because: Refusal | undefined;
}

/** A message whose call to Meta is not known to have ended. */
export interface LeftMessage {
  readonly messageId: string;
  readonly partition: number;
  readonly number: string;
  readonly customer: string;
  readonly queue: 'dispatching' | 'unknown';
  /** Its last attempt. */
  readonly attempt: number;
  readonly startedAt: Date;
}

/** The queue is the collection of messages itself: what a document says of its place is the truth. */
export interface Queue {
  /** The oldest waiting messages of a number and class, without those of some customers. */
  readonly waiting: (
    partition: number,
    number: string,
    options: { readonly priority: Priority; readonly without: readonly string[]; readonly limit: number },
  ) => Promise<readonly QueuedMessage[]>;
  /** Numbers of these partitions that have messages waiting. */
  readonly numbers: (
    partitions: readonly number[],
  ) => Promise<readonly { readonly partition: number; readonly number: string }[]>;
  /** Messages of these partitions that are under way or unknown, if begun after `since`; all that are under way. */
  readonly left: (partitions: readonly number[], since: Date) => Promise<readonly LeftMessage[]>;
}

export type LeaseTaken =
  /** Another process has it. */
  | { readonly kind: 'held' }
  /** Ours. For `doubtMs` calls of an owner that was lost may still be under way. */
  | { readonly kind: 'taken'; readonly epoch: number; readonly doubtMs: number };

/** One per partition, in the store and by its clock; only its holder calls Meta. */
export interface Leases {
  readonly take: (partition: number) => Promise<LeaseTaken>;
  /** Renews what is still ours, and names it. */
  readonly renew: (partitions: readonly number[]) => Promise<ReadonlySet<number>>;
  /** Only when none of our calls is under way. */
  readonly release: (partition: number) => Promise<void>;
}

export interface Claim {
  readonly number: string;
  readonly whatsappMessageId: string;
  readonly owner: AttemptId;
  /** Statuses that were there before it. */
  readonly parked: readonly StatusOfAttempt[];
}

/** Where Meta's id of a message meets ours: the answer claims it, statuses that come first wait there for 30 days. */
export interface Wamids {
  /** Says whose it is. The first claim holds; repeating it answers the same. */
  readonly claim: (
    number: string,
    whatsappMessageId: string,
    owner: AttemptId & { readonly partition: number },
  ) => Promise<Claim>;
  /** In the order asked: the claim, where there is one; else the status is parked and undefined answered. */
  readonly meet: (statuses: readonly StatusOfAttempt[]) => Promise<readonly (Claim | undefined)[]>;
  /** What was parked has been folded. */
  readonly settle: (claim: Pick<Claim, 'number' | 'whatsappMessageId'>) => Promise<void>;
  /** Claims of these messages. */
  readonly ofMessages: (messageIds: readonly string[]) => Promise<readonly Claim[]>;
  /** Claims of a partition whose parked statuses are not known to be folded. */
  readonly unsettled: (partition: number) => Promise<readonly Claim[]>;
}

export interface MetaCall {
  readonly number: string;
  readonly token: string;
  readonly recipient: Address;
  readonly content: Sendable;
  /** Empty for none. */
  readonly replyTo: string;
  readonly callbackData: string;
  /** The trace the attempt belongs to. */
  readonly trace?: string | undefined;
}

export type CallResult =
  | { readonly kind: 'accepted'; readonly whatsappMessageId: string }
  | ({ readonly kind: 'refused' } & Refused)
  | { readonly kind: 'not-sent'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Meta's Cloud API. Never throws: what went wrong is a result. */
export interface CloudApi {
  readonly send: (call: MetaCall) => Promise<CallResult>;
}

/** Tokens of Meta, from account; never logged. */
export interface MetaTokens {
  /** `unavailable` while account is away; `not-found` when it has none. */
  readonly of: (number: string, version: number) => Promise<string>;
  /** Meta did not accept it: ask again next time. */
  readonly forget: (number: string) => void;
}

export interface Recipient {
  readonly phone: string;
  readonly userId: string;
}

export interface ResolvedRecipient {
  readonly customer: string;
  readonly thread: string;
  readonly chat: string;
  readonly address: Address;
  readonly lastInboundAt: Date | undefined;
  /** What is sent until then is free: the customer came by an advertisement. */
  readonly freeEntryUntil?: Date | undefined;
}

/** Who recipients are: routing alone decides that. */
export interface Recipients {
  readonly resolve: (number: string, recipient: Recipient) => Promise<ResolvedRecipient>;
}

export interface Clock {
  readonly now: () => Date;
  /** Never jumps; for durations only. */
  readonly monotonicMs: () => number;
  /** Runs once, later; the answer cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
}

/** SHA-256, hex. */
export type Hash = (text: string) => string;

/** What an operator of the installation reads. */
export interface Observer {
  /** For refused ones their consequence. */
  readonly dispatched: (result: Exclude<CallResult['kind'], 'refused'> | Consequence, seconds: number) => void;
  readonly inFlight: (calls: number) => void;
  readonly leases: (held: number) => void;
  /** Numbers of which nothing goes for now. */
  readonly numbersHeld: (slow: number, stopped: number) => void;
  /** Meta was called for a message of this class. */
  readonly called: (of: 'interactive' | 'bulk') => void;
  /** Messages a second of all numbers of this process that have sent: what Meta allows, and what of it is used. */
  readonly rates: (allowed: number, used: number) => void;
  /** A number had something to send and waited for its throughput, or because it is held. */
  readonly waited: (waitsFor: 'throughput' | 'slow' | 'stopped', seconds: number) => void;
  /** People whom a portfolio has reached in 24 hours, and whom it may. */
  readonly reached: (portfolio: string, people: number, limit: number) => void;
  readonly refused: (code: string, where: 'accept' | 'dispatch' | 'send') => void;
  /** What billing answered when a price was to be held. */
  readonly held: (answer: 'held' | 'free' | 'refused' | 'away') => void;
  readonly statuses: (kind: 'ours' | 'found' | 'parked', count: number) => void;
  /** Timers of messages that fired. */
  readonly fired: (about: 'unknown' | 'expiry') => void;
  /** What people decided on unknowns. */
  readonly resolved: (how: 'send-again' | 'give-up') => void;
  /** Something healed by itself or will be tried again. */
  readonly warn: (facts: object, message: string) => void;
}

import type { Presence, Role } from './desk.js';
import type { Standing, Waiting, Want } from './want.js';

/** A thread's chat waits for a person. */
export interface Wanted {
  readonly kind: 'wanted';
  readonly at: Date;
  readonly chatId: string;
  readonly count: number;
  readonly want: Want;
  /** The thread has said something else since: this is a repetition, or is about to be overtaken. */
  readonly isStale: boolean;
}

/** Somebody who was asked does not want it. */
export interface Refused {
  readonly kind: 'refused';
  readonly at: Date;
  readonly chatId: string;
  readonly operatorId: string;
}

/** Whatever the chat has at the desk is free. */
export interface Released {
  readonly kind: 'released';
  readonly at: Date;
  readonly chatId: string;
  readonly count: number;
}

/** Somebody has it already. */
export interface Held {
  readonly kind: 'held';
  readonly at: Date;
  readonly chatId: string;
  readonly count: number;
  readonly operatorId: string;
  readonly isStale: boolean;
}

/** The oldest chats of a line, by the threads' index; `isAll` when it has no others. */
export interface Refill {
  readonly kind: 'refill';
  readonly at: Date;
  readonly line: string;
  readonly found: readonly Waiting[];
  readonly isAll: boolean;
}

/**
 * The desk beside the threads: what should have told it may have been set aside. Chats are those it knew when it was
 * read, each as its thread stands; none where there is no such thread.
 */
export interface Checked {
  readonly kind: 'checked';
  readonly at: Date;
  readonly chats: readonly { readonly chatId: string; readonly standing: Standing | undefined }[];
  readonly lines: readonly Pick<Refill, 'line' | 'found' | 'isAll'>[];
}

export interface TimerFired {
  readonly kind: 'timer-fired';
  readonly at: Date;
  readonly timer: string;
  readonly version: number;
}

/** An operator, as account tells of them. */
export interface OperatorTold {
  readonly kind: 'operator-told';
  readonly at: Date;
  readonly operatorId: string;
  readonly version: number;
  readonly isActive: boolean;
  readonly role: Role;
  readonly departmentIds: readonly string[];
  readonly limit: number;
}

export interface SetPresence {
  readonly kind: 'set-presence';
  readonly at: Date;
  readonly operatorId: string;
  readonly presence: Presence;
  readonly awayAfterMs: number;
}

export interface Heartbeat {
  readonly kind: 'heartbeat';
  readonly at: Date;
  readonly operatorId: string;
}

/** What the thread says of a chat, for the desk that may not know it: it stands behind the head of a line, or in none. */
export interface ChatFacts {
  /** What the thread last said. */
  readonly count: number;
  readonly departmentId: string;
  /** The brand's, for operators without a limit of their own. */
  readonly concurrentLimit: number;
  /** Nobody has it, and it may be taken. */
  readonly isFree: boolean;
}

/** An operator takes a chat, from an offer or from a list. */
export interface Claim {
  readonly kind: 'claim';
  readonly at: Date;
  readonly chatId: string;
  readonly operatorId: string;
  readonly facts: ChatFacts;
}

/** Somebody decides whose it is: a supervisor, or an operator who accepts a transfer. */
export interface Assign {
  readonly kind: 'assign';
  readonly at: Date;
  readonly chatId: string;
  readonly operatorId: string;
  readonly cause: 'assigned' | 'transferred';
  /** Above the limit as well. */
  readonly isForced: boolean;
  readonly facts: ChatFacts;
}

export type DeskInput =
  | Wanted
  | Refused
  | Released
  | Held
  | Refill
  | Checked
  | TimerFired
  | OperatorTold
  | SetPresence
  | Heartbeat
  | Claim
  | Assign;

import { type Outcome } from './attempt.js';
import { type Refusal } from './gate/refusal.js';
import { type Payer } from './money/payer.js';
import { type Payment } from './money/payment.js';
import { type Draft } from './message.js';
import { type Report } from './report.js';

/** What can happen to a message. Each may come twice; the second one changes nothing. */

/** One status of Meta about one attempt. */
export interface StatusOfAttempt {
  /** The business number it is about. */
  readonly number: string;
  /** Meta's id of the message (wamid). */
  readonly whatsappMessageId: string;
  /** By our id, where the status carries it; else the attempt is found by Meta's. */
  readonly attempt: number | undefined;
  readonly report: Report;
}

/** Somebody wants a message sent. `gate` is the verdict at that moment. */
export interface Accept {
  readonly kind: 'accept';
  readonly draft: Draft;
  readonly refusal: Refusal | undefined;
  /** A refused reply stands in its thread and says so; a refused call is told to its caller and leaves nothing. */
  readonly whenRefused: 'say' | 'throw';
  /** True where another process may have to be told that there is work. */
  readonly wake: boolean;
  readonly at: Date;
}

/** A call to Meta is about to begin. */
export interface Begin {
  readonly kind: 'begin';
  readonly call: string;
  readonly epoch: number;
  /** Undefined where nobody is paid. */
  readonly payment?: Payment | undefined;
  readonly at: Date;
}

/** What a call came to, with the statuses that were parked under Meta's id until then. */
export interface Answer {
  readonly kind: 'answer';
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly parked: readonly StatusOfAttempt[];
  /** For withdrawn ones: when to try again. */
  readonly notBefore: Date | undefined;
  readonly at: Date;
}

export interface Statuses {
  readonly kind: 'statuses';
  readonly statuses: readonly StatusOfAttempt[];
}

/** The gate refused it at dispatch. */
export interface Refuse {
  readonly kind: 'refuse';
  readonly refusal: Refusal;
  readonly at: Date;
}

/** The message's timer fired. */
export interface Fire {
  readonly kind: 'fire';
  readonly version: number;
  /** Another message of the customer went after the attempt that is unknown. */
  readonly wentSince: boolean;
  /** Who pays for its number, as far as that is known. */
  readonly payer: Payer | undefined;
  readonly at: Date;
}

/** A person decides on a message of which nobody knows. */
export interface Resolve {
  readonly kind: 'resolve';
  readonly resolution: 'send-again' | 'give-up';
  readonly wentSince: boolean;
  readonly at: Date;
}

export type Input = Accept | Begin | Answer | Statuses | Refuse | Fire | Resolve;

import { type Address } from './address.js';
import { standingOf, wasDelivered, type Attempt, type Standing } from './attempt.js';
import { type Content } from './content.js';
import { type Refusal } from './gate/refusal.js';
import { pricingOf, type MetaError, type Pricing, type Report } from './report.js';
import { becauseOf } from './retry.js';
import { type TemplateCategory } from './template.js';

export type Priority = 0 | 1;
export const INTERACTIVE: Priority = 0;
export const BULK: Priority = 1;

/** A message as somebody wants it sent. None of it ever changes. */
export interface Draft {
  readonly organisation: string;
  readonly number: string;
  readonly customer: string;
  readonly thread: string;
  readonly chat: string;
  /** Sequence of the reply in its thread; 0 for messages that are no replies. */
  readonly threadSequence: number;
  readonly content: Content;
  readonly recipient: Address;
  /** The message answered (wamid); empty for none. */
  readonly replyTo: string;
  readonly idempotencyKey: string;
  /** Of what was asked for: the same key with another hash is a conflict (TX-2). */
  readonly contentHash: string;
  /** The customer's last message as the request knew it, by Meta's clock. */
  readonly lastInboundAt?: Date;
  /** The customer came by an advertisement: what is sent until then is free. */
  readonly freeEntryUntil?: Date;
  /** The trace of what asked for it (W3C), so that the attempts belong to it whenever and wherever they are made. */
  readonly trace?: string;
  /** Who pays: fixed at accept, else by the first attempt that costs; empty where nobody does. */
  readonly wallet: string;
  /** Of the topics that are keyed by the number: its owner dispatches it. */
  readonly partition: number;
  /** 0 = interactive, before 1 = bulk. */
  readonly priority: Priority;
  /** When it is not worth sending any more. */
  readonly expiresAt?: Date;
  /** Category of its template when it was accepted; absent for all else, and where it was not known. */
  readonly category?: TemplateCategory;
  /** Order among the messages of one number and priority. */
  readonly order: number;
}

export type State =
  'accepted' | 'dispatching' | 'sent' | 'delivered' | 'read' | 'played' | 'failed' | 'refused' | 'unknown' | 'expired';

/** An outbound message as it is kept: the fields of the document `messages`. */
export interface Message extends Draft {
  readonly acceptedAt: Date;
  /** The best of its attempts. */
  readonly state: State;
  /** What the owner has to do with it: to send it, to wait for an answer, to wait for somebody who knows. */
  readonly queue?: 'waiting' | 'dispatching' | 'unknown' | undefined;
  /** Not to be tried again before; for messages that wait. */
  readonly notBefore?: Date | undefined;
  /** When Meta first did not take it though it may yet. */
  readonly refusedSince?: Date;
  readonly attempts: readonly Attempt[];
  readonly refusal?: Refusal;
  /** One of many: that it was accepted is said with the first thing that becomes of it. */
  readonly untold?: true | undefined;
  /** Since when nobody knows whether Meta has its last attempt. */
  readonly unknownSince?: Date;
  /** A person is asked what to do with it. */
  readonly needsDecision?: true | undefined;
  /** Attempts up to this one that are unknown count as that: the rule or a person has decided (TX-4). */
  readonly presumed?: { readonly upTo: number; readonly as: 'withdrawn' | 'failed' };
  /** It was sent again after a later message of its customer. */
  readonly outOfOrder?: true;
  /** The timer that was armed last; a fire of any other version says nothing. */
  readonly timer?: { readonly version: number; readonly due: Date; readonly isOver: boolean };
}

type Attempts = Pick<Message, 'attempts' | 'presumed'>;

/** What a message is before it was accepted. */
export interface Unwritten {
  readonly state?: undefined;
}

export const unwritten: Unwritten = {};

/** From least to most over several attempts: as long as one may still arrive, the message has not failed. */
const byAttempt: readonly Standing[] = [
  'withdrawn',
  'failed',
  'unknown',
  'dispatching',
  'sent',
  'delivered',
  'read',
  'played',
];

/** The message with other attempts: its state and its place in the queue follow from them. */
export function withAttempts(message: Message, attempts: readonly Attempt[]): Message {
  const best = bestStanding({ ...message, attempts });
  const state = best === 'withdrawn' ? 'accepted' : best;
  const needsDecision = state === 'unknown' ? message.needsDecision : undefined;
  return { ...message, attempts, state, queue: queueOf[state], needsDecision };
}

const queueOf: Partial<Record<State, 'waiting' | 'dispatching' | 'unknown'>> = {
  accepted: 'waiting',
  dispatching: 'dispatching',
  unknown: 'unknown',
};

/** A second attempt was delivered too. */
export const isDoubled = ({ attempts }: Pick<Message, 'attempts'>): boolean => attempts.filter(wasDelivered).length > 1;

/** The attempt that decides where the message stands: the best one, of equals the first. */
export function bestAttempt(message: Attempts): Attempt | undefined {
  const best = bestStanding(message);
  return message.attempts.find((attempt) => standingIn(message, attempt) === best);
}

/** Meta's id of the attempt that decides; else of any. Empty while none is known. */
export function whatsappMessageIdOf(message: Attempts): string {
  const named = message.attempts.find(({ whatsappMessageId }) => whatsappMessageId !== undefined);
  return bestAttempt(message)?.whatsappMessageId ?? named?.whatsappMessageId ?? '';
}

/** Pricing as Meta reported it of the attempt that decides. */
export function pricingOfMessage(message: Attempts): Pricing | undefined {
  const best = bestAttempt(message);
  return best && pricingOf(best.reports);
}

/** Earliest time of each state. What was read was delivered, and what was delivered was sent. */
export function stateTimes({ acceptedAt, attempts, state, refusal }: Message): ReadonlyMap<State, Date> {
  const times = new Map<State, Date>([[state === 'refused' && refusal ? 'refused' : 'accepted', acceptedAt]]);
  const note = (of: State, at: Date): void => {
    const known = times.get(of);
    if (!known || at < known) times.set(of, at);
  };
  for (const { reports, outcome, answeredAt } of attempts) {
    if (outcome?.kind === 'accepted' && answeredAt) note('sent', answeredAt);
    if (outcome?.kind === 'rejected' && answeredAt) note('failed', answeredAt);
    for (const { status, at } of reports) for (const implied of implies[status] ?? []) note(implied, at);
  }
  return times;
}

const implies: Partial<Record<string, readonly State[]>> = {
  sent: ['sent'],
  delivered: ['sent', 'delivered'],
  read: ['sent', 'delivered', 'read'],
  played: ['sent', 'delivered', 'read', 'played'],
  failed: ['failed'],
};

/** Why a message was refused or failed, for people: a stable code, a sentence, and what to do where that is known. */
export function troubleOf(message: Message): Refusal | undefined {
  const { refusal, state } = message;
  if (refusal && (state === 'refused' || state === 'expired')) return refusal;
  const best = bestAttempt(message);
  if (state === 'failed') {
    if (best?.outcome?.kind === 'unknown' && best.reports.length === 0) return gaveUp;
    const error = best && errorOf(best);
    const remedy = best?.outcome?.kind === 'rejected' ? (best.outcome.remedy ?? '') : '';
    return error ? becauseOf({ error, remedy }) : { code: 'meta.failed', reason: 'Meta reports a failure', remedy };
  }
  if (state !== 'unknown') return undefined;
  const reason = best?.outcome?.kind === 'unknown' ? best.outcome.reason : 'no answer';
  const remedy = message.needsDecision ? 'decide: send it again, or give it up' : '';
  return { code: 'egress.unknown', reason: `nobody knows whether Meta has it (${reason})`, remedy };
}

const gaveUp: Refusal = {
  code: 'egress.given-up',
  reason: 'nobody knows whether Meta has it, and it was given up',
  remedy: '',
};

/** Why a message that waits was not taken at its last attempt; undefined when Meta said nothing against it. */
export function heldBackBy({ attempts }: Pick<Message, 'attempts'>): Refusal | undefined {
  const outcome = attempts.at(-1)?.outcome;
  return outcome?.kind === 'withdrawn' && outcome.error
    ? becauseOf({ error: outcome.error, remedy: outcome.remedy ?? '' })
    : undefined;
}

/** Meta's error of an attempt: of its answer, else of a status. */
export function errorOf({ outcome, reports }: Attempt): MetaError | undefined {
  const answered = outcome?.kind === 'rejected' || outcome?.kind === 'withdrawn' ? outcome.error : undefined;
  return answered ?? reports.find(isFailure)?.errors?.[0];
}

const isFailure = ({ status }: Report): boolean => status === 'failed';

/** Where an attempt stands as far as the message goes. */
function standingIn({ presumed }: Attempts, attempt: Attempt): Standing {
  const standing = standingOf(attempt);
  return standing === 'unknown' && presumed && attempt.number <= presumed.upTo ? presumed.as : standing;
}

function bestStanding(message: Attempts): Standing {
  let best: Standing = 'withdrawn';
  for (const attempt of message.attempts) {
    const standing = standingIn(message, attempt);
    if (byAttempt.indexOf(standing) > byAttempt.indexOf(best)) best = standing;
  }
  return best;
}

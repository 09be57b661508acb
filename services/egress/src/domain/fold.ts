import { Failure } from '@switchboard/errors';
import { withOutcome, withReport, type Attempt, type Outcome } from './attempt.js';
import { expired, type Refusal } from './gate.js';
import { refusedByExpiry } from './gate/expiry.js';
import { mayCost } from './may-cost.js';
import { BULK, isDoubled, withAttempts, type Draft, type Message, type Unwritten } from './message.js';
import { pricingOf, type MetaError, type Pricing, type Report } from './report.js';
import { deadlineOf, givenUp, sentAgain } from './unknown.js';

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

/** What happened, with the message as it stands after it. */
export type Event = { readonly message: Message; readonly at: Date } & (
  | { readonly kind: 'accepted' }
  | { readonly kind: 'sent'; readonly attempt: number }
  | {
      readonly kind: 'status-changed';
      readonly attempt: number;
      readonly status: string;
      readonly pricing: Pricing | undefined;
      readonly errors: readonly MetaError[];
      readonly doubled: boolean;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unknown'; readonly attempt: number; readonly reason: string }
  | {
      readonly kind: 'failed';
      readonly attempt: number;
      readonly error: MetaError | undefined;
      readonly remedy: string;
    }
  /** For `egress.wake`: there is work. */
  | { readonly kind: 'wake' }
  /** For `timer.commands`: the message is to be looked at then. */
  | { readonly kind: 'timer'; readonly version: number; readonly due: Date; readonly about: 'unknown' | 'expiry' }
);

export interface Result {
  readonly message: Message | undefined;
  /** For `begin`: the attempt that may be called; absent when there is nothing to send (any more). */
  readonly attempt: number | undefined;
}

export interface Folded {
  readonly state: Message | Unwritten;
  readonly events: readonly Event[];
  readonly result: Result;
}

/** So many attempts that came to nothing are remembered. */
const KEPT_ATTEMPTS = 20;

/** The message after an input. Every input may come twice; the second one changes nothing. */
export const foldMessage = (state: Message | Unwritten, input: Input): Folded =>
  withTimer(withAccepted(folded(state, input)), input);

function folded(state: Message | Unwritten, input: Input): Folded {
  if (input.kind === 'accept') return accept(state, input);
  // Inputs about messages that were never ours, or are not kept any more.
  if (state.state === undefined) return { state, events: [], result: { message: undefined, attempt: undefined } };
  switch (input.kind) {
    case 'begin':
      return begin(state, input);
    case 'answer':
      return answer(state, input);
    case 'statuses':
      return unchangedOr(state, ...mergeStatuses(state, input.statuses));
    case 'refuse':
      return refuse(state, input);
    case 'fire':
      return fire(state, input);
    case 'resolve':
      return resolve(state, input);
  }
}

function accept(state: Message | Unwritten, { draft, refusal, whenRefused, wake, at }: Accept): Folded {
  if (state.state !== undefined) {
    if (state.contentHash !== draft.contentHash) throw keyReused();
    return unchangedOr(state, state, []);
  }
  if (refusal && whenRefused === 'throw') throw refusedByGate(refusal);
  const kept = { ...draft, acceptedAt: at, attempts: [] };
  if (refusal) {
    const message: Message = { ...kept, state: 'refused', refusal };
    return unchangedOr(state, message, [{ kind: 'refused', message, refusal, at }]);
  }
  const isBulk = draft.priority === BULK;
  const message: Message = { ...kept, state: 'accepted', queue: 'waiting', ...(isBulk && { untold: true }) };
  const said: Event[] = isBulk ? [] : [{ kind: 'accepted', message, at }];
  const woken: Event[] = wake ? [{ kind: 'wake', message, at }] : [];
  return unchangedOr(state, message, [...said, ...woken]);
}

/** Bulk messages say nothing until something became of them, so that no interactive one stands behind them in the log. */
function withAccepted(after: Folded): Folded {
  const { state, events, result } = after;
  const isSilent = events.every(({ kind }) => kind === 'wake' || kind === 'timer');
  if (state.state === undefined || !state.untold || isSilent) return after;
  const told = (message: Message): Message => ({ ...message, untold: undefined });
  const before: Message = { ...told(state), state: 'accepted', queue: 'waiting', attempts: [] };
  return {
    state: told(state),
    events: [
      { kind: 'accepted', message: before, at: before.acceptedAt },
      ...events.map((event) => ({ ...event, message: told(event.message) })),
    ],
    result: { ...result, message: told(state) },
  };
}

function begin(message: Message, { call, epoch, at }: Begin): Folded {
  const last = message.attempts.at(-1);
  // After a lost answer of the store the same `begin` is folded again.
  if (last?.call === call) return { state: message, events: [], result: { message, attempt: last.number } };
  if (message.queue !== 'waiting') return { state: message, events: [], result: { message, attempt: undefined } };
  const attempt: Attempt = { number: (last?.number ?? 0) + 1, call, epoch, startedAt: at, reports: [] };
  const next = withAttempts({ ...message, notBefore: undefined }, [...forgetful(message.attempts), attempt]);
  return { state: next, events: [], result: { message: next, attempt: attempt.number } };
}

function answer(message: Message, { attempt: number, outcome, parked, notBefore, at }: Answer): Folded {
  const index = message.attempts.findIndex((attempt) => attempt.number === number);
  const before = message.attempts[index];
  if (!before) return unchangedOr(message, message, []);

  const attempt = withOutcome(before, outcome, at);
  let next = message;
  const events: Event[] = [];
  if (attempt !== before) {
    next = withAttempts(message, message.attempts.with(index, attempt));
    if (next.queue === 'unknown' && message.queue !== 'unknown') next = { ...next, unknownSince: at };
    if (next.queue === 'waiting')
      next = { ...next, ...(notBefore && { notBefore }), ...refusedSince(next, outcome, at) };
    events.push(...said(next, outcome, number, at));
  }
  const [merged, changes] = mergeStatuses(next, parked);
  return unchangedOr(message, merged, [...events, ...changes]);
}

/** What Meta refuses may wait only so long, and not anew with each attempt. */
const refusedSince = (message: Message, outcome: Outcome, at: Date): Pick<Message, 'refusedSince'> =>
  outcome.kind === 'withdrawn' && outcome.error ? { refusedSince: message.refusedSince ?? at } : {};

/** An answer is worth telling, but for those that change nothing: not handed over, or unknown after a status told. */
function said(message: Message, outcome: Outcome, attempt: number, at: Date): Event[] {
  switch (outcome.kind) {
    case 'accepted':
      return [{ kind: 'sent', message, attempt, at }];
    case 'rejected':
      return [{ kind: 'failed', message, attempt, error: outcome.error, remedy: outcome.remedy ?? '', at }];
    case 'unknown':
      return message.state === 'unknown' ? [{ kind: 'unknown', message, attempt, reason: outcome.reason, at }] : [];
    case 'withdrawn':
      return [];
  }
}

function mergeStatuses(message: Message, statuses: readonly StatusOfAttempt[]): [Message, Event[]] {
  let next = message;
  const events: Event[] = [];
  for (const status of statuses) {
    const index = next.attempts.findIndex((attempt) => isAbout(status, attempt));
    const before = next.attempts[index];
    if (!before || status.number !== message.number) continue;
    const attempt = withReport(before, status.report, status.whatsappMessageId);
    if (attempt === before) continue;
    next = withAttempts(next, next.attempts.with(index, attempt));
    events.push({
      kind: 'status-changed',
      message: next,
      attempt: attempt.number,
      status: status.report.status,
      pricing: pricingOf(attempt.reports),
      errors: status.report.errors ?? [],
      doubled: isDoubled(next),
      at: status.report.at,
    });
  }
  return [next, events];
}

function refuse(message: Message, { refusal, at }: Refuse): Folded {
  if (message.queue !== 'waiting') return unchangedOr(message, message, []);
  const state = refusal.code === expired.code ? 'expired' : 'refused';
  const next: Message = { ...message, queue: undefined, notBefore: undefined, state, refusal };
  return unchangedOr(message, next, [{ kind: 'refused', message: next, refusal, at }]);
}

/** Free messages are sent again, once; of others, and the second time, a person is asked (TX-4). */
function fire(message: Message, { version, wentSince, at }: Fire): Folded {
  const { timer } = message;
  if (timer?.version !== version || timer.isOver) return unchangedOr(message, message, []);
  const fired: Message = { ...message, timer: { ...timer, isOver: true } };
  if (refusedByExpiry(fired.expiresAt, at) && fired.queue === 'waiting')
    return refuse(fired, { kind: 'refuse', refusal: expired, at });
  if (fired.queue !== 'unknown') return unchangedOr(message, fired, []);
  if (!mayCost(fired.content, at) && !fired.presumed) return again(fired, wentSince, at);
  const asking: Message = { ...fired, needsDecision: true };
  const reason = 'no word of Meta for ten minutes, and another attempt may cost: decide whether it is sent again';
  const attempt = fired.attempts.at(-1)?.number ?? 0;
  return unchangedOr(message, asking, [{ kind: 'unknown', message: asking, attempt, reason, at }]);
}

function resolve(message: Message, { resolution, wentSince, at }: Resolve): Folded {
  if (message.queue !== 'unknown') throw notUnknown();
  if (resolution === 'send-again') return again(message, wentSince, at);
  const next = givenUp(message);
  const attempt = message.attempts.at(-1)?.number ?? 0;
  return unchangedOr(message, next, [{ kind: 'failed', message: next, attempt, error: undefined, remedy: '', at }]);
}

function again(message: Message, wentSince: boolean, at: Date): Folded {
  const next = sentAgain(message, wentSince);
  return unchangedOr(message, next, [{ kind: 'wake', message: next, at }]);
}

/** Arms the one timer of a message where it has to be looked at by another time than before. */
function withTimer(after: Folded, input: Input): Folded {
  const { state, events, result } = after;
  const due = state.state === undefined ? undefined : deadlineOf(state);
  if (state.state === undefined || !due) return after;
  const { timer } = state;
  if (timer && !timer.isOver && timer.due.getTime() === due.getTime()) return after;
  const version = (timer?.version ?? 0) + 1;
  const message: Message = { ...state, timer: { version, due, isOver: false } };
  const about = state.queue === 'unknown' ? 'unknown' : 'expiry';
  const at = 'at' in input ? input.at : due;
  return {
    state: message,
    events: [...events, { kind: 'timer', message, version, due, about, at }],
    result: { ...result, message },
  };
}

const isAbout = (status: StatusOfAttempt, attempt: Attempt): boolean =>
  status.attempt === undefined
    ? status.whatsappMessageId === attempt.whatsappMessageId
    : status.attempt === attempt.number;

/** A number that is throttled for hours must not make a document of thousands of attempts. */
function forgetful(attempts: readonly Attempt[]): readonly Attempt[] {
  if (attempts.length < KEPT_ATTEMPTS) return attempts;
  const oldest = attempts.findIndex(({ outcome, reports }) => outcome?.kind === 'withdrawn' && reports.length === 0);
  return oldest === -1 ? attempts : attempts.toSpliced(oldest, 1);
}

const unchangedOr = (before: Message | Unwritten, message: Message, events: readonly Event[]): Folded => ({
  state: events.length === 0 && before === message ? before : message,
  events,
  result: { message, attempt: undefined },
});

const notUnknown = (): Failure =>
  new Failure(
    'invalid',
    'egress.message-not-unknown',
    'it is known what became of the message; look at it again before you decide',
  );

const keyReused = (): Failure =>
  new Failure(
    'conflict',
    'egress.key-reused',
    'this idempotency key belongs to a message with other content; use a new key for a new message',
    {
      violations: [
        {
          field: 'message.idempotency_key',
          description: 'belongs to a message with other content; use a new key for a new message',
        },
      ],
    },
  );

/** A refusal as the caller of `Send` is told it. */
export function refusedByGate({ code, reason, remedy, opensAt, field }: Refusal): Failure {
  return new Failure('invalid', code, reason, {
    violations: [{ field: field ? `message.${field}` : 'phone_number_id', description: `${reason}; ${remedy}` }],
    details: { remedy, ...(opensAt && { opensAt: opensAt.toISOString() }) },
  });
}

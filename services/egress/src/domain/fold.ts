import { Failure } from '@switchboard/errors';
import { withOutcome, withReport, type Attempt, type Outcome } from './attempt.js';
import { type Refusal } from './gate.js';
import { isDoubled, withAttempts, type Draft, type Message, type Unwritten } from './message.js';
import { pricingOf, type MetaError, type Pricing, type Report } from './report.js';

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

export type Input = Accept | Begin | Answer | Statuses | Refuse;

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
  | { readonly kind: 'failed'; readonly attempt: number; readonly error: MetaError; readonly remedy: string }
  /** For `egress.wake`: there is work. */
  | { readonly kind: 'wake' }
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
export function foldMessage(state: Message | Unwritten, input: Input): Folded {
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
  const message: Message = { ...kept, state: 'accepted', queue: 'waiting' };
  const woken: Event[] = wake ? [{ kind: 'wake', message, at }] : [];
  return unchangedOr(state, message, [{ kind: 'accepted', message, at }, ...woken]);
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
  const next: Message = { ...message, queue: undefined, notBefore: undefined, state: 'refused', refusal };
  return unchangedOr(message, next, [{ kind: 'refused', message: next, refusal, at }]);
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

const keyReused = (): Failure =>
  new Failure(
    'conflict',
    'egress.key-reused',
    'this idempotency key belongs to a message with other content; use a new key for a new message',
  );

/** A refusal as the caller of `Send` is told it. */
export function refusedByGate({ code, reason, remedy, opensAt }: Refusal): Failure {
  return new Failure('invalid', code, reason, {
    violations: [{ field: fieldOf[code] ?? 'phone_number_id', description: `${reason}; ${remedy}` }],
    details: { remedy, ...(opensAt && { opensAt: opensAt.toISOString() }) },
  });
}

const fieldOf: Partial<Record<string, string>> = {
  'egress.text-empty': 'text',
  'egress.text-too-long': 'text',
  'egress.content-unsupported': 'text',
  'egress.window-closed': 'recipient',
};

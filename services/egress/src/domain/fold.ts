import { Failure } from '@switchboard/errors';
import { standingOf, wasDelivered, withOutcome, withReport, type Attempt, type Outcome } from './attempt.js';
import { type Event, type Folded, unchangedOr } from './folded.js';
import { type Refusal } from './gate/refusal.js';
import { type Accept, type Answer, type Begin, type Input, type StatusOfAttempt } from './inputs.js';
import { BULK, isDoubled, withAttempts, type Message, type Unwritten } from './message.js';
import { refuse } from './refuse.js';
import { type Payment } from './money/payment.js';
import { pricingOf } from './report.js';
import { fire, resolve, withTimer } from './unknown.js';

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

function begin(message: Message, { call, epoch, payment, at }: Begin): Folded {
  const last = message.attempts.at(-1);
  // After a lost answer of the store the same `begin` is folded again.
  if (last?.call === call) return { state: message, events: [], result: { message, attempt: last.number } };
  if (message.queue !== 'waiting') return { state: message, events: [], result: { message, attempt: undefined } };
  const number = (last?.number ?? 0) + 1;
  // Somebody else has made an attempt meanwhile: the price of another one is held.
  if (payment?.heldFor !== undefined && payment.heldFor !== number)
    return { state: message, events: [], result: { message, attempt: undefined } };
  const attempt: Attempt = { number, call, epoch, startedAt: at, ...paid(payment), reports: [] };
  const wallet = message.wallet || (payment?.wallet ?? '');
  const next = withAttempts({ ...message, wallet, notBefore: undefined }, [...forgetful(message.attempts), attempt]);
  return { state: next, events: [], result: { message: next, attempt: attempt.number } };
}

const paid = (payment: Payment | undefined): Pick<Attempt, 'payment'> =>
  payment ? { payment: { isHeld: payment.heldFor !== undefined, windowOpen: payment.windowOpen } } : {};

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
      // Its price is given back; what was delivered meanwhile keeps it.
      return isPutOff(message, attempt) ? [{ kind: 'put-off', message, attempt, at }] : [];
  }
}

const isPutOff = ({ attempts }: Message, number: number): boolean =>
  attempts.some(
    (attempt) => attempt.number === number && attempt.payment?.isHeld === true && standingOf(attempt) === 'withdrawn',
  );

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
      delivered: wasDelivered(attempt),
      at: status.report.at,
    });
  }
  return [next, events];
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

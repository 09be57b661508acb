/** What becomes of a message of which nobody knows whether Meta has it, and of one whose time runs out (TX-4, TX-3). */
import { Failure } from '@switchboard/errors';
import { type Folded, unchangedOr } from './folded.js';
import { expired, refusedByExpiry } from './gate/expiry.js';
import { type Fire, type Input, type Resolve } from './inputs.js';
import { windowClosesAt } from './gate/window.js';
import { type CostQuestion, mayCost } from './may-cost.js';
import { type Message, withAttempts } from './message.js';
import { refuse } from './refuse.js';

/** So long statuses may tell; then the rule decides. */
export const UNKNOWN_FOR_MS = 10 * 60_000;

/** When the message has to be looked at though nothing happens to it; undefined when it need not. */
function deadlineOf({ queue, unknownSince, needsDecision, expiresAt }: Message): Date | undefined {
  if (queue === 'waiting') return expiresAt;
  if (queue !== 'unknown' || needsDecision || !unknownSince) return undefined;
  return new Date(unknownSince.getTime() + UNKNOWN_FOR_MS);
}

/** The message as if what is unknown of it had not been handed over: it waits for another attempt. */
const sentAgain = (message: Message, wentSince: boolean): Message =>
  presuming({ ...message, ...(wentSince && { outOfOrder: true }) }, 'withdrawn');

/** The message as if what is unknown of it had failed. Statuses may still say otherwise. */
const givenUp = (message: Message): Message => presuming(message, 'failed');

function presuming(message: Message, as: 'withdrawn' | 'failed'): Message {
  const { attempts } = message;
  const upTo = attempts.at(-1)?.number ?? 0;
  return withAttempts({ ...message, presumed: { upTo, as }, notBefore: undefined }, attempts);
}

/** Free messages are sent again, once; of others, and the second time, a person is asked (TX-4). */
export function fire(message: Message, { version, wentSince, payer, at }: Fire): Folded {
  const { timer } = message;
  if (timer?.version !== version || timer.isOver) return unchangedOr(message, message, []);
  const fired: Message = { ...message, timer: { ...timer, isOver: true } };
  if (refusedByExpiry(fired.expiresAt, at) && fired.queue === 'waiting')
    return refuse(fired, { kind: 'refuse', refusal: expired, at });
  if (fired.queue !== 'unknown') return unchangedOr(message, fired, []);
  if (!mayCost(questionOf(fired), at, payer) && !fired.presumed) return again(fired, wentSince, at);
  const asking: Message = { ...fired, needsDecision: true };
  const reason = 'no word of Meta for ten minutes, and another attempt may cost: decide whether it is sent again';
  const attempt = fired.attempts.at(-1)?.number ?? 0;
  return unchangedOr(message, asking, [{ kind: 'unknown', message: asking, attempt, reason, at }]);
}

const questionOf = ({ content, category, lastInboundAt, freeEntryUntil }: Message): CostQuestion => ({
  content,
  category,
  windowClosesAt: windowClosesAt(lastInboundAt),
  freeEntryUntil,
});

export function resolve(message: Message, { resolution, wentSince, at }: Resolve): Folded {
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
export function withTimer(after: Folded, input: Input): Folded {
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

const notUnknown = (): Failure =>
  new Failure(
    'invalid',
    'egress.message-not-unknown',
    'it is known what became of the message; look at it again before you decide',
  );

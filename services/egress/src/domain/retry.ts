/** What follows when a call to Meta came to nothing: for the message, and for those behind it (TX-5). */
import { type Refusal } from './gate/refusal.js';
import { type MetaError } from './report.js';

/** What follows from a refusal by Meta, as `packages/graph-api` reads it from Meta's error codes. */
export type Consequence = 'back-off' | 'few-tries' | 'wait' | 'stop' | 'never' | 'fix';

/** A refusal by Meta with its consequence. */
export interface Refused {
  readonly error: MetaError;
  readonly consequence: Consequence;
  /** What else would meet the same refusal. */
  readonly scope: 'message' | 'pair' | 'number' | 'account' | 'app';
  /** The shortest wait that makes sense, where one is known. */
  readonly waitMs?: number;
  /** How long Meta has asked to wait. */
  readonly retryAfterMs?: number;
  readonly remedy: string;
}

/** How often it was so before, in a row. */
export interface Before {
  /** Attempts of this message that ended the same way. */
  readonly tries: number;
  /** Times that the number was held already. */
  readonly strikes: number;
}

/** The number waits: `slow` goes on by itself, `stopped` asks now and then whether it was mended. */
export interface NumberWaits {
  readonly kind: 'slow' | 'stopped';
  readonly afterMs: number;
}

export type Next =
  /** Final: the message has failed. */
  | { readonly kind: 'over' }
  /** Only this customer waits, with what comes behind in their lane. */
  | { readonly kind: 'lane'; readonly afterMs: number }
  | NumberWaits;

/** Attempts of one message where Meta does not say what was wrong. */
export const FEW_TRIES = 4;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** What is only busy is asked again at least so often; a limit or a stop less often. */
const BUSY_MS = MINUTE;
const LIMIT_MS = 15 * MINUTE;
/** Whatever a header says. */
const ASKED_MS = 60 * MINUTE;

/**
 * Decides what follows from a refusal. Waits grow with each repetition: by 4 for one customer, as Meta asks on the pair
 * limit (131056), by 2 for a number.
 */
export function nextAfter(
  { consequence, scope, waitMs = SECOND, retryAfterMs = 0 }: Omit<Refused, 'error' | 'remedy'>,
  { tries, strikes }: Before,
): Next {
  const repeated = Math.max(tries, strikes);
  const isOfCustomer = scope === 'message' || scope === 'pair';
  const asked = Math.min(retryAfterMs, ASKED_MS);
  const laneWaits = (): Next => ({ kind: 'lane', afterMs: Math.max(growing(waitMs, 4, tries, BUSY_MS), asked) });
  const numberWaits = (longestMs: number): Next => ({
    kind: 'slow',
    afterMs: Math.max(growing(waitMs, 2, repeated, longestMs), asked),
  });
  switch (consequence) {
    case 'never':
    case 'fix':
      return { kind: 'over' };
    case 'few-tries':
      return tries + 1 < FEW_TRIES ? laneWaits() : { kind: 'over' };
    case 'stop':
      return afterStop(repeated);
    case 'wait':
      // What is to be waited for takes longer than a customer's later messages can.
      return isOfCustomer ? { kind: 'over' } : numberWaits(LIMIT_MS);
    case 'back-off':
      return isOfCustomer ? laneWaits() : numberWaits(waitMs < MINUTE ? BUSY_MS : LIMIT_MS);
  }
}

/** Nobody answered, or no token was to be had just now: nothing was handed over. */
export const afterNotSent = ({ tries, strikes }: Before): NumberWaits => ({
  kind: 'slow',
  afterMs: growing(SECOND, 2, Math.max(tries, strikes), BUSY_MS),
});

/** The number cannot send before somebody mends it. */
export const afterStop = (strikes: number): NumberWaits => ({
  kind: 'stopped',
  afterMs: growing(MINUTE, 2, strikes, LIMIT_MS),
});

/** At least `firstMs`, also where that is more than the longest. */
const growing = (firstMs: number, base: number, times: number, longestMs: number): number =>
  Math.max(firstMs, Math.min(firstMs * base ** times, longestMs));

/** A message that cannot go is kept no longer than this: through a night, and before its window can have closed. */
export const LONGEST_WAIT_MS = 12 * 3_600_000;

/** Meta's refusal as a reason that people read. */
export const becauseOf = ({ error, remedy }: Pick<Refused, 'error' | 'remedy'>): Refusal => ({
  code: `meta.${error.code}`,
  reason: sentence(error),
  remedy,
});

/** What Meta's error says, of its parts the one that says most. */
export const sentence = ({ title, message, details }: MetaError): string => details || message || title;

/** The refusal of a message that waited since then for what Meta refused; undefined while it may wait on. */
export function waitedTooLong(since: Date, because: Refusal, now: Date): Refusal | undefined {
  if (now.getTime() - since.getTime() < LONGEST_WAIT_MS) return undefined;
  return {
    code: 'egress.waited-too-long',
    reason: `it could not be sent for ${LONGEST_WAIT_MS / 3_600_000} hours: ${because.reason} (${because.code})`,
    remedy: `${because.remedy}; then send it again`,
  };
}

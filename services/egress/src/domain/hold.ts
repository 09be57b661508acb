/**
 * The circuit breaker of a number: how long nothing of it goes, and why. Open until a time, then half open: one message at
 * a time tries; closed by the first that Meta takes. In memory alone, since a new owner learns it with its first calls.
 */
import { type NumberView, type Refusal } from './gate.js';

export interface Hold {
  /** `slow` goes on by itself; `stopped` until somebody has mended the number. */
  readonly kind: 'slow' | 'stopped';
  /** In milliseconds. From then on one message at a time tries whether it goes again. */
  readonly until: number;
  /** How often it did not. */
  readonly strikes: number;
  /** Undefined when nobody answered. */
  readonly because: Refusal | undefined;
  /** Of the number as it was when it did not go. */
  readonly version: number;
}

/** The number is to be held. Calls that were under way together count as one. */
export function heldAfter(
  before: Hold | undefined,
  news: Pick<Hold, 'kind' | 'because' | 'version'> & { readonly afterMs: number },
  now: number,
): Hold {
  const { kind, because, version, afterMs } = news;
  const isSameWave = before !== undefined && now < before.until;
  // A stop is not forgotten over a late answer that only asks to slow down.
  if (isSameWave && before.kind === 'stopped' && kind === 'slow') return before;
  const isWorse = before?.kind === 'slow' && kind === 'stopped';
  const until = isSameWave && !isWorse ? Math.max(before.until, now + afterMs) : now + afterMs;
  const strikes = before && !isWorse ? before.strikes + (isSameWave ? 0 : 1) : 1;
  return { kind, because, version, until, strikes };
}

/** Meta has taken a message of the number. One that was called before the hold began proves nothing. */
export const heldAfterSuccess = (hold: Hold | undefined, now: number): Hold | undefined =>
  hold && now < hold.until ? hold : undefined;

/** So many calls in a row that nobody has answered mean that Meta is not there, rather than that a call was lost. */
const SILENCE = 5;

/** It waits before more of its messages become unknown. One that was only to try it is enough. */
export const isSilent = (hold: Hold | undefined, unanswered: number): boolean =>
  hold !== undefined || unanswered >= SILENCE;

/** Somebody has changed the number since it stopped, for example given it another token: it is tried at once. */
export const isMended = ({ kind, version }: Hold, number: NumberView | undefined): boolean =>
  kind === 'stopped' && number !== undefined && number.version > version;

/** What the owner of a number has learnt from Meta's refusals: how long nothing of it goes, and why. In memory alone. */
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

/** Somebody has changed the number since it stopped, for example given it another token: it is tried at once. */
export const isMended = ({ kind, version }: Hold, number: NumberView | undefined): boolean =>
  kind === 'stopped' && number !== undefined && number.version > version;

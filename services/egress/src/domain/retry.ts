/** How long to wait before a message that Meta has not taken is tried again, and who waits. */

export interface Setback {
  /** The customer's lane, or everything of the number. */
  readonly who: 'lane' | 'number';
  readonly afterMs: number;
}

/** Why a call came to nothing. */
export type Cause =
  /** Nobody answered at the address: nothing was handed over. */
  | { readonly kind: 'not-sent' }
  /** Meta says "later", with its code where it gave one. */
  | { readonly kind: 'throttled'; readonly code?: number; readonly retryAfterMs?: number };

/** One business number to one customer, too often. */
const PAIR_LIMIT = 131_056;
const LONGEST_MS = 60_000;

/** `tries` is how many attempts of this message came to nothing before. Meta asks for 4^n seconds on the pair limit. */
export function setback(cause: Cause, tries: number): Setback {
  if (cause.kind === 'throttled' && cause.code === PAIR_LIMIT) {
    return { who: 'lane', afterMs: Math.max(growing(4, tries), cause.retryAfterMs ?? 0) };
  }
  const asked = cause.kind === 'throttled' ? (cause.retryAfterMs ?? 0) : 0;
  return { who: 'number', afterMs: Math.max(growing(2, tries), asked) };
}

const growing = (base: number, tries: number): number => Math.min(1_000 * base ** tries, LONGEST_MS);

/**
 * How fast the messages of one number may follow each other. A token bucket, kept as the one time at which the next token
 * is there; whoever asks brings the time, in milliseconds of a clock that never jumps.
 */

/** What a busy moment of this process has missed is made up for, but no more: a burst is at most this much time's worth. */
export const CATCH_UP_MS = 100;
/** Customers who write use up what the number may send, but never more than this much of the time ahead. */
const DEBT_MS = 1_000;
/** A refusal for speed leaves half, and never less than one in twenty. */
const CUT_TO = 1 / 2;
const LEAST = 1 / 20;
/** Refusals of calls that were under way together are one. */
const WAVE_MS = 1_000;
/** From nothing back to all that is allowed. */
const RECOVERY_MS = 60_000;

/** Meta has refused for speed: from then on the rate rises evenly from what was left of it. */
export interface Cut {
  readonly at: number;
  /** Messages a second. */
  readonly perSecond: number;
}

export interface Throughput {
  /** When the next call may begin; at once when that is not later than now. */
  readonly mayAt: () => number;
  /** A call begins. */
  readonly take: (now: number) => void;
  /** The call did not begin after all. */
  readonly giveBack: (now: number) => void;
  /** No call begins before, and none is made up for. */
  readonly wait: (until: number) => void;
  /** A message that Meta counts and nobody can put off: a customer's. */
  readonly spend: (now: number) => void;
  /** Meta allows another rate from now on. */
  readonly allow: (perSecond: number) => void;
  /** Meta has refused a call for speed. The cut, where it is not of a wave that is known. */
  readonly slowDown: (now: number) => Cut | undefined;
  /** A cut that somebody else had. */
  readonly follow: (cut: Cut) => void;
  /** Messages a second: what is allowed, and what of it is used at present. */
  readonly rate: (now: number) => { readonly allowed: number; readonly used: number };
}

/** Begins empty: what the number has sent just before, through another process, is not known here. */
export function createThroughput(allowedPerSecond: number, begins: number): Throughput {
  let allowed = allowedPerSecond;
  let cut: Cut | undefined;
  let next = begins + 1_000 / allowed;

  function usedAt(now: number): number {
    if (!cut) return allowed;
    const risen = now > cut.at ? ((now - cut.at) / RECOVERY_MS) * allowed : 0;
    return Math.min(allowed, cut.perSecond + risen);
  }
  const stepAt = (now: number): number => 1_000 / usedAt(now);
  const step = (now: number): void => {
    next = Math.max(next, now - CATCH_UP_MS) + stepAt(now);
  };

  return {
    mayAt: () => next,
    take: step,
    giveBack(now) {
      next -= stepAt(now);
    },
    wait(until) {
      next = Math.max(next, until);
    },
    spend(now) {
      if (next < now + DEBT_MS) step(now);
    },
    allow(perSecond) {
      // What has waited at another rate counts by the new one.
      next += 1_000 / perSecond - 1_000 / allowed;
      allowed = perSecond;
    },
    slowDown(now) {
      if (cut && now - cut.at < WAVE_MS) return undefined;
      cut = { at: now, perSecond: Math.max(usedAt(now) * CUT_TO, allowed * LEAST) };
      next = Math.max(next, now + stepAt(now));
      return cut;
    },
    follow(of) {
      if (!cut || of.at > cut.at) cut = of;
    },
    rate: (now) => ({ allowed, used: usedAt(now) }),
  };
}

/**
 * How fast messages of a number may follow each other to one customer. Meta allows one in six seconds, and a burst of 45
 * within six seconds that is then paid back: nothing goes until as much time has passed as the whole burst would have
 * taken. Source: Meta, *Messaging limits*, pair rate limit. Times are in milliseconds of a clock that never jumps.
 */

export interface PairLimit {
  /** Between two messages to one customer. */
  readonly everyMs: number;
  /** So many within one such time. */
  readonly burst: number;
}

interface Pair {
  burstUntil: number;
  /** What may still go before that. */
  left: number;
  /** When everything that went is paid back. */
  owedUntil: number;
  /** No burst before: Meta has counted more than we have. */
  emptyUntil: number;
  /** The call that began the count is under way: when Meta has counted it is not known yet. */
  isOpen: boolean;
}

/** A call of a former owner. */
export interface RememberedCall {
  readonly begun: number;
  /** As far as is known; Meta has counted it before. */
  readonly ended: number;
  readonly isTooFast: boolean;
}

export interface Pairs {
  /** When the next call may begin; 0 = at any time. */
  readonly mayAt: (customer: string, now: number) => number;
  readonly take: (customer: string, now: number) => void;
  /** The call did not begin after all, or Meta did not take it. */
  readonly giveBack: (customer: string) => void;
  /** Meta has answered after so long, and counts from some moment before that. */
  readonly answered: (customer: string, afterMs: number) => void;
  /** Meta has refused: there is no burst until a whole one is paid back. */
  readonly empty: (customer: string, now: number) => void;
  /** Calls that a former owner has begun, oldest first; nothing where we have called ourselves. */
  readonly remember: (customer: string, calls: readonly RememberedCall[]) => void;
  readonly size: () => number;
}

/** A burst ends so much earlier, since its last message is still on its way then. */
const ON_THE_WAY_MS = 1_000;
/** Pairs are forgotten, once they owe nothing, when there are twice as many as after the last time. */
const FEW = 1_024;

export function createPairs({ everyMs, burst }: PairLimit): Pairs {
  const pairs = new Map<string, Pair>();
  let many = FEW;

  function forget(now: number): void {
    if (pairs.size < many) return;
    for (const [customer, pair] of pairs) if (pair.owedUntil <= now && pair.emptyUntil <= now) pairs.delete(customer);
    many = Math.max(FEW, 2 * pairs.size);
  }

  function take(customer: string, now: number): void {
    const pair = pairs.get(customer);
    if (pair && now < pair.owedUntil) {
      pair.left -= 1;
      pair.owedUntil += everyMs;
      return;
    }
    forget(now);
    const emptyUntil = pair?.emptyUntil ?? 0;
    const left = now < emptyUntil ? 0 : burst - 1;
    const burstUntil = now + everyMs - ON_THE_WAY_MS;
    pairs.set(customer, { burstUntil, left, owedUntil: now + everyMs, emptyUntil, isOpen: true });
  }

  function answered(customer: string, afterMs: number): void {
    const pair = pairs.get(customer);
    if (!pair?.isOpen) return;
    pair.isOpen = false;
    pair.owedUntil += afterMs;
  }

  function empty(customer: string, now: number): void {
    pairs.set(customer, { burstUntil: 0, left: 0, owedUntil: now, emptyUntil: now + burst * everyMs, isOpen: false });
  }

  return {
    mayAt(customer, now) {
      const pair = pairs.get(customer);
      if (!pair || now >= pair.owedUntil || (now < pair.burstUntil && pair.left > 0)) return 0;
      return pair.owedUntil;
    },
    take,
    giveBack(customer) {
      const pair = pairs.get(customer);
      if (!pair) return;
      pair.left += 1;
      pair.owedUntil -= everyMs;
      if (pair.left === burst) pairs.delete(customer);
    },
    answered,
    empty,
    remember(customer, calls) {
      if (pairs.has(customer)) return;
      for (const { begun, ended, isTooFast } of calls) {
        if (isTooFast) empty(customer, ended);
        else {
          take(customer, begun);
          answered(customer, ended - begun);
        }
      }
    },
    size: () => pairs.size,
  };
}

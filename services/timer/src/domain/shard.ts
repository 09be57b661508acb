import { createWheel, type Wheel } from './wheel.js';

/** A partition of the command log and its timers, while they are ours. */
export interface Shard {
  readonly number: number;
  /** Raised with each owner; what a lower one writes is refused where ours has written. */
  readonly epoch: number;
  readonly size: () => number;
  /** Timers that are to be looked at before this are in the wheel, or are being loaded. */
  readonly horizon: () => number;
  readonly extend: (horizon: number) => void;
  /** Looks at a timer at this time, if that is before the horizon; the store brings up the others. */
  readonly put: (id: string, at: number) => void;
  readonly has: (id: string) => boolean;
  /** All commands below this offset are written; the last of them was said at this time. */
  readonly consumed: (next: number, saidAt?: number) => void;
  /** Offset of the next command. */
  readonly next: () => number;
  /** Where the log was at a time: first offset and end. Commands said later cannot concern what was due by then. */
  readonly logWas: (at: number, log: { readonly first: number; readonly end: number }) => void;
  /** True when it has seen a later time: it would fire nothing before that comes again. */
  readonly isAheadOf: (now: number) => boolean;
  /** Up to this time every command is written. */
  readonly covered: () => number;
  /** Something is due of which we do not know whether a command moved it. */
  readonly mustAsk: (now: number) => boolean;
  /** The next timer that is due, and covered by what was consumed, and not beyond the catch-up rate. */
  readonly take: (now: number) => string | undefined;
}

/** Later than this is overdue: it fires in order, at the catch-up rate. */
export const OVERDUE_MS = 5_000;
/** By how much the clocks of those who say commands may differ from ours. */
const SKEW_MS = 2_000;

export interface ShardOptions {
  readonly number: number;
  readonly epoch: number;
  readonly now: number;
  /** Overdue timers a second. */
  readonly catchUpRate: number;
  /** Offset of the next command. */
  readonly next: number;
}

export function createShard({ number, epoch, now: start, catchUpRate, next }: ShardOptions): Shard {
  const wheel: Wheel = createWheel(start);
  let horizon = -Infinity;
  let position = next;
  let covered = -Infinity;
  let asked: { readonly at: number; readonly end: number } | undefined;
  let allowance = catchUpRate;
  let allowedAt = start;

  function settle(): void {
    if (!asked || position < asked.end) return;
    covered = Math.max(covered, asked.at);
    asked = undefined;
  }

  function mayCatchUp(now: number): boolean {
    allowance = Math.min(catchUpRate, allowance + (Math.max(0, now - allowedAt) * catchUpRate) / 1_000);
    allowedAt = now;
    if (allowance < 1) return false;
    allowance -= 1;
    return true;
  }

  return {
    number,
    epoch,
    size: wheel.size,
    horizon: () => horizon,
    extend(to) {
      horizon = Math.max(horizon, to);
    },
    put(id, at) {
      if (at < horizon) wheel.put(id, at);
    },
    has: wheel.has,
    consumed(to, saidAt) {
      position = Math.max(position, to);
      if (saidAt !== undefined) covered = Math.max(covered, saidAt - SKEW_MS);
      settle();
    },
    next: () => position,
    logWas(at, { first, end }) {
      // What was deleted from the log is not there to be consumed.
      position = Math.max(position, first);
      // An answer we have not come up to yet stays: newer ones would move ahead of us as fast as we read.
      asked ??= { at, end };
      settle();
    },
    isAheadOf: (now) => wheel.reached() > now + SKEW_MS,
    covered: () => covered,
    mustAsk(now) {
      wheel.advance(now);
      const head = wheel.head();
      return head !== undefined && head <= now && head > covered;
    },
    take(now) {
      wheel.advance(now);
      const head = wheel.head();
      if (head === undefined || head > Math.min(now, covered)) return undefined;
      if (now - head > OVERDUE_MS && !mayCatchUp(now)) return undefined;
      return wheel.take(now);
    },
  };
}

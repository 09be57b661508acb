/** When the next call for a number, and for a customer of it, may begin (TX-5); and what Meta's answers teach about that. */
import { type Refused } from '../retry.js';
import { createPairs, type PairLimit, type RememberedCall } from './pairs.js';
import { CATCH_UP_MS, createThroughput, type Cut } from './throughput.js';

export interface Pace {
  /** When the next call of the number may begin, whoever it is for. */
  readonly mayAt: () => number;
  /** How long this customer has to wait; at most 0 = not at all. */
  readonly waitMs: (customer: string, now: number) => number;
  /** A call begins. */
  readonly begin: (customer: string, now: number) => void;
  /**
   * A call that was begun then is ready to leave, after whatever had to be done for it first: when it may. What was held
   * up would leave together otherwise, however evenly it was begun.
   */
  readonly leaveAt: (now: number, begun: number) => number;
  /** It came to no call. */
  readonly giveBack: (customer: string, now: number) => void;
  /** Meta's answer, or that there was none, after so long. The cut where the number has to be slower from now on. */
  readonly heard: (customer: string, refused: Refused | undefined, now: number, afterMs: number) => Cut | undefined;
  /** A customer wrote: Meta counts that too. */
  readonly spend: (now: number) => void;
  /** Meta allows so many a second. */
  readonly allow: (perSecond: number) => void;
  readonly follow: (cut: Cut) => void;
  /** Calls to a customer that a former owner has begun, oldest first. */
  readonly remember: (customer: string, calls: readonly RememberedCall[]) => void;
  readonly rate: (now: number) => { readonly allowed: number; readonly used: number };
}

export function createPace(perSecond: number, limit: PairLimit, begins: number): Pace {
  const beginning = createThroughput(perSecond, begins);
  const leaving = createThroughput(perSecond, begins);
  const pairs = createPairs(limit);
  return {
    mayAt: beginning.mayAt,
    waitMs: (customer, now) => pairs.mayAt(customer, now) - now,
    begin(customer, now) {
      beginning.take(now);
      pairs.take(customer, now);
    },
    leaveAt(now, begun) {
      const turn = leaving.mayAt();
      leaving.take(now);
      if (!isHeldUp(now - begun) && !isHeldUp(turn - now)) return now;
      // What has yet to leave goes before what has yet to begin.
      beginning.wait(leaving.mayAt());
      return Math.max(now, turn);
    },
    giveBack(customer, now) {
      beginning.giveBack(now);
      pairs.giveBack(customer);
    },
    heard(customer, refused, now, afterMs) {
      if (refused?.scope === 'pair') pairs.empty(customer, now);
      else if (refused) pairs.giveBack(customer);
      else pairs.answered(customer, afterMs);
      if (!refused || !isTooFast(refused)) return undefined;
      leaving.slowDown(now);
      return beginning.slowDown(now);
    },
    spend(now) {
      beginning.spend(now);
      leaving.spend(now);
    },
    allow(perSecond) {
      beginning.allow(perSecond);
      leaving.allow(perSecond);
    },
    follow(cut) {
      beginning.follow(cut);
      leaving.follow(cut);
    },
    remember: pairs.remember,
    rate: beginning.rate,
  };
}

/** Whether what is late by so much has missed its turn and needs another: what is less is made up for. */
export const isHeldUp = (lateMs: number): boolean => lateMs > CATCH_UP_MS;

const SPAM_LIMIT = 131_048;
/** The number is being switched to another rate, or is looked after: that passes and says nothing of its speed. */
const MAINTENANCE = 131_057;

/** Limits of calls (4, 80007) are of an account or an app: the number waits for them, and is no slower afterwards. */
const isTooFast = ({ error: { code }, consequence, scope }: Refused): boolean =>
  code === SPAM_LIMIT || (consequence === 'back-off' && scope === 'number' && code !== MAINTENANCE);

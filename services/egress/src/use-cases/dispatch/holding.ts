import { type NumberView } from '../../domain/gate.js';
import { heldAfter, type Hold, isMended, isSilent } from '../../domain/hold.js';
import { createLanes, type Lanes } from '../../domain/lanes.js';
import { type Priority } from '../../domain/message.js';
import { type Pace } from '../../domain/pace/pace.js';
import { afterNotSent, LONGEST_WAIT_MS } from '../../domain/retry.js';
import { type Clock, type QueuedMessage } from '../ports.js';
import { type Dispatched } from './dispatch-message.js';

/** What is in memory of one number: enough to keep its lanes busy. */
export interface NumberInHand {
  readonly partition: number;
  readonly number: string;
  readonly lanes: Lanes<QueuedMessage>;
  /** A look into the queue is under way; `again` when something came meanwhile. */
  loading: 'no' | 'yes' | 'again';
  /** Classes of which the last look did not see the end of the queue. */
  readonly more: Set<Priority>;
  /** Nothing of it goes for now, but for one message that tries. */
  hold: Hold | undefined;
  /** Calls in a row that nobody has answered. */
  unanswered: number;
  /** Ends the wait for the time when its next message may go. */
  cancelDue: (() => void) | undefined;
}

/** A partition that is ours for now. A new object with each assignment. */
export interface Holding {
  readonly partition: number;
  readonly numbers: Map<string, NumberInHand>;
  /** How fast its numbers may be; kept also while nothing of them waits. */
  readonly paces: Map<string, Pace>;
  /** Numbers of which is known what was learnt before. */
  readonly learnt: Set<string>;
  /** Numbers of which others are told that Meta does not take their messages. */
  readonly stopped: Set<string>;
  /** Customers, by number, of whom is known what a former owner has sent them; nobody any more once that is paid back. */
  readonly recalled: Map<string, Set<string>>;
  /** By the monotonic clock. */
  readonly since: number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** The lease was taken, and the lanes of what a former owner left are held. */
  isReady: boolean;
}

export const createHolding = (partition: number, clock: Pick<Clock, 'monotonicMs'>): Holding => ({
  partition,
  numbers: new Map(),
  paces: new Map(),
  learnt: new Set(),
  stopped: new Set(),
  recalled: new Map(),
  since: clock.monotonicMs(),
  clock,
  isReady: false,
});

export function inHand({ partition, numbers, paces, clock }: Holding, number: string): NumberInHand {
  const found = numbers.get(number);
  if (found) return found;
  const created: NumberInHand = {
    partition,
    number,
    lanes: createLanes((customer) => paces.get(number)?.waitMs(customer, clock.monotonicMs()) ?? 0),
    loading: 'no',
    more: new Set(),
    hold: undefined,
    unanswered: 0,
    cancelDue: undefined,
  };
  numbers.set(number, created);
  return created;
}

export function forget({ numbers }: Holding, { number, cancelDue }: NumberInHand): void {
  cancelDue?.();
  numbers.delete(number);
}

/** The next message of a number. While it is held one at a time tries, and those that have waited too long are ended. */
export function takeNext(
  hand: NumberInHand,
  of: {
    readonly now: number;
    readonly view: NumberView | undefined;
    /** Its pace lets another call begin. */
    readonly mayCall: boolean;
    /** There is room for this class. */
    readonly upTo: Priority;
    readonly isTrying: () => boolean;
  },
): QueuedMessage | undefined {
  const { lanes, hold } = hand;
  if (hold && isMended(hold, of.view)) {
    hand.hold = undefined;
    lanes.pause(0);
  }
  if (!hand.hold) return of.mayCall ? lanes.take(of.now, of.upTo) : undefined;
  const tooOld = hand.hold.kind === 'stopped' ? lanes.takeOlder(of.now - LONGEST_WAIT_MS, of.now) : undefined;
  if (tooOld) return tooOld;
  return !of.mayCall || of.isTrying() ? undefined : lanes.takeLeastTried(of.now);
}

/** A message that Meta has not taken waits, with its customer or with the whole number. */
export function keepBack(
  hand: NumberInHand,
  message: QueuedMessage,
  news: Dispatched & { readonly kind: 'lane' | 'slow' | 'stopped' },
  now: number,
): void {
  const { because = message.because, refusedSince = message.refusedSince } = news;
  const notBefore = news.kind === 'lane' ? now + news.afterMs : 0;
  hand.lanes.putBack({ ...message, because, refusedSince, notBefore, tries: message.tries + 1 });
  if (news.kind === 'lane') return;
  hand.hold = heldAfter(hand.hold, news, now);
  hand.lanes.pause(hand.hold.until);
}

/** Nobody has answered, once more: when that comes often, or while the number is being tried, it waits. */
export function keepBackUnanswered(hand: NumberInHand, version: number, now: number): void {
  if (!isSilent(hand.hold, hand.unanswered)) return;
  const { afterMs } = afterNotSent({ tries: 0, strikes: hand.hold?.strikes ?? 0 });
  hand.hold = heldAfter(hand.hold, { kind: 'slow', because: undefined, version, afterMs }, now);
  hand.lanes.pause(hand.hold.until);
}

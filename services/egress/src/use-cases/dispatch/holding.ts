import { type NumberView } from '../../domain/gate.js';
import { heldAfter, type Hold, isMended } from '../../domain/hold.js';
import { createLanes, type Lanes } from '../../domain/lanes.js';
import { LONGEST_WAIT_MS } from '../../domain/retry.js';
import { type QueuedMessage } from '../ports.js';
import { type Dispatched } from './dispatch-message.js';

/** What is in memory of one number: enough to keep its lanes busy. */
export interface NumberInHand {
  readonly partition: number;
  readonly number: string;
  readonly lanes: Lanes<QueuedMessage>;
  /** A look into the queue is under way; `again` when something came meanwhile. */
  loading: 'no' | 'yes' | 'again';
  /** The last look did not see the end of the queue. */
  hasMore: boolean;
  /** Nothing of it goes for now, but for one message that tries. */
  hold: Hold | undefined;
}

/** A partition that is ours for now. A new object with each assignment. */
export interface Holding {
  readonly partition: number;
  readonly numbers: Map<string, NumberInHand>;
  /** The lease was taken, and the lanes of what a former owner left are held. */
  isReady: boolean;
}

export const createHolding = (partition: number): Holding => ({ partition, numbers: new Map(), isReady: false });

export function inHand({ partition, numbers }: Holding, number: string): NumberInHand {
  const found = numbers.get(number);
  if (found) return found;
  const created: NumberInHand = {
    partition,
    number,
    lanes: createLanes(),
    loading: 'no',
    hasMore: false,
    hold: undefined,
  };
  numbers.set(number, created);
  return created;
}

/** The next message of a number. While it is held one at a time tries, and those that have waited too long are ended. */
export function takeNext(
  hand: NumberInHand,
  of: { readonly now: number; readonly view: NumberView | undefined; readonly isTrying: () => boolean },
): QueuedMessage | undefined {
  const { lanes, hold } = hand;
  if (!hold) return lanes.take(of.now);
  if (isMended(hold, of.view)) {
    hand.hold = undefined;
    lanes.pause(0);
    return lanes.take(of.now);
  }
  const tooOld = hold.kind === 'stopped' ? lanes.takeOlder(of.now - LONGEST_WAIT_MS, of.now) : undefined;
  if (tooOld) return tooOld;
  return of.isTrying() ? undefined : lanes.takeLeastTried(of.now);
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

import { createLanes, type Lanes } from '../../domain/lanes.js';
import { type QueuedMessage } from '../ports.js';

/** What is in memory of one number: enough to keep its lanes busy. */
export interface NumberInHand {
  readonly partition: number;
  readonly number: string;
  readonly lanes: Lanes<QueuedMessage>;
  /** A look into the queue is under way; `again` when something came meanwhile. */
  loading: 'no' | 'yes' | 'again';
  /** The last look did not see the end of the queue. */
  hasMore: boolean;
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
  const created: NumberInHand = { partition, number, lanes: createLanes(), loading: 'no', hasMore: false };
  numbers.set(number, created);
  return created;
}

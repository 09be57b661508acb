import { type Clock, type Observer } from '../ports.js';
import { type Calls } from './calls.js';
import { type Holding } from './holding.js';
import { type LeaseKeeper } from './lease-keeper.js';
import { type Leftovers } from './leftovers.js';

/** Between two tries to get a lease that another process holds. */
const LEASE_RETRY_MS = 500;

/** How a partition becomes ours, and ends to be. */
export interface Takeover {
  /** Takes its lease as soon as it can be had and holds the lanes of what was left; then it is ready. */
  readonly takeOver: (holding: Holding) => Promise<void>;
  /** Waits for the calls under way, then lets the lease go. */
  readonly giveUp: (holding: Holding) => Promise<void>;
}

export function createTakeover(deps: {
  readonly holdings: Map<number, Holding>;
  readonly keeper: LeaseKeeper;
  readonly leftovers: Leftovers;
  readonly calls: Pick<Calls, 'drained'>;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly isCurrent: (holding: Holding) => boolean;
  /** What waits there is to be looked at. */
  readonly look: (partitions: readonly number[]) => Promise<void>;
}): Takeover {
  const { holdings, keeper, leftovers, calls, clock, observer, isCurrent, look } = deps;
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));

  async function takeOver(holding: Holding): Promise<void> {
    const { partition } = holding;
    let taken: { readonly doubtMs: number } | undefined;
    while (isCurrent(holding) && !(taken = await keeper.take(partition))) await pause(LEASE_RETRY_MS);
    // Given up meanwhile: nothing of it is under way, so the lease goes back at once.
    if (!taken || !isCurrent(holding)) {
      if (taken && !holdings.has(partition)) await keeper.release(partition);
      return;
    }
    try {
      await leftovers.takeOver(holding, taken.doubtMs);
      holding.isReady = true;
      await look([partition]);
    } catch (error) {
      observer.warn({ partition, error }, 'a partition is not taken over yet');
      await pause(LEASE_RETRY_MS);
      if (isCurrent(holding)) await takeOver(holding);
    }
  }

  return {
    takeOver,
    async giveUp(holding) {
      const { partition } = holding;
      if (isCurrent(holding)) holdings.delete(partition);
      for (const { cancelDue } of holding.numbers.values()) cancelDue?.();
      await calls.drained(partition);
      // Assigned to us again meanwhile: the lease is still the right one.
      if (!holdings.has(partition)) await keeper.release(partition);
    },
  };
}

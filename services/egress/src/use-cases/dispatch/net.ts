import { type Clock, type Observer } from '../ports.js';
import { type Holding } from './holding.js';
import { type LeaseKeeper } from './lease-keeper.js';
import { type Leftovers } from './leftovers.js';
import { type Pacing } from './pacing.js';
import { type Takeover } from './takeover.js';

/** So often: what waits is found without being asked, at most so late after a lost wake. */
const SCAN_MS = 5_000;

/** What nobody told us: lost wakes, lost leases, what former owners left, what was learnt elsewhere. */
export function createNet(deps: {
  readonly holdings: ReadonlyMap<number, Holding>;
  readonly keeper: LeaseKeeper;
  readonly leftovers: Leftovers;
  readonly pacing: Pacing;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly takeOver: Takeover['takeOver'];
  readonly look: (partitions: readonly number[]) => Promise<void>;
  readonly inBackground: (work: Promise<unknown>) => void;
}): { readonly start: () => void; readonly stop: () => void } {
  const { holdings, keeper, leftovers, pacing, clock, observer, takeOver, look, inBackground } = deps;
  let cancel: (() => void) | undefined;

  function scan(): void {
    const ready = [...holdings.values()].filter(({ isReady }) => isReady);
    // A lease that was lost is asked for again; a former owner may have left something since.
    for (const holding of ready) {
      if (keeper.lease(holding.partition)) continue;
      holding.isReady = false;
      inBackground(takeOver(holding));
    }
    const current = ready.filter(({ isReady }) => isReady);
    const waits = look(current.map(({ partition }) => partition));
    inBackground(Promise.all([waits, leftovers.look(current), ...current.map(pacing.learn)]));
    const rates = current.flatMap(pacing.rates);
    observer.rates(sum(rates.map(({ allowed }) => allowed)), sum(rates.map(({ used }) => used)));
    schedule();
  }

  function schedule(): void {
    cancel = clock.after(SCAN_MS, scan);
  }

  return { start: schedule, stop: () => cancel?.() };
}

const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0);

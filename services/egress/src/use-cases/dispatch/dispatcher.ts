import { type Clock, type Numbers, type Observer, type Queue } from '../ports.js';
import { createAftermath } from './aftermath.js';
import { createCalls } from './calls.js';
import { type DispatchMessage } from './dispatch-message.js';
import { createHolding, type Holding, inHand, type NumberInHand } from './holding.js';
import { type KnownStops } from './known-stops.js';
import { type LeaseKeeper } from './lease-keeper.js';
import { createLeftovers } from './leftovers.js';
import { createLookAhead } from './look-ahead.js';
import { createNet } from './net.js';
import { type Pacing } from './pacing.js';
import { type SettleLeft } from './settle-left.js';
import { createTakeover } from './takeover.js';
import { createTurns } from './turns.js';

export interface Dispatcher {
  readonly start: () => void;
  /** Begins no call any more, waits for those under way (bounded), then lets the leases go. */
  readonly stop: () => Promise<void>;
  /** The partition is ours: takes its lease when it can be had, settles what was left, then dispatches. */
  readonly assigned: (partition: number) => void;
  /** Begins no new call, waits for those under way, then lets the lease go. */
  readonly revoked: (partition: number) => Promise<void>;
  /** The number has work. */
  readonly wake: (partition: number, number: string) => void;
  /** Customers wrote to the number at these times: Meta counts their messages too. */
  readonly inbound: (partition: number, number: string, at: readonly Date[]) => void;
  /** Statuses told something of these messages: an unknown among them no longer holds its lane. */
  readonly told: (messageIds: readonly string[]) => void;
}

export interface DispatcherDeps {
  readonly queue: Queue;
  readonly numbers: Numbers;
  readonly keeper: LeaseKeeper;
  readonly dispatchMessage: DispatchMessage;
  readonly settleLeft: SettleLeft;
  readonly pacing: Pacing;
  readonly knownStops: KnownStops;
  readonly clock: Clock;
  readonly observer: Observer;
}

export interface DispatcherOptions {
  /** Calls to Meta under way at the same time, of this process. */
  readonly concurrency: number;
  /** The longest a call takes before its answer counts as lost. */
  readonly callTimeoutMs: number;
  /** How long `stop` waits for calls under way. */
  readonly drainMs: number;
}

/**
 * Dispatches what waits in the partitions of this process (architecture §4, *Out*). MongoDB is the queue; what is in
 * memory here may be forgotten at any time and is read again.
 */
export function createDispatcher(deps: DispatcherDeps, options: DispatcherOptions): Dispatcher {
  const { queue, keeper, pacing, clock, observer } = deps;
  const holdings = new Map<number, Holding>();
  let isStopping = false;

  const isCurrent = (holding: Holding): boolean => holdings.get(holding.partition) === holding;
  const mayGoOn = (holding: Holding): boolean => isCurrent(holding) && !isStopping;
  const calls = createCalls(
    {
      ...deps,
      mayGoOn,
      ended: (...of) => {
        ended(...of);
      },
    },
    options,
  );
  const of = { isUnderWay: calls.isUnderWay, isCurrent };
  const { pump, pumpAll } = createTurns({ ...deps, holdings, calls, isStopping: () => isStopping });
  const leftovers = createLeftovers({ ...deps, ...of, pump: pumpAll }, options);
  const lookAhead = createLookAhead({ ...deps, ...of });
  const ended = createAftermath({ ...deps, holdings, leftovers, goOn });
  const { takeOver, giveUp } = createTakeover({ ...deps, holdings, leftovers, calls, isCurrent, look });
  const net = createNet({ ...deps, holdings, leftovers, takeOver, look, inBackground });

  /** Reads what waits in these partitions, whether or not somebody said so. */
  async function look(partitions: readonly number[]): Promise<void> {
    if (partitions.length === 0) return;
    for (const { partition, number } of await queue.numbers(partitions)) wake(partition, number);
  }

  function wake(partition: number, number: string): void {
    const holding = holdings.get(partition);
    if (!holding?.isReady) return;
    const hand = inHand(holding, number);
    const loaded = lookAhead.load(holding, hand).then(() => {
      pump([hand]);
    });
    inBackground(loaded, number);
  }

  function goOn(hand: NumberInHand, isScarce: boolean): void {
    if (lookAhead.isLow(hand)) wake(hand.partition, hand.number);
    if (isScarce) pumpAll();
    else pump([hand]);
  }

  function inBackground(work: Promise<unknown>, number?: string): void {
    work.catch((error: unknown) => {
      observer.warn({ number, error }, 'what waits cannot be read; the next look will');
    });
  }

  return {
    start() {
      keeper.start(pumpAll);
      net.start();
    },
    assigned(partition) {
      const holding = createHolding(partition, clock);
      holdings.set(partition, holding);
      inBackground(takeOver(holding));
    },
    async revoked(partition) {
      const holding = holdings.get(partition);
      if (holding) await giveUp(holding);
    },
    wake,
    inbound(partition, number, at) {
      const holding = holdings.get(partition);
      if (holding) pacing.inbound(holding, number, at);
    },
    told: leftovers.told,
    async stop() {
      isStopping = true;
      const given = Promise.all([...holdings.values()].map(giveUp));
      const timeUp = new Promise<void>((resolve) => {
        const cancel = clock.after(options.drainMs, resolve);
        void given.finally(cancel);
      });
      await Promise.race([given, timeUp]);
      keeper.stop();
      net.stop();
    },
  };
}

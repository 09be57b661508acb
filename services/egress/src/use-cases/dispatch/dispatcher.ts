import { heldAfterSuccess } from '../../domain/hold.js';
import { mayBegin } from '../../domain/lease.js';
import { type Clock, type Numbers, type Observer, type Queue, type QueuedMessage } from '../ports.js';
import { type DispatchMessage, type Dispatched } from './dispatch-message.js';
import { createHolding, type Holding, inHand, keepBack, type NumberInHand, takeNext } from './holding.js';
import { type LeaseKeeper } from './lease-keeper.js';
import { createLeftovers } from './leftovers.js';
import { type SettleLeft } from './settle-left.js';

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
  /** Statuses told something of these messages: an unknown among them no longer holds its lane. */
  readonly told: (messageIds: readonly string[]) => void;
}

export interface DispatcherDeps {
  readonly queue: Queue;
  readonly numbers: Numbers;
  readonly keeper: LeaseKeeper;
  readonly dispatchMessage: DispatchMessage;
  readonly settleLeft: SettleLeft;
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

/** So many messages of a number are looked at ahead. */
const LOOK_AHEAD = 256;
/** With fewer than this in memory, the next are read. */
const LOW = 64;
/** Looks into the queue without being asked: the net under lost wakes. */
const SCAN_MS = 5_000;
/** Between two tries to get a lease that another process holds. */
const LEASE_RETRY_MS = 500;

/**
 * Dispatches what waits in the partitions of this process (architecture §4, *Out*). MongoDB is the queue; what is in
 * memory here may be forgotten at any time and is read again.
 */
export function createDispatcher(deps: DispatcherDeps, options: DispatcherOptions): Dispatcher {
  const { queue, numbers, keeper, dispatchMessage, clock, observer } = deps;
  const holdings = new Map<number, Holding>();
  /** Calls under way, also of partitions that are no longer ours: an answer is folded by whoever has it. */
  const underWay = new Map<
    string,
    { readonly number: string; readonly partition: number; readonly ended: Promise<void> }
  >();
  let isStopping = false;
  let turn = 0;
  let cancelDue: (() => void) | undefined;
  let cancelScan: (() => void) | undefined;

  const now = (): number => clock.now().getTime();
  const isCurrent = (holding: Holding): boolean => holdings.get(holding.partition) === holding;
  const leftovers = createLeftovers({ ...deps, isUnderWay: (id) => underWay.has(id), isCurrent, pump }, options);

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

  /** Reads what waits in these partitions, whether or not somebody said so. */
  async function look(partitions: readonly number[]): Promise<void> {
    if (partitions.length === 0) return;
    for (const { partition, number } of await queue.numbers(partitions)) wake(partition, number);
  }

  function wake(partition: number, number: string): void {
    const holding = holdings.get(partition);
    if (!holding?.isReady) return;
    void load(holding, inHand(holding, number)).catch((error: unknown) => {
      observer.warn({ number, error }, 'what waits cannot be read; the next look will');
    });
  }

  async function load(holding: Holding, hand: NumberInHand): Promise<void> {
    if (hand.loading !== 'no') {
      hand.loading = 'again';
      return;
    }
    try {
      do {
        hand.loading = 'yes';
        const without = hand.lanes.crowded();
        const found = await queue.waiting(hand.partition, hand.number, { without, limit: LOOK_AHEAD });
        if (!isCurrent(holding)) return;
        hand.hasMore = found.length === LOOK_AHEAD || without.length > 0;
        for (const message of found) if (!underWay.has(message.messageId)) hand.lanes.offer(message);
      } while (isAskedAgain(hand));
    } finally {
      hand.loading = 'no';
    }
    pump();
  }

  /** Begins what may begin: one of each number in turn, up to the limit. */
  function pump(): void {
    const hands = [...holdings.values()].filter(mayDispatch).flatMap(({ numbers }) => [...numbers.values()]);
    turn += 1;
    for (let begun = true; begun;) {
      begun = false;
      for (let index = 0; index < hands.length && underWay.size < options.concurrency; index += 1) {
        const hand = hands[(index + turn) % hands.length];
        const message = hand && next(hand);
        if (!hand || !message) continue;
        begun = true;
        begin(hand, message);
      }
    }
    const holds = hands.flatMap(({ hold }) => hold?.kind ?? []);
    const slow = holds.filter((kind) => kind === 'slow').length;
    observer.numbersHeld(slow, holds.length - slow);
    for (const { partition, number, lanes, loading } of hands) {
      if (loading === 'no' && lanes.isIdle(now())) holdings.get(partition)?.numbers.delete(number);
    }
    schedule(hands);
  }

  const next = (hand: NumberInHand): QueuedMessage | undefined =>
    takeNext(hand, {
      now: now(),
      view: numbers.view(hand.number),
      isTrying: () => [...underWay.values()].some(({ number }) => number === hand.number),
    });

  const mayDispatch = ({ isReady, partition }: Holding): boolean =>
    isReady && !isStopping && mayBegin(keeper.lease(partition), clock.monotonicMs());

  function begin({ partition, number, hold }: NumberInHand, message: QueuedMessage): void {
    const holding = holdings.get(partition);
    const lease = () => (holding && isCurrent(holding) && !isStopping ? keeper.lease(partition) : undefined);
    const ended = dispatchMessage(message, partition, lease, hold)
      .catch((error: unknown): Dispatched => {
        // Where it stands is in its document; as long as it looks to be under way, the net finds it.
        observer.warn({ messageId: message.messageId, error }, 'a dispatch broke off');
        return { kind: 'unknown' };
      })
      .then((result) => {
        underWay.delete(message.messageId);
        observer.inFlight(underWay.size);
        settle(partition, message, result);
      });
    underWay.set(message.messageId, { number, partition, ended });
    observer.inFlight(underWay.size);
  }

  function settle(partition: number, message: QueuedMessage, result: Dispatched): void {
    const holding = holdings.get(partition);
    if (!holding) return;
    const hand = inHand(holding, message.number);
    switch (result.kind) {
      case 'over':
        hand.lanes.release(message);
        if (result.isTaken) hand.hold = heldAfterSuccess(hand.hold, now());
        break;
      case 'unknown':
        leftovers.holdUnknown(holding, message);
        break;
      case 'lane':
      case 'slow':
      case 'stopped':
        if (result.kind === 'stopped' && hand.hold?.kind !== 'stopped') {
          const facts = { number: hand.number, code: result.because?.code };
          observer.warn(facts, 'a number cannot send until it is mended');
        }
        keepBack(hand, message, result, now());
    }
    if (hand.hasMore && hand.lanes.size() < LOW) wake(partition, message.number);
    pump();
  }

  /** Wakes up when the next message that waits for a time may go. */
  function schedule(hands: readonly NumberInHand[]): void {
    cancelDue?.();
    cancelDue = undefined;
    const due = Math.min(...hands.map(({ lanes }) => lanes.dueAt() ?? Infinity));
    if (due > now() && due !== Infinity) cancelDue = clock.after(due - now(), pump);
  }

  function scan(): void {
    const ready = [...holdings.values()].filter(({ isReady }) => isReady);
    // A lease that was lost is asked for again; a former owner may have left something since.
    for (const holding of ready) {
      if (keeper.lease(holding.partition)) continue;
      holding.isReady = false;
      inBackground(takeOver(holding));
    }
    const partitions = ready.filter(({ isReady }) => isReady).map(({ partition }) => partition);
    inBackground(Promise.all([look(partitions), leftovers.look(partitions.flatMap((of) => holdings.get(of) ?? []))]));
    cancelScan = clock.after(SCAN_MS, scan);
  }

  function inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      observer.warn({ error }, 'the queue cannot be read; the next look will');
    });
  }

  const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));

  async function giveUp(holding: Holding): Promise<void> {
    const { partition } = holding;
    if (isCurrent(holding)) holdings.delete(partition);
    await Promise.all([...underWay.values()].filter((call) => call.partition === partition).map(({ ended }) => ended));
    // Assigned to us again meanwhile: the lease is still the right one.
    if (!holdings.has(partition)) await keeper.release(partition);
  }

  return {
    start() {
      keeper.start(pump);
      cancelScan = clock.after(SCAN_MS, scan);
    },
    assigned(partition) {
      const holding = createHolding(partition);
      holdings.set(partition, holding);
      inBackground(takeOver(holding));
    },
    async revoked(partition) {
      const holding = holdings.get(partition);
      if (holding) await giveUp(holding);
    },
    wake,
    told: (messageIds) => {
      leftovers.told(messageIds);
    },
    async stop() {
      isStopping = true;
      const given = Promise.all([...holdings.values()].map(giveUp));
      const timeUp = new Promise<void>((resolve) => {
        const cancel = clock.after(options.drainMs, resolve);
        void given.finally(cancel);
      });
      await Promise.race([given, timeUp]);
      keeper.stop();
      cancelDue?.();
      cancelScan?.();
    },
  };
}

const isAskedAgain = ({ loading }: NumberInHand): boolean => loading === 'again';

import { heldAfterSuccess } from '../../domain/hold.js';
import { mayBegin } from '../../domain/lease.js';
import { BULK, INTERACTIVE } from '../../domain/message.js';
import { type CallResult, type Clock, type Numbers, type Observer, type Queue, type QueuedMessage } from '../ports.js';
import { type DispatchMessage, type Dispatched } from './dispatch-message.js';
import {
  createHolding,
  forget,
  type Holding,
  inHand,
  keepBack,
  keepBackUnanswered,
  type NumberInHand,
  takeNext,
} from './holding.js';
import { type LeaseKeeper } from './lease-keeper.js';
import { createLeftovers } from './leftovers.js';
import { createLookAhead } from './look-ahead.js';
import { type Pacing } from './pacing.js';
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

/** Bulk messages leave so many of the calls to interactive ones. */
const KEPT_FREE = 1 / 4;
/** What customers wrote before that is not counted any more: it comes late. */
const INBOUND_MS = 1_000;
/** Looks into the queue without being asked: the net under lost wakes. */
const SCAN_MS = 5_000;
/** Between two tries to get a lease that another process holds. */
const LEASE_RETRY_MS = 500;

/**
 * Dispatches what waits in the partitions of this process (architecture §4, *Out*). MongoDB is the queue; what is in
 * memory here may be forgotten at any time and is read again.
 */
export function createDispatcher(deps: DispatcherDeps, options: DispatcherOptions): Dispatcher {
  const { queue, numbers, keeper, dispatchMessage, pacing, clock, observer } = deps;
  const bulkCalls = Math.max(1, Math.floor(options.concurrency * (1 - KEPT_FREE)));
  const holdings = new Map<number, Holding>();
  /** Calls under way, also of partitions that are no longer ours: an answer is folded by whoever has it. */
  const underWay = new Map<
    string,
    { readonly number: string; readonly partition: number; readonly ended: Promise<void> }
  >();
  let isStopping = false;
  let turn = 0;
  let cancelScan: (() => void) | undefined;

  const now = (): number => clock.now().getTime();
  const isCurrent = (holding: Holding): boolean => holdings.get(holding.partition) === holding;
  const isUnderWay = (messageId: string): boolean => underWay.has(messageId);
  const leftovers = createLeftovers({ ...deps, isUnderWay, isCurrent, pump: pumpAll }, options);
  const lookAhead = createLookAhead({ ...deps, isUnderWay, isCurrent });

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
    await lookAhead.load(holding, hand);
    pump([hand]);
  }

  const all = (): NumberInHand[] => [...holdings.values()].flatMap(({ numbers }) => [...numbers.values()]);

  function pumpAll(): void {
    pump(all());
  }

  /** Begins what may begin: one of each number in turn, up to the limit. */
  function pump(hands: readonly NumberInHand[]): void {
    const able = hands.filter(mayDispatch);
    turn += 1;
    for (let begun = true; begun;) {
      begun = false;
      for (let index = 0; index < able.length && underWay.size < options.concurrency; index += 1) {
        const hand = able[(index + turn) % able.length];
        const message = hand && next(hand);
        if (!hand || !message) continue;
        begun = true;
        begin(hand, message);
      }
    }
    for (const hand of able) {
      const holding = holdings.get(hand.partition);
      if (holding && hand.loading === 'no' && hand.lanes.isIdle(now())) forget(holding, hand);
      else schedule(hand);
    }
    const holds = all().flatMap(({ hold }) => hold?.kind ?? []);
    const slow = holds.filter((kind) => kind === 'slow').length;
    observer.numbersHeld(slow, holds.length - slow);
  }

  const next = (hand: NumberInHand): QueuedMessage | undefined =>
    takeNext(hand, {
      now: now(),
      view: numbers.view(hand.number),
      mayCall: waitMs(hand) <= 0,
      upTo: underWay.size < bulkCalls ? BULK : INTERACTIVE,
      isTrying: () => [...underWay.values()].some(({ number }) => number === hand.number),
    });

  /** How long the number has to wait for its next call. */
  function waitMs({ partition, number }: NumberInHand): number {
    const holding = holdings.get(partition);
    return holding ? pacing.of(holding, number).mayAt() - clock.monotonicMs() : Infinity;
  }

  function mayDispatch({ partition, number }: NumberInHand): boolean {
    const holding = holdings.get(partition);
    const isOurs = holding?.isReady === true && holding.numbers.has(number) && !isStopping;
    return isOurs && mayBegin(keeper.lease(partition), clock.monotonicMs());
  }

  function begin(hand: NumberInHand, message: QueuedMessage): void {
    const { partition, number, hold } = hand;
    const { messageId, customer } = message;
    const holding = holdings.get(partition);
    if (!holding) return;
    const pace = pacing.of(holding, number);
    const begun = clock.monotonicMs();
    pace.begin(customer, begun);
    let isCalled = false;
    const heard = (result: CallResult): void => {
      isCalled = true;
      hand.unanswered = result.kind === 'unknown' ? hand.unanswered + 1 : 0;
      pacing.heard(pace, message, result, clock.monotonicMs() - begun);
    };
    const lease = () => (isCurrent(holding) && !isStopping ? keeper.lease(partition) : undefined);
    const ended = dispatchMessage(message, { partition, lease, hold, heard })
      .catch((error: unknown): Dispatched => {
        // Where it stands is in its document; as long as it looks to be under way, the net finds it.
        observer.warn({ messageId, error }, 'a dispatch broke off');
        return { kind: 'unknown' };
      })
      .then((result) => {
        // With room for few, what ends makes room for any number.
        const isScarce = underWay.size >= bulkCalls;
        underWay.delete(messageId);
        observer.inFlight(underWay.size);
        if (!isCalled && result.kind !== 'unknown') pace.giveBack(customer, clock.monotonicMs());
        settle(partition, message, result, isScarce);
      });
    underWay.set(messageId, { number, partition, ended });
    observer.inFlight(underWay.size);
  }

  function settle(partition: number, message: QueuedMessage, result: Dispatched, isScarce: boolean): void {
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
        keepBackUnanswered(hand, numbers.view(hand.number)?.version ?? 0, now());
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
    if (lookAhead.isLow(hand)) wake(partition, message.number);
    pump(isScarce ? all() : [hand]);
  }

  /** Wakes up when the next message of the number may go. */
  function schedule(hand: NumberInHand): void {
    hand.cancelDue?.();
    hand.cancelDue = undefined;
    const due = hand.lanes.dueAt(now());
    if (due === undefined) return;
    const afterMs = Math.max(due - now(), waitMs(hand));
    if (afterMs <= 0 || afterMs === Infinity) return;
    hand.cancelDue = clock.after(Math.ceil(afterMs), () => {
      pump([hand]);
    });
  }

  function scan(): void {
    const ready = [...holdings.values()].filter(({ isReady }) => isReady);
    // A lease that was lost is asked for again; a former owner may have left something since.
    for (const holding of ready) {
      if (keeper.lease(holding.partition)) continue;
      holding.isReady = false;
      inBackground(takeOver(holding));
    }
    const current = ready.filter(({ isReady }) => isReady);
    inBackground(
      Promise.all([
        look(current.map(({ partition }) => partition)),
        leftovers.look(current),
        ...current.map(pacing.learn),
      ]),
    );
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
    for (const { cancelDue } of holding.numbers.values()) cancelDue?.();
    await Promise.all([...underWay.values()].filter((call) => call.partition === partition).map(({ ended }) => ended));
    // Assigned to us again meanwhile: the lease is still the right one.
    if (!holdings.has(partition)) await keeper.release(partition);
  }

  return {
    start() {
      keeper.start(pumpAll);
      cancelScan = clock.after(SCAN_MS, scan);
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
      const pace = holdings.get(partition)?.paces.get(number);
      for (const each of at) if (now() - each.getTime() < INBOUND_MS) pace?.spend(clock.monotonicMs());
    },
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
      cancelScan?.();
    },
  };
}

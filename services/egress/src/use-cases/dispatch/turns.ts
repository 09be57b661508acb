import { mayBegin } from '../../domain/lease.js';
import { type Clock, type Numbers, type Observer, type QueuedMessage } from '../ports.js';
import { type Calls } from './calls.js';
import { forget, type Holding, type NumberInHand, takeNext } from './holding.js';
import { type LeaseKeeper } from './lease-keeper.js';
import { type Pacing } from './pacing.js';
import { createWaits } from './waits.js';

/** Whose message goes next. */
export interface Turns {
  /** Begins what may begin: one of each of these numbers in turn, up to the limit. */
  readonly pump: (hands: readonly NumberInHand[]) => void;
  readonly pumpAll: () => void;
}

export function createTurns(deps: {
  readonly holdings: ReadonlyMap<number, Holding>;
  readonly calls: Pick<Calls, 'begin' | 'isTrying' | 'room'>;
  readonly numbers: Numbers;
  readonly keeper: LeaseKeeper;
  readonly pacing: Pacing;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly isStopping: () => boolean;
}): Turns {
  const { holdings, calls, numbers, keeper, pacing, clock, observer, isStopping } = deps;
  const waits = createWaits(deps);
  let turn = 0;

  const now = (): number => clock.now().getTime();
  const all = (): NumberInHand[] => [...holdings.values()].flatMap((holding) => [...holding.numbers.values()]);

  function pump(hands: readonly NumberInHand[]): void {
    const able = hands.filter(mayDispatch);
    turn += 1;
    for (let begun = true; begun;) {
      begun = false;
      for (let index = 0; index < able.length && calls.room() !== undefined; index += 1) {
        const hand = able[(index + turn) % able.length];
        const message = hand && next(hand);
        const holding = hand && holdings.get(hand.partition);
        if (!holding || !message) continue;
        begun = true;
        calls.begin(holding, hand, message);
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

  function next(hand: NumberInHand): QueuedMessage | undefined {
    const upTo = calls.room();
    if (upTo === undefined) return undefined;
    return takeNext(hand, {
      now: now(),
      view: numbers.view(hand.number),
      mayCall: waitMs(hand) <= 0,
      upTo,
      isTrying: () => calls.isTrying(hand.number),
    });
  }

  /** How long the number has to wait for its next call. */
  function waitMs({ partition, number }: NumberInHand): number {
    const holding = holdings.get(partition);
    return holding ? pacing.of(holding, number).mayAt() - clock.monotonicMs() : Infinity;
  }

  function mayDispatch({ partition, number }: NumberInHand): boolean {
    const holding = holdings.get(partition);
    const isOurs = holding?.isReady === true && holding.numbers.has(number) && !isStopping();
    return isOurs && mayBegin(keeper.lease(partition), clock.monotonicMs());
  }

  /** Wakes up when the next message of the number may go. */
  function schedule(hand: NumberInHand): void {
    hand.cancelDue?.();
    hand.cancelDue = undefined;
    const due = hand.lanes.dueAt(now());
    const numberWaitsMs = waitMs(hand);
    const isThrottled = due !== undefined && due <= now() && numberWaitsMs > 0;
    waits(hand, due !== undefined && hand.hold ? hand.hold.kind : isThrottled ? 'throughput' : undefined);
    if (due === undefined) return;
    const afterMs = Math.max(due - now(), numberWaitsMs);
    if (afterMs <= 0 || afterMs === Infinity) return;
    hand.cancelDue = clock.after(Math.ceil(afterMs), () => {
      pump([hand]);
    });
  }

  return {
    pump,
    pumpAll: () => {
      pump(all());
    },
  };
}

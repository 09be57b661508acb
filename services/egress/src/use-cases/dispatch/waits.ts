import { type Clock, type Observer } from '../ports.js';
import { type NumberInHand } from './holding.js';

/** What a number waits for that has something to send. */
export type WaitsFor = 'throughput' | 'slow' | 'stopped';

/** Adds up for how long numbers wait that have something to send, each time they are looked at. */
export function createWaits({ clock, observer }: { clock: Clock; observer: Pick<Observer, 'waited'> }) {
  const since = new WeakMap<NumberInHand, { readonly waitsFor: WaitsFor; readonly at: number }>();
  return function waits(hand: NumberInHand, waitsFor: WaitsFor | undefined): void {
    const at = clock.monotonicMs();
    const before = since.get(hand);
    if (before) observer.waited(before.waitsFor, (at - before.at) / 1_000);
    if (waitsFor) since.set(hand, { waitsFor, at });
    else since.delete(hand);
  };
}

import { heldAfterSuccess } from '../../domain/hold.js';
import { type Clock, type Numbers, type Observer } from '../ports.js';
import { type Ended } from './calls.js';
import { type Holding, inHand, keepBack, keepBackUnanswered, type NumberInHand } from './holding.js';
import { type KnownStops } from './known-stops.js';
import { type Leftovers } from './leftovers.js';

/** What follows from how a message came out, for its lane and for its number. */
export function createAftermath(deps: {
  readonly holdings: ReadonlyMap<number, Holding>;
  readonly numbers: Numbers;
  readonly leftovers: Pick<Leftovers, 'holdUnknown'>;
  readonly knownStops: KnownStops;
  readonly clock: Clock;
  readonly observer: Observer;
  /** There is room for what comes next: of the number, or of any. */
  readonly goOn: (hand: NumberInHand, isScarce: boolean) => void;
}): Ended {
  const { holdings, numbers, leftovers, knownStops, clock, observer, goOn } = deps;

  return function ended(partition, message, result, isScarce) {
    const holding = holdings.get(partition);
    if (!holding) return;
    const hand = inHand(holding, message.number);
    const now = clock.now().getTime();
    switch (result.kind) {
      case 'over':
        hand.lanes.release(message);
        if (result.isTaken) hand.hold = heldAfterSuccess(hand.hold, now);
        if (result.isTaken && !hand.hold) knownStops.goes(holding, hand.number);
        break;
      case 'unknown':
        leftovers.holdUnknown(holding, message);
        keepBackUnanswered(hand, numbers.view(hand.number)?.version ?? 0, now);
        break;
      case 'lane':
      case 'slow':
      case 'stopped':
        if (result.kind === 'stopped' && hand.hold?.kind !== 'stopped') {
          const facts = { number: hand.number, code: result.because?.code };
          observer.warn(facts, 'a number cannot send until it is mended');
        }
        if (result.kind === 'stopped') knownStops.stopped(holding, hand.number, result.version, result.because);
        keepBack(hand, message, result, now);
    }
    goOn(hand, isScarce);
  };
}

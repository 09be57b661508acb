import { type Refusal } from '../../domain/gate.js';
import { type KnownStop } from '../../domain/known-stop.js';
import { type Paces } from '../pace-ports.js';
import { type Clock, type Observer } from '../ports.js';
import { type Holding } from './holding.js';

/** Tells those who ask elsewhere why messages of a number wait. */
export interface KnownStops {
  readonly stopped: (holding: Holding, number: string, version: number, because: Refusal | undefined) => void;
  /** Meta has taken a message of the number. */
  readonly goes: (holding: Holding, number: string) => void;
}

export function createKnownStops(deps: {
  readonly paces: Pick<Paces, 'note'>;
  readonly clock: Clock;
  readonly observer: Pick<Observer, 'warn'>;
}): KnownStops {
  const { paces, clock, observer } = deps;

  function note(number: string, stop: KnownStop): void {
    paces.note(number, { stop }).catch((error: unknown) => {
      observer.warn({ number, error }, 'that a number is stopped, or goes again, is not told to others');
    });
  }

  return {
    stopped({ stopped }, number, version, because) {
      if (!because) return;
      stopped.add(number);
      note(number, { at: clock.now(), version, because });
    },
    goes({ stopped }, number) {
      if (stopped.delete(number)) note(number, { at: clock.now(), version: 0 });
    },
  };
}

import { type Observer } from './ports.js';

/** What is remembered of look-again times, to tell resets that leave the index alone from those that move it. */
export interface IndexMemory {
  readonly wrote: (id: string, due: number, mayMake: boolean) => void;
  readonly refiled: (id: string, lookAgain: number) => void;
  readonly forgot: (id: string) => void;
}

const REMEMBERED = 50_000;

/** The store does not say whether a write moved the index; of the latest timers we know. For a metric only. */
export function createIndexMemory(observer: Observer): IndexMemory {
  const lookAgain = new Map<string, number>();

  function remember(id: string, at: number): void {
    lookAgain.delete(id);
    lookAgain.set(id, at);
    if (lookAgain.size <= REMEMBERED) return;
    for (const oldest of lookAgain.keys()) {
      lookAgain.delete(oldest);
      break;
    }
  }

  return {
    wrote(id, due, mayMake) {
      const known = lookAgain.get(id);
      if (known === undefined) {
        if (!mayMake) observer.reset('unknown');
        remember(id, due);
        return;
      }
      observer.reset(due < known ? 'moved' : 'kept');
      if (due < known) remember(id, due);
    },
    refiled: remember,
    forgot(id) {
      lookAgain.delete(id);
    },
  };
}

import { type Write } from '../domain/fold-commands.js';
import { type Observer } from './ports.js';

/** What is remembered of look-again times, to tell resets that leave the index alone from those that move it. */
export interface IndexMemory {
  readonly wrote: (writes: readonly Write[]) => void;
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
    wrote(writes) {
      const counts = { kept: 0, moved: 0, unknown: 0 };
      for (const { id, due, content } of writes) {
        const known = lookAgain.get(id);
        // One that is armed may be new, and a new one is no reset.
        if (known === undefined && !content) counts.unknown += 1;
        if (known !== undefined) counts[due < known ? 'moved' : 'kept'] += 1;
        if (known === undefined || due < known) remember(id, due);
      }
      for (const index of ['kept', 'moved', 'unknown'] as const) observer.reset(index, counts[index]);
    },
    refiled: remember,
    forgot(id) {
      lookAgain.delete(id);
    },
  };
}

import { isAfter, type Held, type Known } from './known.js';
import type { Outgoing } from './publisher.js';
import type { OutEntry } from './store.js';
import type { Written } from './types.js';

/** An aggregate whose part of a round is in the store. */
export interface Finished<State> {
  readonly known: Known<State>;
  readonly document: Held<State>;
  readonly out: readonly OutEntry[];
}

/**
 * What these aggregates still have to say: what is in the publisher's queue already is left out. Must be called in the
 * moment of handing over, or the sweeper may slip later entries into the queue before these.
 */
export function outgoing<State>(finished: readonly Finished<State>[]): Pick<Outgoing<State>, 'written' | 'clears'> {
  const written: Written<State>[] = [];
  const clears: { id: string; version: number }[] = [];
  for (const { known, document, out } of finished) {
    const { id, version, sequence, state, outAt } = document;
    const entries = out.filter((entry) => isAfter(entry, known.queued));
    const last = entries.at(-1);
    if (last) known.queued = { sequence: last.sequence, index: last.index };
    written.push({ aggregateId: id, version, sequence, state, entries });
    if (outAt !== null) clears.push({ id, version });
  }
  return { written, clears };
}

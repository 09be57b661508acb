import type { StoredAggregate } from './store.js';

/** A place in an aggregate's own order of events. */
export interface Mark {
  readonly sequence: number;
  readonly index: number;
}

export const start: Mark = { sequence: -1, index: 0 };

export const isAfter = (entry: Mark, mark: Mark): boolean =>
  entry.sequence > mark.sequence || (entry.sequence === mark.sequence && entry.index > mark.index);

/** An aggregate as it is held in memory: the document, and its state as folds see it. */
export interface Held<State> extends Omit<StoredAggregate, 'state'> {
  readonly state: State;
  /** What the document holds of the state; fields that differ from it by identity are written. */
  readonly stored: object;
}

/** What this process knows of an aggregate beside its document. All of it stays true whoever writes. */
export interface Known<State> {
  /** The newest version this process has written or read. */
  version: number;
  /** Up to here entries are in the publisher's queue, or through it. */
  queued: Mark;
  /** Up to here this process has seen the publication and the projection acknowledged. */
  acknowledged: Mark;
  /** The partition that feeds it, if any; the document is only kept while this process owns that. */
  partition: number | undefined;
  document: Held<State> | undefined;
}

export interface Memory<State> {
  readonly get: (id: string) => Known<State> | undefined;
  /** Makes room by forgetting what was not used for longest. Forgetting costs a read and a second publication. */
  readonly ensure: (id: string) => Known<State>;
  readonly size: () => number;
}

/** The least recently used is forgotten first. */
export function createMemory<State>(limit: number): Memory<State> {
  const all = new Map<string, Known<State>>();

  function get(id: string): Known<State> | undefined {
    const known = all.get(id);
    if (known) {
      all.delete(id);
      all.set(id, known);
    }
    return known;
  }

  return {
    get,
    ensure(id) {
      const found = get(id);
      if (found) return found;
      const known: Known<State> = {
        version: 0,
        queued: start,
        acknowledged: start,
        partition: undefined,
        document: undefined,
      };
      all.set(id, known);
      if (all.size > limit) {
        for (const oldest of all.keys()) {
          all.delete(oldest);
          break;
        }
      }
      return known;
    },
    size: () => all.size,
  };
}

import { sleep, type Clock } from './clock.js';
import { held } from './draft.js';
import { outgoing, type Finished } from './finished.js';
import type { Memory } from './known.js';
import { backoffMs, type Publisher } from './publisher.js';
import type { AggregateStore } from './store.js';
import type { AggregateDefinition } from './types.js';

export interface EraseDeps<State extends object> {
  readonly definition: Pick<AggregateDefinition<State, never, never, never>, 'empty'>;
  readonly store: AggregateStore;
  readonly memory: Memory<State>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly publisher: Publisher<State>;
  readonly wipe: ((aggregateId: string, upToSequence: number) => Promise<void>) | undefined;
  /** Longer than any process may pause: one that held an entry may project it once more until then (rule 19). */
  readonly longestPauseMs: number;
}

/**
 * Publishes what the aggregate still has to say, then replaces it by a tombstone under its version, then wipes what
 * was projected. A tombstone, because an update of changed fields would otherwise make a torso (rule 9).
 */
export function createErase<State extends object>(deps: EraseDeps<State>): (aggregateId: string) => Promise<boolean> {
  const { definition, store, memory, clock, random, publisher, wipe, longestPauseMs } = deps;

  /** Resolves when all of it is published, also what was in the queue already. */
  const published = (one: Finished<State>): Promise<void> =>
    new Promise((resolve) => {
      publisher.enqueue({ ...outgoing([one]), clears: [], done: resolve });
    });

  return async function erase(aggregateId) {
    for (let attempt = 0; ; attempt += 1) {
      const [stored] = await store.find([aggregateId]);
      if (!stored) return false;
      if (stored.gone) {
        await wipe?.(aggregateId, stored.sequence);
        return false;
      }
      const known = memory.ensure(aggregateId);
      const { version, sequence, out } = stored;
      if (out.length > 0) await published({ known, document: held(stored, aggregateId, definition.empty), out });
      if (await store.graves.bury(aggregateId, version, clock.now() + longestPauseMs)) {
        known.document = undefined;
        await wipe?.(aggregateId, sequence);
        return true;
      }
      await sleep(clock, backoffMs(attempt, random) / 4);
    }
  };
}

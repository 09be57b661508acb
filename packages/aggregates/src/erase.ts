import { sleep, type Clock } from './clock.js';
import { held } from './draft.js';
import { isAfter, type Memory } from './known.js';
import { backoffMs } from './publisher.js';
import type { AggregateStore } from './store.js';
import type { AggregateDefinition, Written } from './types.js';

export interface EraseDeps<State extends object> {
  readonly definition: Pick<AggregateDefinition<State, never, never, never>, 'empty'>;
  readonly store: AggregateStore;
  readonly memory: Memory<State>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly publishNow: (written: Written<State>, version: number) => Promise<void>;
  readonly wipe: ((aggregateId: string, upToSequence: number) => Promise<void>) | undefined;
  /** Longer than any process may pause: one that held an entry may project it once more until then (rule 19). */
  readonly longestPauseMs: number;
}

/**
 * Publishes what the aggregate still has to say, then replaces it by a tombstone under its version, then wipes what
 * was projected. A tombstone, because an update of changed fields would otherwise make a torso (rule 9).
 */
export function createErase<State extends object>(deps: EraseDeps<State>): (aggregateId: string) => Promise<boolean> {
  const { definition, store, memory, clock, random, publishNow, wipe, longestPauseMs } = deps;

  return async function erase(aggregateId) {
    for (let attempt = 0; ; attempt += 1) {
      const [stored] = await store.find([aggregateId], 'majority');
      if (!stored) return false;
      if (stored.gone) {
        await wipe?.(aggregateId, stored.sequence);
        return false;
      }
      const known = memory.ensure(aggregateId);
      const entries = stored.out.filter((entry) => isAfter(entry, known.acknowledged));
      const { state } = held(stored, aggregateId, definition.empty);
      const { version, sequence } = stored;
      if (entries.length > 0) await publishNow({ aggregateId, version, sequence, state, entries }, version);
      if (await store.graves.bury(aggregateId, version, clock.now() + longestPauseMs)) {
        known.document = undefined;
        await wipe?.(aggregateId, sequence);
        return true;
      }
      await sleep(clock, backoffMs(attempt, random) / 4);
    }
  };
}

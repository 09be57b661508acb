import type { Clock } from './clock.js';
import { held } from './draft.js';
import { isAfter, type Memory } from './known.js';
import type { AggregatesLogger, AggregatesMetrics } from './metrics.js';
import type { Publisher } from './publisher.js';
import type { AggregateStore, StoredAggregate } from './store.js';
import type { AggregateDefinition, Written } from './types.js';

const PAGE = 100;

export interface SweepDeps<State extends object> {
  readonly definition: Pick<AggregateDefinition<State, never, never, never>, 'empty'>;
  readonly store: AggregateStore;
  readonly memory: Memory<State>;
  readonly publisher: Publisher<State>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: AggregatesLogger | undefined;
  readonly metrics: AggregatesMetrics | undefined;
  readonly wipe: ((aggregateId: string, upToSequence: number) => Promise<void>) | undefined;
  readonly sweepEveryMs: number;
  readonly leftAfterMs: number;
}

export interface Sweeper {
  readonly start: () => void;
  readonly stop: () => void;
}

/**
 * Publishes and projects what a command left when its process ended, and wipes a second time what was erased. Log-driven
 * entries need nobody: their inputs are read again.
 */
export function createSweeper<State extends object>(deps: SweepDeps<State>): Sweeper {
  const { definition, store, memory, publisher, clock, random, logger, metrics, wipe, sweepEveryMs, leftAfterMs } =
    deps;
  let cancel: (() => void) | undefined;
  let isStopped = false;

  function schedule(): void {
    if (isStopped) return;
    cancel = clock.after(sweepEveryMs * (0.75 + random() / 2), () => void sweep());
  }

  async function sweep(): Promise<void> {
    try {
      for (const left of await store.leftovers(clock.now() - leftAfterMs, PAGE)) publishAgain(left);
      await wipeAgain();
    } catch (error) {
      logger?.warn({ error }, 'a sweep failed and is repeated');
    }
    schedule();
  }

  function publishAgain(left: StoredAggregate): void {
    const { id, version, sequence, out } = left;
    const known = memory.ensure(id);
    const entries = out.filter((entry) => isAfter(entry, known.queued));
    const last = entries.at(-1);
    if (last) known.queued = { sequence: last.sequence, index: last.index };
    const one: Written<State> = {
      aggregateId: id,
      version,
      sequence,
      state: held(left, id, definition.empty).state,
      entries,
    };
    if (known.version < version) known.version = version;
    metrics?.count('swept', 1);
    publisher.enqueue({ written: [one], clears: [{ id, version }], done: () => undefined });
  }

  async function wipeAgain(): Promise<void> {
    for (const { id, upTo } of await store.graves.due(clock.now(), PAGE)) {
      await wipe?.(id, upTo);
      await store.graves.settle(id);
    }
  }

  return {
    start: schedule,
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}

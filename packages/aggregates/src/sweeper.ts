import type { Clock } from './clock.js';
import { held } from './draft.js';
import { outgoing } from './finished.js';
import type { Memory } from './known.js';
import type { AggregatesLogger, AggregatesMetrics } from './metrics.js';
import type { Publisher } from './publisher.js';
import type { AggregateStore, StoredAggregate } from './store.js';
import type { AggregateDefinition } from './types.js';

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

  function schedule(ms = sweepEveryMs): void {
    if (isStopped) return;
    cancel = clock.after(ms * (0.75 + random() / 2), () => void sweep());
  }

  async function sweep(): Promise<void> {
    let isFull = false;
    try {
      const left = await store.leftovers(clock.now() - leftAfterMs, PAGE);
      for (const one of left) publishAgain(one);
      isFull = left.length === PAGE;
      await wipeAgain();
    } catch (error) {
      logger?.warn({ error }, 'a sweep failed and is repeated');
    }
    // After a long outage there is more than a page; the next one is there when this one is cleared.
    schedule(isFull ? sweepEveryMs / 10 : sweepEveryMs);
  }

  function publishAgain(left: StoredAggregate): void {
    const known = memory.ensure(left.id);
    if (known.version < left.version) known.version = left.version;
    metrics?.count('swept', 1);
    const document = held(left, left.id, definition.empty);
    publisher.enqueue({ ...outgoing([{ known, document, out: left.out }]), done: () => undefined });
  }

  async function wipeAgain(): Promise<void> {
    for (const { id, upTo } of await store.graves.due(clock.now(), PAGE)) {
      await wipe?.(id, upTo);
      await store.graves.settle(id);
    }
  }

  return {
    start: () => {
      schedule();
    },
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}

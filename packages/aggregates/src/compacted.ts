import { sleep, systemClock, type Clock } from './clock.js';
import type { AggregatesLogger } from './metrics.js';
import { noMutations, type Mutations } from './mutations.js';
import { backoffMs } from './publisher.js';
import type { EncodedEvent, Publish, Snapshot } from './types.js';

/** The longest a process may pause between reading a state and sending it, and a send may stay under way. */
const LONGEST_PAUSE_MS = 600_000;
const PAGE = 500;

export interface CompactedOptions<State> {
  /** Majority reads, in any order; null or absent for what is not there (any more). */
  readonly read: (ids: readonly string[]) => Promise<readonly (Snapshot<State> | null)[]>;
  /** All keys of one partition, by the same partitioner as the topic's. */
  readonly idsOf: (partition: number) => AsyncIterable<string>;
  /** The whole state as one record, with its version inside; null says that the key is gone. */
  readonly encode: (id: string, snapshot: Snapshot<State> | null) => EncodedEvent;
  readonly publish: Publish;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly logger?: AggregatesLogger;
  readonly longestPauseMs?: number;
}

/**
 * The one publisher of a partition of a compacted topic (rule 14). Compaction keeps the last record, so an older state
 * must never follow a newer one: a command only wakes the owner (an event with the same key, on a log of its own), and
 * the owner sends what it reads, reads again after the send, and repeats what has moved.
 */
export interface CompactedPublisher {
  /** Sends the newest state of these keys. Resolves when it is in the log; then the wakes' offset may be committed. */
  readonly wake: (partition: number, ids: readonly string[], signal: AbortSignal) => Promise<void>;
  /**
   * Sends every key of a partition that was just assigned, and once more after the longest pause: a former owner that
   * had read before may send until then. Resolves after the first. Also to be called once a day.
   */
  readonly takeOver: (partition: number, signal: AbortSignal) => Promise<void>;
}

export function createCompactedPublisher<State>(options: CompactedOptions<State>): CompactedPublisher {
  return createCompacted(options, noMutations);
}

/** `createCompactedPublisher` with rules switched off; for the simulation only. */
export function createCompacted<State>(options: CompactedOptions<State>, mutations: Mutations): CompactedPublisher {
  const { read, idsOf, encode, publish, clock = systemClock, random = Math.random, logger } = options;
  const { longestPauseMs = LONGEST_PAUSE_MS } = options;
  const chains = new Map<number, Promise<void>>();

  /** One after another per partition: two sends of one key must not race. */
  function inTurn(partition: number, run: () => Promise<void>): Promise<void> {
    const turn = (chains.get(partition) ?? Promise.resolve()).then(run);
    chains.set(
      partition,
      turn.catch(() => undefined),
    );
    return turn;
  }

  async function sendNewest(partition: number, ids: readonly string[], signal: AbortSignal): Promise<void> {
    let moved = [...new Set(ids)];
    let failures = 0;
    let isSent = false;
    while (moved.length > 0) {
      try {
        const before = await versions(moved);
        // Whoever has sent a state must see that no older one stays, whether the partition is still his or not.
        if (!isSent) signal.throwIfAborted();
        await publish(moved.map((id) => encode(id, before.get(id) ?? null)));
        isSent = true;
        if (mutations.has('14 not read again after the send')) return;
        const after = await versions(moved);
        moved = moved.filter((id) => after.get(id)?.version !== before.get(id)?.version);
      } catch (error) {
        if (signal.aborted) throw error;
        failures += 1;
        // A send that failed may still land, after a later one of another state.
        if (failures === 1) again(partition, moved, signal);
        if (failures % 20 === 1) logger?.warn({ error, partition, failures }, 'a compacted topic waits for its state');
        await sleep(clock, backoffMs(failures, random));
      }
    }
  }

  async function versions(ids: readonly string[]): Promise<ReadonlyMap<string, Snapshot<State>>> {
    const found = await read(ids);
    return new Map(found.flatMap((snapshot) => (snapshot ? [[snapshot.aggregateId, snapshot] as const] : [])));
  }

  async function sendAll(partition: number, signal: AbortSignal): Promise<void> {
    let page: string[] = [];
    for await (const id of idsOf(partition)) {
      page.push(id);
      if (page.length < PAGE) continue;
      await sendNewest(partition, page, signal);
      page = [];
    }
    await sendNewest(partition, page, signal);
  }

  /** Once more after the longest pause, if the partition is still ours. */
  function again(partition: number, ids: readonly string[] | undefined, signal: AbortSignal): void {
    const cancel = clock.after(longestPauseMs, () => {
      if (signal.aborted) return;
      const send = ids ? () => sendNewest(partition, ids, signal) : () => sendAll(partition, signal);
      inTurn(partition, send).catch((error: unknown) => {
        if (!signal.aborted) logger?.error({ error, partition }, 'a compacted topic could not be repeated');
      });
    });
    signal.addEventListener('abort', cancel);
  }

  return {
    wake: (partition, ids, signal) => inTurn(partition, () => sendNewest(partition, ids, signal)),
    takeOver(partition, signal) {
      if (mutations.has('14 no full publication at takeover')) return Promise.resolve();
      again(partition, undefined, signal);
      return inTurn(partition, () => persist(() => sendAll(partition, signal), signal));
    },
  };

  /** Listing the keys may fail as well. */
  async function persist(run: () => Promise<void>, signal: AbortSignal): Promise<void> {
    for (let failures = 0; ; failures += 1) {
      try {
        await run();
        return;
      } catch (error) {
        if (signal.aborted) throw error;
        if (failures % 20 === 0) logger?.warn({ error, failures }, 'a full publication is repeated');
        await sleep(clock, backoffMs(failures, random));
      }
    }
  }
}

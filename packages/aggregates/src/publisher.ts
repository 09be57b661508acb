import { isTransient } from '@switchboard/errors';
import { sleep, type Clock } from './clock.js';
import { isAfter, type Memory } from './known.js';
import { MAX_EVENT_BYTES } from './fold.js';
import type { AggregatesLogger, AggregatesMetrics } from './metrics.js';
import type { Mutations } from './mutations.js';
import type { AggregateStore } from './store.js';
import type { EncodedEvent, Project, ProjectedEntry, Publish, Written } from './types.js';

/** Kafka's default limit is one MiB per batch; the rest is for keys, headers and ids. */
const MAX_SEND_BYTES = MAX_EVENT_BYTES;
const ENTRY_OVERHEAD_BYTES = 200;
/** What one turn of the queue takes at most, so that the first in it do not wait for the last. */
const MAX_TURN_ENTRIES = 4_000;

/** What one round of the writer hands over: committed facts, in order per aggregate. */
export interface Outgoing<State> {
  readonly written: readonly Written<State>[];
  /** Where commands left entries: to be cleared when these are published, if the version is still this one. */
  readonly clears: readonly { readonly id: string; readonly version: number }[];
  /** Called when all of it, and all before it, is published and projected. */
  readonly done: () => void;
}

export interface Publisher<State> {
  readonly enqueue: (outgoing: Outgoing<State>) => void;
  /** Rounds handed over and not yet done. */
  readonly backlog: () => number;
  /** Entries handed over and not yet done. */
  readonly entries: () => number;
  readonly stop: () => void;
}

/**
 * The one queue of a process and definition: one send in flight, in order. A failed send is repeated in place for as
 * long as it takes, so that no later one passes it (rule 6). Projection runs beside the send.
 */
export function createPublisher<State>(deps: {
  readonly publish: Publish;
  readonly project: Project<State> | undefined;
  readonly store: AggregateStore;
  readonly memory: Memory<State>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: AggregatesLogger | undefined;
  readonly metrics: AggregatesMetrics | undefined;
  readonly mutations: Mutations;
  /** Called after each turn: who waits for the backlog to shrink may look again. */
  readonly progressed: () => void;
}): Publisher<State> {
  const { publish, project, store, memory, clock, random, logger, metrics, mutations, progressed } = deps;
  let queue: Outgoing<State>[] = [];
  let inFlight = 0;
  let entries = 0;
  let isRunning = false;
  let isStopped = false;
  let clears = new Map<string, number>();
  let isClearing = false;

  async function run(): Promise<void> {
    while (queue.length > 0 && !stopped()) {
      const turn = takeTurn();
      inFlight = turn.length;
      const written = merge(turn);
      const sends = cut(written, mutations);
      await Promise.all([
        sendAll(sends),
        project && written.length > 0 ? persist('projection', () => project(written)) : undefined,
      ]);
      if (stopped()) return;
      acknowledge(turn, written);
      inFlight = 0;
      progressed();
    }
    isRunning = false;
  }

  /** Asked through a function because it changes while others are awaited. */
  const stopped = (): boolean => isStopped;

  function takeTurn(): readonly Outgoing<State>[] {
    let size = 0;
    let count = 0;
    while (count < queue.length && (count === 0 || size < MAX_TURN_ENTRIES)) {
      for (const { entries: own } of queue[count]?.written ?? []) size += own.length;
      count += 1;
    }
    const turn = queue.slice(0, count);
    queue = queue.slice(count);
    return turn;
  }

  async function sendAll(sends: readonly (readonly EncodedEvent[])[]): Promise<void> {
    for (const events of sends) {
      if (mutations.has('6 a failed send is passed')) await publish(events).catch(() => undefined);
      else await persist('publication', () => publish(events));
      metrics?.count('published', events.length);
    }
  }

  /** Tries for as long as it takes; what waits behind must not pass. */
  async function persist(what: string, attempt: () => Promise<void>): Promise<void> {
    for (let failures = 0; !stopped(); failures += 1) {
      try {
        await attempt();
        return;
      } catch (error) {
        metrics?.count('failures', 1);
        if (!isTransient(error))
          logger?.error({ error, failures }, `${what} fails in a way that waiting does not heal`);
        else if (failures % 20 === 0) logger?.warn({ error, failures }, `${what} failed and is repeated`);
        await sleep(clock, backoffMs(failures, random));
      }
    }
  }

  function acknowledge(turn: readonly Outgoing<State>[], written: readonly Written<State>[]): void {
    for (const { aggregateId, entries: own } of written) {
      entries -= own.length;
      const last = own.at(-1);
      const known = memory.get(aggregateId);
      if (last && known && isAfter(last, known.acknowledged))
        known.acknowledged = { sequence: last.sequence, index: last.index };
    }
    for (const { done, clears: wanted } of turn) {
      done();
      for (const { id, version } of wanted) {
        // A version that this process has left behind cannot be cleared: its next write drops the entries.
        if ((memory.get(id)?.version ?? version) === version) clears.set(id, version);
      }
    }
    if (clears.size > 0 && !isClearing) void clear();
  }

  /** Beside the queue, one in flight. What fails is swept later. */
  async function clear(): Promise<void> {
    isClearing = true;
    while (clears.size > 0 && !stopped()) {
      const batch = [...clears].map(([id, version]) => ({ id, version }));
      clears = new Map();
      await store
        .clear(batch)
        .catch((error: unknown) => logger?.warn({ error }, 'a clear failed and is left to the sweeper'));
    }
    isClearing = false;
  }

  return {
    enqueue(outgoing) {
      if (isStopped) return;
      queue.push(outgoing);
      for (const { entries: own } of outgoing.written) entries += own.length;
      if (isRunning) return;
      isRunning = true;
      void run();
    },
    backlog: () => queue.length + inFlight,
    entries: () => entries,
    stop() {
      isStopped = true;
      queue = [];
    },
  };
}

/** Doubles from 50 ms to a second, with jitter. */
export function backoffMs(failures: number, random: () => number): number {
  return Math.min(1_000, 50 * 2 ** Math.min(failures, 5)) * (0.5 + random() / 2);
}

/** One projection per aggregate and turn: the newest snapshot with all entries. */
function merge<State>(turn: readonly Outgoing<State>[]): readonly Written<State>[] {
  const [first] = turn;
  if (turn.length === 1 && first) return first.written;
  const merged = new Map<string, Written<State>>();
  for (const { written } of turn) {
    for (const one of written) {
      const before = merged.get(one.aggregateId);
      merged.set(
        one.aggregateId,
        before ? { ...newer(before, one), entries: before.entries.concat(one.entries) } : one,
      );
    }
  }
  return [...merged.values()];
}

const newer = <State>(a: Written<State>, b: Written<State>): Written<State> => (b.version >= a.version ? b : a);

/** Sends of at most 900 kB, in order (rule 18): one send is one record batch, and a batch has a limit. */
function cut<State>(written: readonly Written<State>[], mutations: Mutations): readonly (readonly EncodedEvent[])[] {
  const sends: EncodedEvent[][] = [];
  let current: EncodedEvent[] = [];
  let bytes = 0;
  const add = ({ event }: ProjectedEntry): void => {
    const size = event.value.length + ENTRY_OVERHEAD_BYTES;
    if (bytes + size > MAX_SEND_BYTES && current.length > 0 && !mutations.has('18 sends are not cut')) {
      sends.push(current);
      current = [];
      bytes = 0;
    }
    current.push(event);
    bytes += size;
  };
  for (const { entries } of written) entries.forEach(add);
  if (current.length > 0) sends.push(current);
  return sends;
}

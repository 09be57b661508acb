import { Failure } from '@switchboard/errors';
import { sleep, systemClock, type Clock } from './clock.js';
import { checkField, held } from './draft.js';
import { createErase } from './erase.js';
import { createMemory } from './known.js';
import type { AggregatesLogger, AggregatesMetrics } from './metrics.js';
import { noMutations, type Mutations } from './mutations.js';
import { createPositions, type Done } from './positions.js';
import { createPublisher } from './publisher.js';
import type { AggregateStore } from './store.js';
import { createSweeper } from './sweeper.js';
import type { AggregateDefinition, Aggregates, Applied, Keep, LogInput, Project, Publish } from './types.js';
import { createWriter, type Batch } from './writer.js';

const COMMAND_TIMEOUT_MS = 5_000;
const DRAIN_MS = 5_000;
const DRAIN_STEP_MS = 10;
const REVOKE_DRAIN_MS = 500;
/** Commands are refused while so many entries wait for Kafka. */
const MAX_WAITING_ENTRIES = 20_000;

export interface AggregatesOptions<State extends object, Input, Event, Result> {
  readonly definition: AggregateDefinition<State, Input, Event, Result>;
  readonly store: AggregateStore;
  readonly publish: Publish;
  readonly project?: Project<State>;
  /** Deletes what was projected of an aggregate, up to this sequence. Called twice per erasure (rule 19). */
  readonly wipe?: (aggregateId: string, upToSequence: number) => Promise<void>;
  /** The codes inputs may come with; others are a bug. */
  readonly sourceCodes?: readonly string[];
  /** Aggregates kept in memory. */
  readonly cacheSize?: number;
  /** `owned` when it is left out. */
  readonly keep?: Keep;
  readonly clock?: Clock;
  /** 0 to 1, for jitter. */
  readonly random?: () => number;
  readonly logger?: AggregatesLogger;
  readonly metrics?: AggregatesMetrics;
  /** The trace under way where a command is called, as a header; inputs bring theirs with their position. */
  readonly traceParent?: () => string | undefined;
  /** Rounds of log-driven inputs that may be written ahead of what is published; 1 = none. */
  readonly overlap?: number;
  readonly sweepEveryMs?: number;
  /** A command's entries are left over when they are older than this. */
  readonly leftAfterMs?: number;
  readonly longestPauseMs?: number;
}

/** The mechanism of the README, for one kind of aggregate in one process. */
export function createAggregates<State extends object, Input, Event, Result>(
  options: AggregatesOptions<State, Input, Event, Result>,
): Aggregates<State, Input, Result> {
  return createRuntime(options, noMutations);
}

/** `createAggregates` with rules switched off; for the simulation only. */
export function createRuntime<State extends object, Input, Event, Result>(
  options: AggregatesOptions<State, Input, Event, Result>,
  mutations: Mutations,
): Aggregates<State, Input, Result> {
  const { definition, store, logger, metrics, wipe, sourceCodes } = options;
  const { clock = systemClock, random = Math.random, cacheSize = 10_000, keep = 'owned', overlap = 4 } = options;
  Object.keys(definition.empty('')).forEach(checkField);

  let isClosing = false;
  let isStopped = false;
  const positions = createPositions();
  const memory = createMemory<State>(cacheSize);
  const common = { definition, store, memory, positions, clock, random, logger, metrics, mutations, keep };
  const publisher = createPublisher<State>({
    ...common,
    publish: options.publish,
    project: options.project,
    progressed: () => {
      writer.wake();
    },
  });
  const waiting = new Set<Batch<Input>>();
  const codes = new Set<string>();
  const writer = createWriter<State, Input, Event, Result>({
    ...common,
    publisher,
    overlap,
    isStopped: () => isStopped,
    done: advance,
  });
  const erase = createErase({ ...common, publisher, wipe, longestPauseMs: options.longestPauseMs ?? 600_000 });
  const sweeper = createSweeper({
    ...common,
    publisher,
    wipe: mutations.has('19 wiped once') ? undefined : wipe,
    sweepEveryMs: options.sweepEveryMs ?? 5_000,
    leftAfterMs: options.leftAfterMs ?? 10_000,
  });

  /** All of a batch is published and projected: its partitions are done up to there, if they are still ours. */
  function advance({ inputs, assignments }: Batch<Input>): void {
    for (const { position } of inputs) {
      const { code, partition, offset } = position;
      const done = assignments.get(partition);
      if (!done || done !== positions.current(partition)) continue;
      if (offset >= (done.get(code) ?? 0)) done.set(code, offset + 1);
    }
  }

  function apply(inputs: readonly LogInput<Input>[], signal: AbortSignal): Promise<Applied> {
    return new Promise((resolve, reject) => {
      if (signal.aborted || isClosing) {
        reject(abandoned());
        return;
      }
      const onAbort = (): void => {
        withdraw(batch);
      };
      const batch = createBatch(inputs, assignmentsOf(inputs), {
        written(done) {
          signal.removeEventListener('abort', onAbort);
          waiting.add(batch);
          const forget = (): boolean => waiting.delete(batch);
          done.then(forget, forget);
          resolve({ done });
        },
        reject(error) {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        },
      });
      signal.addEventListener('abort', onAbort);
      writer.addBatch(batch);
    });
  }

  function assignmentsOf(inputs: readonly LogInput<Input>[]): ReadonlyMap<number, Done | undefined> {
    const assignments = new Map<number, Done | undefined>();
    for (const { position } of inputs) {
      const { code, partition } = position;
      if (!codes.has(code)) checkCode(code);
      if (!assignments.has(partition)) assignments.set(partition, positions.current(partition));
    }
    return assignments;
  }

  /** A code is a field name in the document, and must not come by accident: offsets of another log would be compared. */
  function checkCode(code: string): void {
    if (sourceCodes && !sourceCodes.includes(code)) throw new Error(`inputs come with an unknown code: ${code}`);
    if (!/^[a-z][a-z0-9]*$/i.test(code)) throw new Error(`a code is a letter, then letters and digits: ${code}`);
    codes.add(code);
  }

  /** What no round has taken goes, with all behind it of the same partitions; a round that runs is not stopped. */
  function withdraw(batch: Batch<Input>): void {
    const queued = writer.queuedBatches();
    const index = queued.indexOf(batch);
    const gone = new Set(index < 0 ? [] : queued.slice(index).filter((other) => shares(other, batch)));
    writer.withdraw((other) => gone.has(other), abandoned());
    batch.reject(abandoned());
  }

  function command(aggregateId: string, input: Input, { timeoutMs = COMMAND_TIMEOUT_MS } = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (isClosing || publisher.entries() > MAX_WAITING_ENTRIES) {
        reject(new Failure('unavailable', 'aggregates.backlog', 'earlier events cannot be published yet'));
        return;
      }
      const ticket = {
        settled: false,
        resolve: (result: Result) => {
          cancel();
          resolve(result);
        },
        reject: (error: Error) => {
          cancel();
          reject(error);
        },
      };
      const cancel = clock.after(timeoutMs, () => {
        if (ticket.settled) return;
        ticket.settled = true;
        reject(
          new Failure('unavailable', 'aggregates.time-out', 'the store does not answer; it may have been applied'),
        );
      });
      writer.addOrder({ aggregateId, input, traceparent: options.traceParent?.(), ticket });
    });
  }

  async function revoked(partition: number): Promise<void> {
    // It may be assigned again while this waits: only what was known until now is forgotten.
    const assignment = positions.current(partition);
    const feeds = ({ assignments }: Batch<Input>): boolean => assignments.has(partition);
    writer.withdraw(feeds, abandoned());
    const unfinished = [...waiting].filter(feeds);
    await settled(unfinished, REVOKE_DRAIN_MS);
    for (const batch of unfinished) batch.abandon(abandoned());
    if (positions.current(partition) === assignment) positions.revoke(partition);
  }

  /** Resolves when these batches are done, or the time is up. */
  function settled(batches: readonly Batch<Input>[], ms: number): Promise<void> {
    if (batches.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = clock.after(ms, resolve);
      const check = (): void => {
        if (batches.some((batch) => waiting.has(batch))) return;
        cancel();
        resolve();
      };
      for (const { whenDone } of batches) whenDone.then(check, check);
    });
  }

  return {
    apply,
    command,
    erase,
    revoked,
    async read(aggregateId) {
      const [stored] = await store.find([aggregateId]);
      if (!stored || stored.gone) return null;
      const { version, sequence, state } = held(stored, aggregateId, definition.empty);
      return { aggregateId, version, sequence, state, entries: stored.out };
    },
    assigned(partition, committed) {
      positions.assign(partition, committed);
    },
    start() {
      if (!mutations.has('8 nothing is swept')) sweeper.start();
      return Promise.resolve();
    },
    async stop() {
      isClosing = true;
      sweeper.stop();
      writer.withdraw(() => true, abandoned());
      for (
        let waited = 0;
        waited < DRAIN_MS && !(writer.isIdle() && publisher.backlog() === 0);
        waited += DRAIN_STEP_MS
      ) {
        await sleep(clock, DRAIN_STEP_MS);
      }
      isStopped = true;
      publisher.stop();
      writer.abandon(abandoned());
      for (const batch of waiting) batch.abandon(abandoned());
    },
  };
}

const abandoned = (): Failure =>
  new Failure('unavailable', 'aggregates.abandoned', 'the partition is taken away or the process stops');

const shares = (a: Batch<unknown>, b: Batch<unknown>): boolean =>
  [...a.assignments.keys()].some((partition) => b.assignments.has(partition));

function createBatch<Input>(
  inputs: readonly LogInput<Input>[],
  assignments: ReadonlyMap<number, Done | undefined>,
  caller: { readonly written: (done: Promise<void>) => void; readonly reject: (error: Failure) => void },
): Batch<Input> {
  let isAnswered = false;
  let [finish, abandon]: [() => void, (error: Failure) => void] = [() => undefined, () => undefined];
  const whenDone = new Promise<void>((resolve, reject) => {
    [finish, abandon] = [resolve, reject];
  });
  // A caller that no longer asks must not end the process.
  whenDone.catch(() => undefined);
  const once = (answer: () => void): void => {
    if (isAnswered) return;
    isAnswered = true;
    answer();
  };
  return {
    inputs,
    assignments,
    whenDone,
    finish,
    abandon,
    written() {
      once(() => {
        caller.written(whenDone);
      });
    },
    reject(error) {
      once(() => {
        caller.reject(error);
      });
    },
  };
}

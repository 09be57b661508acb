import { type Failure } from '@switchboard/errors';
import { outgoing, type Finished } from './finished.js';
import type { Memory } from './known.js';
import type { Done } from './positions.js';
import { runRound } from './round.js';
import type { Publisher } from './publisher.js';
import type { Step, Ticket } from './steps.js';
import type { LogInput } from './types.js';
import type { RoundDeps, Work } from './work.js';

/** What one write carries at most; the rest waits for the next. */
const MAX_ROUND_STEPS = 2_000;

/** Inputs of one call of `apply`. */
export interface Batch<Input> {
  readonly inputs: readonly LogInput<Input>[];
  /** The assignment of each partition when the batch came; done positions only move while it is in force. */
  readonly assignments: ReadonlyMap<number, Done | undefined>;
  /** The caller of `apply`; answered once. */
  readonly written: () => void;
  readonly reject: (error: Failure) => void;
  /** `Applied.done`; the first of these counts. */
  readonly finish: () => void;
  readonly abandon: (error: Failure) => void;
  readonly whenDone: Promise<void>;
}

export interface Order<Input, Result> {
  readonly aggregateId: string;
  readonly input: Input;
  readonly traceparent: string | undefined;
  readonly ticket: Ticket<Result>;
}

export interface Writer<Input, Result> {
  readonly addBatch: (batch: Batch<Input>) => void;
  readonly addOrder: (order: Order<Input, Result>) => void;
  /** Goes on after something that held log-driven work back is gone. */
  readonly wake: () => void;
  readonly isIdle: () => boolean;
  readonly queuedBatches: () => readonly Batch<Input>[];
  /** The end: whoever still waits is told. */
  readonly abandon: (error: Failure) => void;
  /** Takes batches out of the queue that no round has taken. */
  readonly withdraw: (which: (batch: Batch<Input>) => boolean, error: Failure) => void;
}

/**
 * The one writer loop of a process and definition: all that waits while a write runs, log-driven and commands, of any
 * partition, becomes the next write (group commit). `overlap` rounds may be written ahead of what is published;
 * commands go on beyond that.
 */
export function createWriter<State extends object, Input, Event, Result>(
  deps: Omit<RoundDeps<State, Input, Event, Result>, 'publishNow'> & {
    readonly memory: Memory<State>;
    readonly publisher: Publisher<State>;
    readonly overlap: number;
    /** Called with a batch whose inputs are written, published and projected. */
    readonly done: (batch: Batch<Input>) => void;
  },
): Writer<Input, Result> {
  const { memory, publisher, overlap, done, mutations, metrics } = deps;
  let batches: Batch<Input>[] = [];
  const orders: Order<Input, Result>[] = [];
  let taken: readonly Batch<Input>[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    while (!deps.isStopped() && (orders.length > 0 || mayApply())) {
      taken = mayApply() ? takeBatches() : [];
      const commands = orders.splice(0, MAX_ROUND_STEPS);
      const finished = await runRound(group(taken, commands), { ...deps, publishNow });
      if (deps.isStopped()) break;
      handOver(finished);
      taken = [];
    }
    isRunning = false;
  }

  const mayApply = (): boolean => batches.length > 0 && publisher.backlog() < overlap;

  function takeBatches(): readonly Batch<Input>[] {
    let steps = 0;
    let count = 0;
    for (const { inputs } of batches) {
      if (count > 0 && steps + inputs.length > MAX_ROUND_STEPS) break;
      steps += inputs.length;
      count += 1;
    }
    return batches.splice(0, count);
  }

  function group(
    chosen: readonly Batch<Input>[],
    commands: readonly Order<Input, Result>[],
  ): Work<State, Input, Result>[] {
    const works = new Map<string, Work<State, Input, Result>>();
    const add = (id: string, step: Step<Input, Result>, partition?: number): void => {
      let work = works.get(id);
      if (!work) works.set(id, (work = { id, known: memory.ensure(id), steps: [], isRemembered: false }));
      if (partition !== undefined) work.known.partition = partition;
      work.steps.push(step);
    };
    for (const { inputs } of chosen) {
      metrics?.count('inputs', inputs.length);
      for (const { aggregateId, position, input } of inputs) {
        add(aggregateId, { kind: 'log', input, position }, position.partition);
      }
    }
    if (commands.length > 0) metrics?.count('commands', commands.length);
    for (const { aggregateId, ...order } of commands) add(aggregateId, { kind: 'command', ...order });
    return [...works.values()];
  }

  /** The round is in the store: callers go on, and the publisher gets it, in this order of rounds (rule 5). */
  function handOver(finished: readonly Finished<State>[]): void {
    const round = taken;
    for (const batch of round) {
      if (mutations.has('5 done before published')) batch.finish();
      batch.written();
    }
    if (round.length === 0 && finished.length === 0) return;
    publisher.enqueue({
      ...outgoing(finished),
      done: () => {
        for (const batch of round) {
          done(batch);
          batch.finish();
        }
      },
    });
  }

  const publishNow = (one: Finished<State>): Promise<void> =>
    new Promise((resolve) => {
      publisher.enqueue({ ...outgoing([one]), done: resolve });
    });

  function wake(): void {
    if (isRunning || deps.isStopped()) return;
    isRunning = true;
    // Starts after the caller's turn, so that calls made together are written together.
    void Promise.resolve().then(run);
  }

  return {
    wake,
    addBatch(batch) {
      batches.push(batch);
      wake();
    },
    addOrder(order) {
      orders.push(order);
      wake();
    },
    isIdle: () => !isRunning && orders.length === 0,
    queuedBatches: () => batches,
    abandon(error) {
      for (const batch of [...batches.splice(0), ...taken]) batch.reject(error);
      for (const { ticket } of orders.splice(0)) {
        if (ticket.settled) continue;
        ticket.settled = true;
        ticket.reject(error);
      }
    },
    withdraw(which, error) {
      const gone = batches.filter(which);
      batches = batches.filter((batch) => !gone.includes(batch));
      for (const batch of gone) batch.reject(error);
    },
  };
}

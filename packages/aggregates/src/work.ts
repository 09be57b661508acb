import type { Clock } from './clock.js';
import { held } from './draft.js';
import type { Finished } from './finished.js';
import { foldSteps, type Draft } from './fold.js';
import type { Held, Known, Memory } from './known.js';
import type { AggregatesLogger, AggregatesMetrics } from './metrics.js';
import type { Mutations } from './mutations.js';
import type { Positions } from './positions.js';
import type { Step } from './steps.js';
import type { AggregateStore } from './store.js';
import type { AggregateDefinition, Keep } from './types.js';

/** What a round is given. */
export interface RoundDeps<State extends object, Input, Event, Result> {
  readonly definition: AggregateDefinition<State, Input, Event, Result>;
  readonly store: AggregateStore;
  readonly memory: Memory<State>;
  readonly positions: Positions;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: AggregatesLogger | undefined;
  readonly metrics: AggregatesMetrics | undefined;
  readonly mutations: Mutations;
  readonly keep: Keep;
  readonly isStopped: () => boolean;
  /** Publishes what was written of an aggregate whose steps did not fit into one write; resolves when it is done. */
  readonly publishNow: (finished: Finished<State>) => Promise<void>;
}

/** One aggregate's part of a round. */
export interface Work<State, Input, Result> {
  readonly id: string;
  readonly known: Known<State>;
  readonly steps: Step<Input, Result>[];
  /** What was read or written last in this round. */
  held?: Held<State>;
  /** True when `held` was in memory before the round: as good as any to write on, but not to answer a caller with. */
  isRemembered: boolean;
  refusal?: Error;
}

/**
 * True when a work without a write may be finished. Memory may be behind what others wrote: what it says of positions
 * stays true, what a command decides on it may not.
 */
export function isVerified<State, Input, Result>({ isRemembered, steps }: Work<State, Input, Result>): boolean {
  return !isRemembered || steps.every(({ kind }) => kind === 'log');
}

/** True when what this process holds of it is likely to be what is stored. That it is, only the compare-and-set knows. */
export const isKept = <State>(
  { partition }: Known<State>,
  { positions, keep }: { readonly positions: Positions; readonly keep: Keep },
): boolean => (partition === undefined ? keep === 'all' : positions.current(partition) !== undefined);

export function foldWork<State extends object, Input, Event, Result>(
  { known, steps, held: document, refusal }: Work<State, Input, Result>,
  { definition, positions, clock, mutations }: RoundDeps<State, Input, Event, Result>,
): Draft<State, Result> {
  if (!document) throw new Error('an aggregate is folded before it is read');
  const plan = { acknowledged: known.acknowledged, isDone: positions.isDone, now: clock.now() };
  return foldSteps(definition, document, steps, refusal ? { ...plan, refusal } : plan, mutations);
}

export function forget<State, Input, Result>(work: Work<State, Input, Result>): void {
  delete work.held;
  work.known.document = undefined;
}

/** Takes from memory what is kept there, and reads the rest in one find. */
export async function load<State extends object, Input, Event, Result>(
  works: readonly Work<State, Input, Result>[],
  deps: RoundDeps<State, Input, Event, Result>,
): Promise<void> {
  const missing: Work<State, Input, Result>[] = [];
  for (const work of works) {
    if (work.held) continue;
    if (work.known.document && isKept(work.known, deps)) {
      work.held = work.known.document;
      work.isRemembered = true;
    } else missing.push(work);
  }
  if (missing.length > 0) await read(missing, deps);
}

export async function read<State extends object, Input, Event, Result>(
  works: readonly Work<State, Input, Result>[],
  { store, definition }: RoundDeps<State, Input, Event, Result>,
): Promise<void> {
  const found = new Map((await store.find(works.map(({ id }) => id))).map((stored) => [stored.id, stored]));
  for (const work of works) {
    work.held = held(found.get(work.id), work.id, definition.empty);
    work.isRemembered = false;
  }
}

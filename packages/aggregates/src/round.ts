import { isTransient } from '@switchboard/errors';
import { sleep, type Clock } from './clock.js';
import { held, heldAfter, writeOf } from './draft.js';
import { foldSteps, type Draft } from './fold.js';
import { isAfter, type Held, type Known, type Memory } from './known.js';
import type { AggregatesLogger, AggregatesMetrics } from './metrics.js';
import type { Mutations } from './mutations.js';
import type { Positions } from './positions.js';
import { backoffMs } from './publisher.js';
import { settle, type Step } from './steps.js';
import type { AggregateStore, AggregateWrite, Concern } from './store.js';
import type { AggregateDefinition, Written } from './types.js';

/** One aggregate's part of a round. */
export interface Work<State, Input, Result> {
  readonly id: string;
  readonly known: Known<State>;
  readonly steps: Step<Input, Result>[];
  /** What was read or written last in this round. */
  held?: Held<State>;
  /** How far `held` may be trusted when nothing is written on top of it. */
  trust: 'memory' | Concern;
  refusal?: Error;
}

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
  readonly isStopped: () => boolean;
  /** Publishes what was written of an aggregate whose steps did not fit into one write; resolves when it is done. */
  readonly publishNow: (written: Written<State>, version: number) => Promise<void>;
}

/** What a round leaves to publish and project. */
export interface RoundOutcome<State> {
  readonly written: readonly Written<State>[];
  readonly clears: readonly { readonly id: string; readonly version: number }[];
}

/**
 * Folds and writes the works of one round until each of them is in the store, or was there before: those that lost
 * their compare-and-set, and all after an unknown outcome, are read again and folded again, alone (rules 1 and 21).
 */
export async function runRound<State extends object, Input, Event, Result>(
  works: readonly Work<State, Input, Result>[],
  deps: RoundDeps<State, Input, Event, Result>,
): Promise<RoundOutcome<State>> {
  const { store, clock, random, logger, metrics, mutations } = deps;
  const written: Written<State>[] = [];
  const clears: { id: string; version: number }[] = [];
  let pending = works;
  let failures = 0;

  while (pending.length > 0 && !deps.isStopped()) {
    try {
      await load(pending, deps);
      pending = await pass(pending);
      if (pending.length > 0) {
        metrics?.count('refolded', pending.length);
        await sleep(clock, random() * 4 * Math.min(failures + 1, 10));
      }
    } catch (error) {
      // Unknown what was written. What is in memory proves nothing any more.
      for (const work of pending) forget(work);
      metrics?.count('failures', 1);
      if (!isTransient(error)) logger?.error({ error }, 'the store fails in a way that waiting does not heal');
      else if (failures % 20 === 0) logger?.warn({ error, failures }, 'the store is away, the write is repeated');
      await sleep(clock, backoffMs(failures, random));
    }
    failures += 1;
  }
  return { written, clears };

  /** One attempt. Answers the works that need another one. */
  async function pass(current: readonly Work<State, Input, Result>[]): Promise<readonly Work<State, Input, Result>[]> {
    const again: Work<State, Input, Result>[] = [];
    const drafts: { work: Work<State, Input, Result>; draft: Draft<State, Result> }[] = [];
    const writes: AggregateWrite[] = [];
    for (const work of current) {
      const draft = fold(work, deps);
      if (draft.isChanged) {
        const write = asWrite(work, draft);
        if (write) {
          drafts.push({ work, draft });
          writes.push(write);
        } else again.push(work);
      } else if (isVerified(work, mutations)) {
        settle(draft.verdicts);
        await finish(work, draft);
      } else {
        again.push(work);
      }
    }
    const unverified = again.filter(({ refusal }) => !refusal);
    if (unverified.length > 0) await read(unverified, 'majority', deps);
    if (writes.length === 0) return again;

    const { lost, refused, inserted } = await write(writes);
    const losers = new Set(lost);
    for (const [index, { work, draft }] of drafts.entries()) {
      if (losers.has(index) && !mutations.has('1 losers are skipped')) {
        forget(work);
        again.push(work);
      } else if (refused.has(index)) {
        refuse(work, refused.get(index));
        again.push(work);
      } else {
        remember(work, draft, writes[index]);
        settle(draft.verdicts);
        await finish(work, draft);
        if (draft.isCut) again.push(work);
      }
    }
    report(writes, losers.size, refused.size, inserted);
    return again;
  }

  /** The write, or nothing when a fold made a state that cannot be stored. */
  function asWrite(work: Work<State, Input, Result>, draft: Draft<State, Result>): AggregateWrite | undefined {
    try {
      return writeOf(draft, mutations);
    } catch (error) {
      refuse(work, error);
      return undefined;
    }
  }

  /** The steps are set aside (commands: refused) instead. A second refusal is waited out, loudly. */
  function refuse(work: Work<State, Input, Result>, error: unknown): void {
    logger?.error({ aggregateId: work.id, error }, 'a write can never succeed as it is');
    if (work.refusal) throw work.refusal;
    work.refusal = error instanceof Error ? error : new Error(String(error));
  }

  async function write(writes: readonly AggregateWrite[]): ReturnType<AggregateStore['write']> {
    try {
      return await store.write(writes);
    } catch (error) {
      if (!mutations.has('21 a time-out is taken for success')) throw error;
      return { lost: [], refused: new Map(), inserted: 0 };
    }
  }

  function remember(
    work: Work<State, Input, Result>,
    draft: Draft<State, Result>,
    write: AggregateWrite | undefined,
  ): void {
    if (!write) return;
    work.held = heldAfter(draft, write);
    work.trust = 'majority';
    work.known.version = work.held.version;
    work.known.document = isOwned(work.known, deps) ? work.held : undefined;
  }

  /** Takes what the document holds and is not yet in the publisher's queue: not only what this write added (rule 6). */
  async function finish(work: Work<State, Input, Result>, draft: Draft<State, Result>): Promise<void> {
    const { held: now, known } = work;
    if (!now) return;
    count(draft);
    if (!draft.isChanged && mutations.has('3 dropped inputs are silent')) return;
    const candidates = mutations.has('6 only own new entries are published') ? draft.added : now.out;
    const entries = candidates.filter((entry) => isAfter(entry, known.queued));
    const last = entries.at(-1);
    if (last) known.queued = { sequence: last.sequence, index: last.index };
    const { id, version, sequence, state } = now;
    const one = { aggregateId: id, version, sequence, state, entries };
    if (draft.isCut) await deps.publishNow(one, version);
    else {
      written.push(one);
      if (now.outAt !== null) clears.push({ id, version });
    }
  }

  function count(draft: Draft<State, Result>): void {
    if (draft.dropped > 0) metrics?.count('dropped', draft.dropped);
    for (const { position, error } of draft.poisoned) {
      metrics?.count('poisoned', 1);
      logger?.error({ aggregateId: draft.held.id, position, error }, 'an input was set aside');
    }
  }

  function report(writes: readonly AggregateWrite[], lost: number, refused: number, inserted: number): void {
    metrics?.count('writes', writes.length);
    if (lost > 0) metrics?.count('lost', lost);
    if (refused > 0) metrics?.count('refused', refused);
    let longest = 0;
    let fresh = 0;
    for (const { out, expected } of writes) {
      if (out.length > longest) longest = out.length;
      if (expected === 0) fresh += 1;
    }
    metrics?.outEntries(longest);
    if (inserted <= fresh) return;
    metrics?.count('torsos', inserted - fresh);
    logger?.error({ inserted, fresh }, 'an update made a document where one should have been');
  }
}

/** True when a work without a write may be answered: nothing that a failover takes back, nothing stale for a caller. */
function isVerified<State, Input, Result>({ trust, steps }: Work<State, Input, Result>, mutations: Mutations): boolean {
  if (trust === 'majority' || mutations.has('3 unwritten documents are not verified')) return true;
  return trust === 'memory' && steps.every(({ kind }) => kind === 'log');
}

const isOwned = <State>({ partition }: Known<State>, { positions }: { readonly positions: Positions }): boolean =>
  partition !== undefined && positions.current(partition) !== undefined;

function fold<State extends object, Input, Event, Result>(
  { known, steps, held: document, refusal }: Work<State, Input, Result>,
  { definition, positions, clock, mutations }: RoundDeps<State, Input, Event, Result>,
): Draft<State, Result> {
  if (!document) throw new Error('an aggregate is folded before it is read');
  const plan = { acknowledged: known.acknowledged, isDone: positions.isDone, now: clock.now() };
  return foldSteps(definition, document, steps, refusal ? { ...plan, refusal } : plan, mutations);
}

function forget<State, Input, Result>(work: Work<State, Input, Result>): void {
  delete work.held;
  work.known.document = undefined;
}

/** Takes from memory what this process owns, and reads the rest in one find. */
async function load<State extends object, Input, Event, Result>(
  works: readonly Work<State, Input, Result>[],
  deps: RoundDeps<State, Input, Event, Result>,
): Promise<void> {
  const missing: Work<State, Input, Result>[] = [];
  for (const work of works) {
    if (work.held) continue;
    if (work.known.document && isOwned(work.known, deps)) {
      work.held = work.known.document;
      work.trust = 'memory';
    } else missing.push(work);
  }
  if (missing.length > 0) await read(missing, 'local', deps);
}

async function read<State extends object, Input, Event, Result>(
  works: readonly Work<State, Input, Result>[],
  concern: Concern,
  { store, definition }: RoundDeps<State, Input, Event, Result>,
): Promise<void> {
  const found = new Map(
    (
      await store.find(
        works.map(({ id }) => id),
        concern,
      )
    ).map((stored) => [stored.id, stored]),
  );
  for (const work of works) {
    work.held = held(found.get(work.id), work.id, definition.empty);
    work.trust = concern;
  }
}

import { isTransient } from '@switchboard/errors';
import { sleep } from './clock.js';
import { heldAfter, writeOf } from './draft.js';
import type { Draft } from './fold.js';
import type { Finished } from './finished.js';
import { backoffMs } from './publisher.js';
import { settle } from './steps.js';
import type { AggregateStore, AggregateWrite } from './store.js';
import { foldWork, forget, isKept, isVerified, load, read, type RoundDeps, type Work } from './work.js';

/**
 * Folds and writes the works of one round until each of them is in the store, or was there before: those that lost
 * their compare-and-set, and all after an unknown outcome, are read again and folded again, alone (rules 1 and 21).
 */
export async function runRound<State extends object, Input, Event, Result>(
  works: readonly Work<State, Input, Result>[],
  deps: RoundDeps<State, Input, Event, Result>,
): Promise<readonly Finished<State>[]> {
  const { store, clock, random, logger, metrics, mutations } = deps;
  const finished: Finished<State>[] = [];
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
  return finished;

  /** One attempt. Answers the works that need another one. */
  async function pass(current: readonly Work<State, Input, Result>[]): Promise<readonly Work<State, Input, Result>[]> {
    const again: Work<State, Input, Result>[] = [];
    const drafts: { work: Work<State, Input, Result>; draft: Draft<State, Result> }[] = [];
    const writes: AggregateWrite[] = [];
    for (const work of current) {
      const draft = foldWork(work, deps);
      if (draft.isChanged) {
        const write = asWrite(work, draft);
        if (write) {
          drafts.push({ work, draft });
          writes.push(write);
        } else again.push(work);
      } else if (isVerified(work)) {
        settle(draft.verdicts);
        await finish(work, draft);
      } else {
        again.push(work);
      }
    }
    const unverified = again.filter(({ refusal }) => !refusal);
    if (unverified.length > 0) await read(unverified, deps);
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
      return writeOf(draft);
    } catch (error) {
      refuse(work, error);
      return undefined;
    }
  }

  /** The steps are set aside (commands: refused) instead. A second refusal is waited out, loudly. */
  function refuse(work: Work<State, Input, Result>, error: unknown): void {
    logger?.warn({ aggregateId: work.id, error }, 'a write can never succeed as it is');
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
    work.isRemembered = false;
    work.known.version = work.held.version;
    work.known.document = isKept(work.known, deps) ? work.held : undefined;
  }

  /** All the document holds is to be published, not only what this write added (rule 6). */
  async function finish(work: Work<State, Input, Result>, draft: Draft<State, Result>): Promise<void> {
    const { held: document, known } = work;
    if (!document) return;
    count(draft);
    if (!draft.isChanged && mutations.has('3 dropped inputs are silent')) return;
    const out = mutations.has('6 only own new entries are published') ? draft.added : document.out;
    const one = { known, document, out };
    if (draft.isCut) await deps.publishNow(one);
    else finished.push(one);
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

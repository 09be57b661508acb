import { type Held, isOurs } from './held.js';
import { type IndexMemory } from './index-memory.js';
import { type Clock, type Glance, type Observer, type Settlement, type TimerStore } from './ports.js';

export type LoadAhead = ReturnType<typeof createLoadAhead>;

/** So far ahead timers are in memory. */
export const LOOK_AHEAD_MS = 60_000;
/** No more of one shard, unless commands bring them: the rest waits in the store, in order. */
const MOST_LOADED = 100_000;
const FULL_MS = 100;
const RETRY_MS = 1_000;
/** Overdue by so much and not in memory: written by an owner that was not the last. */
const STRAGGLER_MS = 60_000;

/** Brings timers that are due soon from the store into the wheel. */
export function createLoadAhead(deps: { timers: TimerStore; clock: Clock; index: IndexMemory; observer: Observer }) {
  const { timers, clock, index, observer } = deps;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      clock.after(ms, resolve);
    });

  async function take(held: Held, page: readonly Glance[]): Promise<void> {
    const { shard } = held;
    const far: Settlement[] = [];
    for (const { id, version, due } of page) {
      if (due < shard.horizon()) shard.put(id, due);
      else far.push({ holder: shard, id, version, lookAgain: due });
    }
    if (far.length === 0) return;
    await timers.settle(far);
    observer.refiled(far.length);
    for (const { id, lookAgain = 0 } of far) {
      index.refiled(id, lookAgain);
      // The horizon may have passed it while it was written.
      shard.put(id, lookAgain);
    }
  }

  /** Everything up to `until`; goes on for as long as the shard is ours, whatever fails meanwhile. */
  async function load(held: Held, until: number): Promise<void> {
    const { number, shard } = held;
    let from = shard.horizon();
    shard.extend(until);
    held.isLoading = true;
    while (isOurs(held)) {
      try {
        for await (const page of timers.scan(number, from, until)) {
          if (!isOurs(held)) break;
          await take(held, page);
          from = page.at(-1)?.lookAgain ?? from;
          while (shard.size() > MOST_LOADED && isOurs(held)) await pause(FULL_MS);
        }
        break;
      } catch (error) {
        observer.warn({ shard: number, error }, 'timers cannot be loaded; tried again');
        await pause(RETRY_MS);
      }
    }
    held.isLoading = false;
  }

  /** One page of what should have fired long ago and is not in memory. */
  async function stragglers(held: Held, now: number): Promise<void> {
    if (held.isLoading) return;
    for await (const page of timers.scan(held.number, -Infinity, now - STRAGGLER_MS)) {
      if (isOurs(held)) await take(held, page);
      break;
    }
  }

  return { load, stragglers };
}

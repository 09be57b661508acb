import { look } from '../domain/look.js';
import { type Held, isOurs } from './held.js';
import { type IndexMemory } from './index-memory.js';
import { type FiredLog, type KeptTimer, type Observer, type Settlement, type TimerStore } from './ports.js';
import { type Time } from './time.js';

export type FireDue = ReturnType<typeof createFireDue>;

const ROUND = 1_000;
/** One is read while another is published and a third taken away. */
const MOST_ROUNDS = 3;
const RETRY_MS = 1_000;

interface Due {
  readonly held: Held;
  readonly id: string;
}

/**
 * Takes what is due out of the wheels, reads it, publishes and then takes it away; in that order, so that a crash between
 * the two leads to the same event again and never to none.
 */
export function createFireDue(deps: {
  timers: TimerStore;
  fired: FiredLog;
  time: Time;
  index: IndexMemory;
  observer: Observer;
  held: () => readonly Held[];
}) {
  const { timers, fired, time, index, observer } = deps;
  const rounds = new Set<Promise<void>>();
  let turn = Promise.resolve();
  let first = 0;

  function pump(): void {
    while (rounds.size < MOST_ROUNDS && time.isTrusted()) {
      const due = collect(time.now());
      if (due.length === 0) return;
      const round = fire(due).finally(() => {
        rounds.delete(round);
        pump();
      });
      rounds.add(round);
    }
  }

  /** From all shards in turn, beginning with another one each time. */
  function collect(now: number): Due[] {
    const shards = deps.held().filter(isOurs);
    const due: Due[] = [];
    first += 1;
    for (let turned = 0; turned < shards.length && due.length < ROUND; turned += 1) {
      const held = shards[(first + turned) % shards.length];
      if (!held) continue;
      for (let id = held.shard.take(now); id !== undefined; id = held.shard.take(now)) {
        due.push({ held, id });
        if (due.length >= ROUND) break;
      }
    }
    return due;
  }

  async function fire(due: readonly Due[]): Promise<void> {
    const before = turn;
    let release = (): void => undefined;
    turn = new Promise((resolve) => (release = resolve));
    try {
      const kept = new Map((await timers.read(due.map(({ id }) => id))).map((timer) => [timer.id, timer]));
      await before;
      const { fires, settlements } = decide(due, kept);
      const published = fires.length === 0 ? undefined : fired.publish(fires);
      release();
      await published;
      const now = time.now();
      for (const { owner, due: at } of fires) observer.fired(owner, now - at);
      await settle(due, settlements);
    } catch (error) {
      observer.warn({ timers: due.length, error }, 'timers are not known to have fired; they fire again');
      const again = time.now() + RETRY_MS;
      for (const { held, id } of due) held.shard.put(id, again);
    } finally {
      release();
    }
  }

  function decide(due: readonly Due[], kept: ReadonlyMap<string, KeptTimer>) {
    const fires: KeptTimer[] = [];
    const settlements: Settlement[] = [];
    const now = time.now();
    const isTrusted = time.isTrusted();
    for (const { held, id } of due) {
      const timer = kept.get(id);
      if (!timer) continue;
      const { shard } = held;
      if (timer.epoch > shard.epoch) held.isFenced = true;
      if (!isOurs(held)) continue;
      const until = isTrusted ? Math.min(now, shard.covered()) : -Infinity;
      const seen = look(timer, { until, horizon: shard.horizon() });
      const settlement = { holder: shard, id, version: timer.version };
      if (seen.kind === 'fire') fires.push(timer);
      if (seen.kind === 'again') shard.put(id, seen.at);
      else settlements.push(seen.kind === 'refile' ? { ...settlement, lookAgain: seen.at } : settlement);
    }
    return { fires, settlements };
  }

  async function settle(due: readonly Due[], settlements: readonly Settlement[]): Promise<void> {
    if (settlements.length === 0) return;
    await timers.settle(settlements);
    const shards = new Map(due.map(({ held, id }) => [id, held]));
    let refiled = 0;
    for (const { id, lookAgain } of settlements) {
      const held = shards.get(id);
      if (lookAgain === undefined) {
        index.forgot(id);
        if (held) held.pending -= 1;
      } else {
        refiled += 1;
        index.refiled(id, lookAgain);
        // The horizon may have passed it while it was written.
        held?.shard.put(id, lookAgain);
      }
    }
    observer.refiled(refiled);
  }

  return {
    pump,
    /** Resolves when nothing is under way that was when it was called. */
    settled: async (): Promise<void> => {
      await Promise.all([...rounds]);
    },
  };
}

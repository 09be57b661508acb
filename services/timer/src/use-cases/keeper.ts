import { createShard } from '../domain/shard.js';
import { type ApplyCommands, createApplyCommands, type Stretch } from './apply-commands.js';
import { createFireDue } from './fire-due.js';
import { type Held, isOurs } from './held.js';
import { createIndexMemory } from './index-memory.js';
import { createLoadAhead, LOOK_AHEAD_MS } from './load-ahead.js';
import { type Clock, type CommandLog, type FiredLog, type Observer, type Shards, type TimerStore } from './ports.js';
import { type Time } from './time.js';

/** Keeps the timers of the shards that are ours: applies commands, looks ahead, fires. */
export interface Keeper {
  /** Becomes the owner of a shard whose next command has this offset. */
  readonly assigned: (number: number, next: number) => Promise<void>;
  /** Fires nothing of it any more; resolves when what was under way is over. */
  readonly revoked: (number: number) => Promise<void>;
  readonly apply: (number: number, stretch: Stretch) => Promise<void>;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
}

const TICK_MS = 50;
const LOOK_EVERY_MS = 15_000;
/** Every so many looks. */
const STRAGGLERS_EVERY = 4;
const COUNT_EVERY = 20;
const ASK_AGAIN_MS = 500;

export function createKeeper(
  deps: {
    timers: TimerStore;
    shards: Shards;
    log: CommandLog;
    fired: FiredLog;
    clock: Clock;
    time: Time;
    observer: Observer;
  },
  { catchUpRate }: { readonly catchUpRate: number },
): Keeper {
  const { timers, shards, log, clock, time, observer } = deps;
  const held = new Map<number, Held>();
  const index = createIndexMemory(observer);
  const applyCommands: ApplyCommands = createApplyCommands({ ...deps, index });
  const loader = createLoadAhead({ ...deps, index });
  const firing = createFireDue({ ...deps, index, held: () => [...held.values()] });
  const stopping = new AbortController();
  let isAsking = false;
  let looks = 0;

  /** Repeats until we stop; the next turn begins so long after the last has ended. */
  function every(ms: number, work: () => void | Promise<void>): void {
    clock.after(ms, () => {
      void (async () => {
        try {
          await work();
        } catch (error) {
          observer.warn({ error }, 'a turn of the timers failed; the next one follows');
        }
        if (!stopping.signal.aborted) every(ms, work);
      })();
    });
  }

  function tick(): void {
    if (!time.isTrusted()) return;
    firing.pump();
    const now = time.now();
    if (!isAsking && [...held.values()].some((each) => isOurs(each) && each.shard.mustAsk(now))) ask(now);
  }

  /** Where the log ends now: once that is consumed, no command can concern what is due now. */
  function ask(at: number): void {
    isAsking = true;
    log
      .ends()
      .then((ends) => {
        for (const { number, shard } of held.values()) {
          const end = ends[number];
          if (end) shard.logWas(at, end);
        }
        isAsking = false;
        firing.pump();
      })
      .catch((error: unknown) => {
        observer.warn({ error }, 'the ends of the command log are not known');
        clock.after(ASK_AGAIN_MS, () => (isAsking = false));
      });
  }

  async function lookAhead(): Promise<void> {
    looks += 1;
    await checkFences();
    const now = time.now();
    for (const each of held.values()) {
      if (!isOurs(each) || each.isLoading) continue;
      if (looks % STRAGGLERS_EVERY === 0) await loader.stragglers(each, now);
      if (looks % COUNT_EVERY === 0) each.pending = await timers.count(each.number);
      void loader.load(each, now + LOOK_AHEAD_MS);
    }
    tell();
  }

  async function checkFences(): Promise<void> {
    const epochs = await shards.epochs([...held.keys()]);
    for (const each of held.values()) {
      const isOlder = (epochs.get(each.number) ?? 0) > each.shard.epoch;
      // A whole look later the group has decided: if the shard is still given to us, it is ours.
      if (isOlder && each.isFenced) await begin(each, each.shard.next());
      // The clock was set back: its wheel has turned to where time has yet to come.
      else if (each.shard.isAheadOf(time.now())) await begin(each, each.shard.next());
      else each.isFenced = isOlder;
    }
  }

  async function begin(each: Held, next: number): Promise<void> {
    const epoch = await shards.take(each.number);
    if (each.stop.signal.aborted) return;
    const now = time.now();
    each.shard = createShard({ number: each.number, epoch, now, catchUpRate, next });
    each.isFenced = false;
    void loader.load(each, now + LOOK_AHEAD_MS);
  }

  function tell(): void {
    let [pending, loaded] = [0, 0];
    for (const each of held.values()) {
      pending += each.pending;
      loaded += each.shard.size();
    }
    observer.shards(held.size);
    observer.pending(pending);
    observer.loaded(loaded);
  }

  return {
    async assigned(number, next) {
      held.get(number)?.stop.abort();
      const shard = createShard({ number, epoch: 0, now: time.now(), catchUpRate, next });
      const each: Held = { number, shard, stop: new AbortController(), isLoading: false, isFenced: true, pending: 0 };
      // There already, so that it can be revoked while it is being taken.
      held.set(number, each);
      await begin(each, next);
      each.pending = await timers.count(number);
      tell();
    },
    async revoked(number) {
      const each = held.get(number);
      if (!each) return;
      held.delete(number);
      each.stop.abort();
      tell();
      await firing.settled();
    },
    async apply(number, stretch) {
      const each = held.get(number);
      if (!each) throw new TypeError(`shard ${number} is not ours`);
      await applyCommands(each, stretch);
      firing.pump();
    },
    start() {
      every(TICK_MS, tick);
      every(LOOK_EVERY_MS, lookAhead);
      every(TELL_EVERY_MS, tell);
    },
    async stop() {
      stopping.abort();
      for (const each of held.values()) each.stop.abort();
      held.clear();
      await firing.settled();
    },
  };
}

const TELL_EVERY_MS = 1_000;

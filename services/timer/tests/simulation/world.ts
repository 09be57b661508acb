import { Failure } from '@switchboard/errors';
import { type Command } from '../../src/domain/timer.js';
import { createKeeper, type Keeper } from '../../src/use-cases/keeper.js';
import { type KeptTimer, type Observer, type TimerStore } from '../../src/use-cases/ports.js';
import { createTime } from '../../src/use-cases/time.js';
import { memoryShards, memoryTimers } from '../support/twins.js';
import { createReceiver, type Receiver } from './receiver.js';
import { createStage, type Life, type Stage } from './stage.js';

/** A guard that is taken away, to see that somebody notices. */
export type Mutation =
  | 'kept versions are not compared'
  | 'what changed meanwhile is taken away too'
  | 'taken away before it is published'
  | 'the wall clock is believed'
  | 'the receiver obeys every fire';

export interface WorldOptions {
  readonly seed: number;
  readonly without?: Mutation;
  readonly timers?: number;
  readonly longestMs?: number;
  /** Share of calls that are lost, or whose answer is. */
  readonly loss?: number;
}

interface Pod {
  readonly life: Life;
  readonly keeper: Keeper;
  /** By how much its wall clock is wrong. */
  skew: number;
  readonly shards: Map<number, AbortController>;
}

/** Pods on a log, a database and clocks that do the worst they may, and one receiver. */
export interface World {
  readonly stage: Stage;
  readonly receiver: Receiver;
  readonly pods: () => readonly Pod[];
  /** An owner dies at whatever it is doing; its successor knows of it a session later. */
  readonly kill: () => Promise<void>;
  /** An owner stands still, loses its shards, and goes on as if it had them. */
  readonly stall: () => void;
  readonly jump: (ms: number) => void;
  /** Gives shards to other pods, in order. */
  readonly rebalance: () => void;
}

const SHARDS = 3;
const PODS = 2;
const SESSION_MS = 3_000;
const HOUR = 3_600_000;
export const silent: Observer = {
  shards: () => undefined,
  loaded: () => undefined,
  pending: () => undefined,
  commands: () => undefined,
  written: () => undefined,
  fired: () => undefined,
  reset: () => undefined,
  refiled: () => undefined,
  clock: () => undefined,
  warn: () => undefined,
};

export function createWorld({
  seed,
  without,
  timers: count = 40,
  longestMs = 60_000,
  loss = 0.03,
}: WorldOptions): World {
  const stage = createStage(seed, 1_800_000_000_000);
  const store = memoryTimers();
  const shards = memoryShards();
  const log: { readonly command: Command; readonly at: number }[][] = Array.from({ length: SHARDS }, () => []);
  const committed = new Array<number>(SHARDS).fill(0);
  const owners: (Pod | undefined)[] = [];
  let pods: Pod[] = [];
  let born = 0;

  const receiver = createReceiver(
    stage,
    (command) => void log[Number(command.key.slice(1)) % SHARDS]?.push({ command, at: stage.now() }),
    { timers: count, longestMs, obeysAll: without === 'the receiver obeys every fire' },
  );

  /** A call over a network that loses questions and answers; of one that dies no answer arrives. */
  async function call<T>(life: Life, work: () => Promise<T>): Promise<T> {
    const lost = () => new Failure('unavailable', 'sim.lost', 'lost on the way');
    await stage.pause(1 + stage.int(stage.chance(0.05) ? 800 : 15), life);
    if (stage.chance(loss)) throw lost();
    const result = await work();
    const isAnswerLost = stage.chance(loss);
    await stage.pause(1 + stage.int(stage.chance(0.05) ? 800 : 15), life);
    if (isAnswerLost) throw lost();
    return result;
  }

  function storeOf(life: Life): TimerStore {
    return {
      ...store,
      apply: (holder, writes) =>
        call(life, async () => {
          const done = stage.chance(loss) ? stage.int(writes.length) : writes.length;
          const versioned =
            without === 'kept versions are not compared'
              ? writes.map((write) => ({ ...write, version: write.version + 1e6 * (store.rows.get(write.id) ? 1 : 0) }))
              : writes;
          const result = await store.apply(holder, versioned.slice(0, done));
          if (done < writes.length) throw new Failure('unavailable', 'sim.torn', 'some of it was written');
          return result;
        }),
      async *scan(shard, from, until) {
        const pages = store.scan(shard, from, until)[Symbol.asyncIterator]();
        for (;;) {
          const page = await call(life, () => pages.next());
          if (page.done) return;
          yield page.value;
        }
      },
      read: (ids) => call(life, () => store.read(ids)),
      settle: (settlements) =>
        call(life, () =>
          store.settle(
            without === 'what changed meanwhile is taken away too'
              ? settlements.map((each) => ({ ...each, version: store.rows.get(each.id)?.version ?? each.version }))
              : settlements,
          ),
        ),
      count: (shard) => call(life, () => store.count(shard)),
    };
  }

  async function publish(life: Life, fired: readonly KeptTimer[]): Promise<void> {
    const send = (): Promise<void> =>
      call(life, () => {
        for (const timer of fired) receiver.hear(timer);
        return Promise.resolve();
      });
    if (without === 'taken away before it is published') {
      void send().catch(() => undefined);
      return;
    }
    // As the producer does: what failed is sent again, in order, for as long as it takes.
    for (;;) {
      try {
        await send();
        return;
      } catch {
        await stage.pause(200, life);
      }
    }
  }

  function createPod(): Pod {
    const life: Life = { name: `pod-${(born += 1)}`, isAlive: true, pausedUntil: 0 };
    // Some are born with a wall clock that is wrong.
    const pod = { skew: born > PODS && stage.chance(0.15) ? (stage.chance(0.5) ? HOUR : -HOUR) : 0 };
    const clock = {
      wall: () => stage.now() + pod.skew,
      monotonic: () => stage.now() - 1_700_000_000_000,
      after: (ms: number, run: () => void) => stage.after(ms, run, life),
    };
    const reference = { now: () => call(life, () => Promise.resolve(stage.now())) };
    const time =
      without === 'the wall clock is believed'
        ? { now: clock.wall, isTrusted: () => true }
        : createTime({ clock, reference, observer: silent });
    const keeper = createKeeper(
      {
        timers: storeOf(life),
        shards: {
          take: (number) => call(life, () => shards.take(number)),
          epochs: (numbers) => call(life, () => shards.epochs(numbers)),
        },
        log: {
          publish: () => Promise.resolve(),
          ends: () => call(life, () => Promise.resolve(log.map((each) => ({ first: 0, end: each.length })))),
        },
        fired: { publish: (fired) => publish(life, fired) },
        clock,
        time,
        observer: silent,
      },
      { catchUpRate: 1_000 },
    );
    keeper.start();
    return Object.assign(pod, { life, keeper, shards: new Map<number, AbortController>() });
  }

  /** A partition in the hands of a pod, as the consumer has it. */
  async function own(pod: Pod, number: number): Promise<void> {
    const stop = new AbortController();
    const isOver = (): boolean => stop.signal.aborted;
    pod.shards.set(number, stop);
    owners[number] = pod;
    const until = async (work: () => Promise<void>): Promise<void> => {
      while (!isOver()) {
        try {
          await work();
          return;
        } catch {
          await stage.pause(100, pod.life);
        }
      }
    };
    let position = committed[number] ?? 0;
    await until(() => pod.keeper.assigned(number, position));
    while (!isOver()) {
      const chunk = log[number]?.slice(position, position + 1 + stage.int(10)) ?? [];
      const last = chunk.at(-1);
      if (!last) {
        await stage.pause(10 + stage.int(40), pod.life);
        continue;
      }
      const next = position + chunk.length;
      const commands = chunk.map(({ command }) => command);
      await until(() => pod.keeper.apply(number, { commands, next, saidAt: last.at }));
      if (isOver()) return;
      position = next;
      // A former owner's commit is refused by the generation.
      if (owners[number] === pod && stage.chance(0.3)) committed[number] = next;
    }
  }

  const giveOut = (number: number): void => {
    const able = pods.filter(({ life }) => life.isAlive && life.pausedUntil <= stage.now());
    const next = able[stage.int(able.length)];
    if (next) void own(next, number);
  };

  async function letGo(pod: Pod, number: number): Promise<void> {
    pod.shards.get(number)?.abort();
    pod.shards.delete(number);
    await pod.keeper.revoked(number);
  }

  pods = Array.from({ length: PODS }, createPod);
  for (let number = 0; number < SHARDS; number += 1) giveOut(number);

  return {
    stage,
    receiver,
    pods: () => pods,
    async kill() {
      const victim = pods[stage.int(pods.length)];
      if (!victim) return;
      victim.life.isAlive = false;
      pods = [...pods.filter((pod) => pod !== victim), createPod()];
      const lost = [...victim.shards.keys()];
      await stage.runUntil(stage.now() + SESSION_MS);
      for (const number of lost) giveOut(number);
    },
    stall() {
      const victim = pods[stage.int(pods.length)];
      if (!victim || pods.some(({ life }) => life.pausedUntil > stage.now())) return;
      const lost = [...victim.shards.keys()];
      victim.life.pausedUntil = stage.now() + SESSION_MS + stage.int(6_000);
      stage.after(SESSION_MS, () => {
        for (const number of lost) giveOut(number);
      });
      // Some time after it goes on it hears that it has lost them.
      stage.after(
        1 + stage.int(1_500),
        () => {
          for (const number of lost) void letGo(victim, number);
        },
        victim.life,
      );
    },
    jump(ms) {
      const pod = pods[stage.int(pods.length)];
      if (pod) pod.skew = ms;
    },
    rebalance() {
      const number = stage.int(SHARDS);
      const from = owners[number];
      if (!from?.life.isAlive || from.life.pausedUntil > stage.now() || !from.shards.has(number)) return;
      void letGo(from, number).then(() => {
        giveOut(number);
      });
    },
  };
}

import { type KeptTimer } from '../../src/use-cases/ports.js';
import { createKeeper } from '../../src/use-cases/keeper.js';
import { createTime } from '../../src/use-cases/time.js';
import { memoryShards } from '../support/twins.js';
import { type ManyOptions, manyTimers } from './many.js';
import { createStage, type Stage } from './stage.js';
import { silent } from './world.js';

/** Ten million timers, and a million in one minute: one owner, calls that take some milliseconds, simulated time. */

const SHARDS = 64;
const START = 1_800_000_000_000;
const MINUTE = 60_000;

interface Fire {
  readonly id: string;
  readonly at: number;
  readonly due: number;
}

async function ownAll(stage: Stage, options: Omit<ManyOptions, 'shards'>) {
  const timers = manyTimers({ ...options, shards: SHARDS });
  const heard: Fire[] = [];
  /** As long as a bulk of a thousand takes a real database on a busy machine, about. */
  async function call<T>(work: () => Promise<T>, ms: number): Promise<T> {
    await stage.pause(ms);
    return work();
  }
  const clock = {
    wall: stage.now,
    monotonic: () => stage.now() - START,
    after: (ms: number, run: () => void) => stage.after(ms, run),
  };
  const reference = { now: () => Promise.resolve(stage.now()) };
  const keeper = createKeeper(
    {
      timers: {
        ...timers,
        read: (ids) => call(() => timers.read(ids), 10),
        settle: (settlements) => call(() => timers.settle(settlements), 20),
      },
      shards: memoryShards(),
      log: {
        publish: () => Promise.resolve(),
        ends: () => call(() => Promise.resolve(Array.from({ length: SHARDS }, () => ({ first: 0, end: 0 }))), 5),
      },
      fired: {
        publish: (fired: readonly KeptTimer[]) =>
          call(() => {
            for (const { id, due } of fired) heard.push({ id, due, at: stage.now() });
            return Promise.resolve();
          }, 10),
      },
      clock,
      time: createTime({ clock, reference, observer: silent }),
      observer: silent,
    },
    { catchUpRate: 1_000 },
  );
  keeper.start();
  const assigned = Promise.all(Array.from({ length: SHARDS }, (_, number) => keeper.assigned(number, 0)));
  await stage.runUntil(stage.now() + 1);
  await assigned;
  return { timers, heard };
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
const lateness = (heard: readonly Fire[]): number[] => heard.map(({ at, due }) => at - due).sort((a, b) => a - b);

it('TM-2 of ten million pending over a day every one that is due fires once, none early, p99 within 300 ms (T5)', async () => {
  const stage = createStage(1, START);
  const { timers, heard } = await ownAll(stage, { size: 10_000_000, from: START, until: START + 24 * 60 * MINUTE });

  await stage.runUntil(START + 5 * MINUTE);

  const late = lateness(heard);
  const due = heard.filter((fire) => fire.due <= START + 5 * MINUTE - 1_000).length;
  expect(new Set(heard.map(({ id }) => id)).size).toBe(heard.length);
  expect(timers.left()).toBeGreaterThan(9_900_000);
  expect(heard.length).toBeGreaterThan(34_000);
  expect(due).toBeGreaterThan(34_000);
  expect(late[0]).toBeGreaterThanOrEqual(0);
  expect(percentile(late, 0.99)).toBeLessThan(300);
}, 240_000);

it('TM-2 of a million due in the same minute every one fires once, none early', async () => {
  const stage = createStage(2, START);
  const { timers, heard } = await ownAll(stage, { size: 1_000_000, from: START + MINUTE, until: START + 2 * MINUTE });

  await stage.runUntil(START + 4 * MINUTE);

  const late = lateness(heard);
  expect(timers.left()).toBe(0);
  expect(new Set(heard.map(({ id }) => id)).size).toBe(1_000_000);
  expect(late[0]).toBeGreaterThanOrEqual(0);
  expect(percentile(late, 0.99)).toBeLessThan(3_000);
}, 240_000);

it('TM-2 after an hour of downtime what is overdue fires in the order of its deadlines', async () => {
  const stage = createStage(3, START);
  const { timers, heard } = await ownAll(stage, { size: 200_000, from: START - 60 * MINUTE, until: START });

  await stage.runUntil(START + MINUTE);

  expect(timers.left()).toBe(0);
  for (let shard = 0; shard < SHARDS; shard += 1) {
    const dues = heard.filter(({ id }) => Number(id.split(':')[1]) % SHARDS === shard).map(({ due }) => due);
    expect(dues).toEqual(dues.toSorted((a, b) => a - b));
  }
}, 120_000);

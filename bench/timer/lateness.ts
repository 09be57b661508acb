import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, percentile } from '../harness.ts';
import { lay, until } from '../routing/runner.ts';
import { type Heard } from './receiver.ts';
import { armed, keyOf, row, rowsOf, type World } from './world.ts';

const PENDING = 1_000_000;
const HOUR = 3_600_000;
const SESSION_MS = 10_000;
/** So many are due within one minute, spread evenly. */
const DUE_IN_A_MINUTE = Number(process.env['BENCH_DUE'] ?? 100_000);

/** T5 and T6, with a million more that are due later than the run lasts. */
export async function lateness({ start, producer, connection, heard }: World & { heard: Heard[] }): Promise<Figure[]> {
  const rows = rowsOf(connection, 'bench-timer');
  await rows.deleteMany({});
  const [from, day] = [Date.now() + HOUR, 24 * HOUR];
  for (let index = 0; index < PENDING; index += 10_000) {
    const some = Array.from({ length: 10_000 }, (_, each) => row(index + each, from + (((index + each) * 7919) % day)));
    await rows.insertMany(some, { ordered: false });
  }
  process.stderr.write(`  ${PENDING} timers are pending\n`);
  const owner = await start('service', 'bench-timer', 'timer-0');
  let next = PENDING;
  /** So many a second, due some seconds later, for so long; every fifth is moved once. */
  const load = async (perSecond: number, seconds: number): Promise<string[]> => {
    const armedIds: string[] = [];
    for (let second = 0; second < seconds; second += 1) {
      const now = Date.now();
      const first = next;
      next += perSecond;
      const indexes = Array.from({ length: perSecond }, (_, each) => first + each);
      const dueOf = (index: number): number => now + 2_000 + ((index * 7919) % 8_000);
      await lay(
        producer,
        indexes.map((index) => armed(index, 1, dueOf(index))),
      );
      const moved = indexes.filter((index) => index % 5 === 0);
      await lay(
        producer,
        moved.map((index) => armed(index, 2, dueOf(index) + 500)),
      );
      armedIds.push(...indexes.map((index) => `${keyOf(index)}:${index % 5 === 0 ? 2 : 1}`));
      await sleep(Math.max(0, now + 1_000 - Date.now()));
    }
    return armedIds;
  };
  const heardAll = async (ids: readonly string[], since: number): Promise<Heard[]> => {
    const wanted = new Set(ids);
    const found = (): Heard[] => heard.slice(since).filter(({ id }) => wanted.has(id));
    await until(() => Promise.resolve(new Set(found().map(({ id }) => id)).size === wanted.size));
    return found();
  };
  await heardAll(await load(300, 10), 0);

  const begun = heard.length;
  const steady = await heardAll(await load(300, 60), begun);
  const late = steady.map(({ lateMs }) => lateMs);
  const burst = await oneSecond(20_000);
  const minute = await oneMinute(DUE_IN_A_MINUTE);

  const second = await start('service', 'bench-timer', 'timer-1');
  await sleep(5_000);
  const since = heard.length;
  const loading = load(200, 20);
  await sleep(6_000);
  process.kill(owner.pid, 'SIGKILL');
  const survived = await heardAll(await loading, since);
  await second.stop();
  const worst = Math.max(...survived.map(({ lateMs }) => lateMs));
  const early = heard.filter(({ lateMs }) => lateMs < 0).length;
  const cost = { unit: 'ms', isCost: true } as const;
  const steadily = `${steady.length} fires at 300/s, ${PENDING} pending`;
  return [
    {
      id: 'T5',
      what: 'lateness of a fire: p99',
      value: percentile(late, 99),
      floor: 1_000,
      goal: 300,
      ...cost,
      detail: steadily,
    },
    {
      id: 'T5',
      what: 'lateness of a fire: p99.9',
      value: percentile(late, 99.9),
      floor: 3_000,
      goal: 1_000,
      ...cost,
      detail: `p50 ${percentile(late, 50)} ms`,
    },
    {
      id: 'T5',
      what: 'lateness of 20,000 due in one second: p99',
      value: percentile(burst, 99),
      floor: 10_000,
      goal: 3_000,
      ...cost,
    },
    {
      id: 'T5',
      what: `${DUE_IN_A_MINUTE.toLocaleString('en')} due in one minute: all fired after`,
      value: minute.seconds,
      unit: 's',
      floor: 75,
      goal: 62,
      isCost: true,
      detail: `p50 ${percentile(minute.late, 50)} ms, p99 ${percentile(minute.late, 99)} ms late, ${minute.repeated} repeated`,
    },
    {
      id: 'T6',
      what: 'owner killed: the latest of its fires',
      value: worst,
      floor: SESSION_MS + 5_000,
      goal: SESSION_MS + 2_000,
      ...cost,
      detail: `${survived.length - new Set(survived.map(({ id }) => id)).size} repeated, 0 lost, ${early} early of ${heard.length} in all`,
    },
  ];

  /** Pending already when the minute comes, as timers of chats are. */
  async function oneMinute(count: number): Promise<{ seconds: number; late: number[]; repeated: number }> {
    const before = heard.length;
    const first = next;
    next += count;
    // Some 20,000 rows a second are laid; the owner looks a minute ahead.
    const at = Date.now() + count / 10 + 65_000;
    for (let done = 0; done < count; done += 10_000) {
      const some = Array.from({ length: Math.min(10_000, count - done) }, (_, each) =>
        row(first + done + each, at + Math.floor(((done + each) * 60_000) / count)),
      );
      await rows.insertMany(some, { ordered: false });
    }
    const ids = Array.from({ length: count }, (_, each) => `${keyOf(first + each)}:1`);
    const fires = await heardAll(ids, before);
    return {
      seconds: (Date.now() - at) / 1_000,
      late: fires.map(({ lateMs }) => lateMs),
      repeated: fires.length - new Set(fires.map(({ id }) => id)).size,
    };
  }

  async function oneSecond(count: number): Promise<number[]> {
    const before = heard.length;
    const first = next;
    next += count;
    const at = Date.now() + 10_000;
    const indexes = Array.from({ length: count }, (_, each) => first + each);
    await lay(
      producer,
      indexes.map((index) => armed(index, 1, at + (index % 1_000))),
    );
    const fires = await heardAll(
      indexes.map((index) => `${keyOf(index)}:1`),
      before,
    );
    return fires.map(({ lateMs }) => lateMs);
  }
}

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { timerCommands, timerFired, topics } from '@switchboard/contracts/topics';
import { connectKafka, createProducer, ensureTopics, partitionOf, type Producer, topicSpec } from '@switchboard/kafka';
import { type Connection, createConnection, type mongo } from 'mongoose';
import { type Figure, interleaved, percentile, startSubject, type Subject } from '../harness.ts';
import { PARTITIONS, withInfrastructure } from '../infrastructure.ts';
import { lay, pass, until } from '../routing/runner.ts';
import { type Heard, startReceiver } from './receiver.ts';
import { armed, idOf, keyOf, OWNER, row, type TimerRow } from './world.ts';

const ROUNDS = 5;
const TIMERS = 60_000;
const PENDING = 1_000_000;
const HOUR = 3_600_000;
const SESSION_MS = 10_000;
const script = (name: string): string => join(import.meta.dirname, `${name}.ts`);
const baselineTopic = { name: 'bench.timers', retentionMs: -1 };

/** T1 … T6: timer on core 0, MongoDB, Kafka and this process on the other. */
export const timerFigures = (): Promise<Figure[]> =>
  withInfrastructure(async ({ brokers, mongoUrl, pids }) => {
    const kafka = connectKafka({ brokers: [...brokers], clientId: 'bench' });
    await ensureTopics(
      kafka,
      [...topics, baselineTopic, timerFired(OWNER)].map((topic) =>
        topicSpec(topic, { partitions: PARTITIONS, replication: 1 }),
      ),
    );
    const producer = createProducer(kafka, { patience: 'retry' });
    await producer.start();
    const connection = createConnection(mongoUrl);
    await connection.asPromise();
    const start = (name: string, ...more: string[]): Promise<Subject> =>
      startSubject(script(name), [brokers.join(','), mongoUrl, ...more]);
    const receiver = await startReceiver(kafka);
    try {
      return [
        ...(await resets({ start, producer, connection, mongod: pids['mongodb'] })),
        await memory(),
        ...(await lateness({ start, producer, connection, heard: receiver.heard })),
      ];
    } finally {
      await receiver.stop();
      await producer.stop();
      await connection.close();
    }
  });

interface World {
  readonly start: (name: string, ...more: string[]) => Promise<Subject>;
  readonly producer: Producer;
  readonly connection: Connection;
}

/** T1, T2, T3. Each round moves every timer once, all of a chunk distinct; the first round makes them. */
async function resets({
  start,
  producer,
  connection,
  mongod,
}: World & { mongod: number | undefined }): Promise<Figure[]> {
  const service = await start('service', 'bench-timer', 'timer-0');
  const baseline = await start('baseline', 'bench-timer-baseline', baselineTopic.name);
  const versions = new Map<string, number>();
  const due = Date.now() + 24 * HOUR;
  const round = async (subject: Subject, database: string, topic: string): Promise<number> => {
    const version = (versions.get(topic) ?? 0) + 1;
    versions.set(topic, version);
    const records = Array.from({ length: TIMERS }, (_, index) => armed(index, version, due + version * HOUR, topic));
    const rows = rowsOf(connection, database);
    const last = lastOfEachPartition(TIMERS);
    // The last of every partition has this version: then all have.
    const count = () => rows.countDocuments({ _id: { $in: last }, v: version });
    const { perSecond, nodeMicros } = await pass(producer, { subject, mongod, records, count, expected: last.length });
    process.stderr.write(`    ${nodeMicros.toFixed(1)} µs of node each\n`);
    return perSecond;
  };
  try {
    const medians = await interleaved(ROUNDS, {
      timer: () => round(service, 'bench-timer', timerCommands.name),
      baseline: () => round(baseline, 'bench-timer-baseline', baselineTopic.name),
    });
    const { timer = NaN, baseline: raw = NaN } = medians;
    const detail = `${timer.toFixed(0)}/s to ${raw.toFixed(0)}/s, ${TIMERS} distinct timers a round`;
    return [
      {
        id: 'T1',
        what: 'resets to raw consume + fold + bulk upsert',
        value: timer / raw,
        unit: '×',
        floor: 0.6,
        goal: 0.8,
        detail,
      },
      { id: 'T2', what: 'resets a second on one core', value: timer, unit: '', floor: 20_000, goal: 40_000 },
      await indexWrites({ producer, connection, version: versions.get(timerCommands.name) ?? 0 }),
    ];
  } finally {
    await service.stop();
    await baseline.stop();
  }
}

/** T3. Twenty messages move an idle timer of a day; then the day is over, and the service looks. */
async function indexWrites({
  producer,
  connection,
  version,
}: Omit<World, 'start'> & { version: number }): Promise<Figure> {
  const [timers, messages] = [1_000, 20];
  const rows = rowsOf(connection, 'bench-timer');
  const ids = Array.from({ length: timers }, (_, index) => idOf(index));
  const due = Date.now() + 100 * HOUR;
  const before = await keysWritten(rows);
  for (let message = 1; message <= messages; message += 1)
    await lay(
      producer,
      ids.map((_, index) => armed(index, version + message, due + message * HOUR)),
    );
  await until(async () => (await rows.countDocuments({ _id: { $in: ids }, v: version + messages })) === timers);
  const byResets = (await keysWritten(rows)) - before;
  const soon = new Date(Date.now() + 10_000);
  await rows.updateMany({ _id: { $in: ids } }, { $set: { ix: soon } });
  const looked = await keysWritten(rows);
  await until(async () => (await rows.countDocuments({ _id: { $in: ids }, ix: { $gt: soon } })) === timers);
  const byLooks = (await keysWritten(rows)) - looked;
  return {
    id: 'T3',
    what: 'index writes per reset (24 h idle, 20 messages)',
    value: (byResets + byLooks) / (timers * messages),
    unit: '',
    floor: 0.1,
    goal: 0.05,
    isCost: true,
    detail: `${timers} timers: ${byResets} by resets, ${byLooks} by looks`,
  };
}

/** T4. */
function memory(): Promise<Figure> {
  const measured = [1_000_000, 5_000_000].map((count) => {
    const { stdout } = spawnSync(process.execPath, [
      '--expose-gc',
      '--max-old-space-size=3000',
      script('memory'),
      String(count),
    ]);
    return (JSON.parse(String(stdout)) as { bytes: number }).bytes;
  });
  const [million = NaN, five = NaN] = measured;
  const detail = `with its id of ${idOf(0).length} characters; of five million ${five.toFixed(0)}`;
  return Promise.resolve({
    id: 'T4',
    what: 'bytes per loaded timer, of a million',
    value: million,
    unit: '',
    floor: 150,
    goal: 120,
    isCost: true,
    detail,
  });
}

/** T5 and T6, with a million more that are due later than the run lasts. */
async function lateness({ start, producer, connection, heard }: World & { heard: Heard[] }): Promise<Figure[]> {
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
    await until(() => Promise.resolve(new Set(heard.slice(since).map(({ id }) => id)).size >= wanted.size));
    return heard.slice(since).filter(({ id }) => wanted.has(id));
  };
  await heardAll(await load(300, 10), 0);

  const steady = await heardAll(await load(300, 60), heard.length);
  const late = steady.map(({ lateMs }) => lateMs);
  const burst = await oneSecond(20_000);

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
      id: 'T6',
      what: 'owner killed: the latest of its fires',
      value: worst,
      floor: SESSION_MS + 5_000,
      goal: SESSION_MS + 2_000,
      ...cost,
      detail: `${survived.length - new Set(survived.map(({ id }) => id)).size} repeated, 0 lost, ${early} early of ${heard.length} in all`,
    },
  ];

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

const rowsOf = (connection: Connection, database: string): mongo.Collection<TimerRow> =>
  connection.useDb(database).collection<TimerRow>('timers');

function lastOfEachPartition(count: number): string[] {
  const last = new Map<number, string>();
  for (let index = 0; index < count; index += 1) last.set(partitionOf(keyOf(index), PARTITIONS), idOf(index));
  return [...last.values()];
}

/** Keys put into the look-again index so far, as the storage engine counts them. */
async function keysWritten(rows: mongo.Collection<TimerRow>): Promise<number> {
  const [stats] = await rows
    .aggregate<{ storageStats: { indexDetails: Record<string, { cursor: Record<string, number> }> } }>([
      { $collStats: { storageStats: {} } },
    ])
    .toArray();
  return stats?.storageStats.indexDetails['s_1_ix_1']?.cursor['insert calls'] ?? NaN;
}

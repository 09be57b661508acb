import { timerCommands } from '@switchboard/contracts/topics';
import { partitionOf } from '@switchboard/kafka';
import { type mongo } from 'mongoose';
import { type Figure, interleaved, median, type Subject } from '../harness.ts';
import { PARTITIONS } from '../infrastructure.ts';
import { lay, pass, until } from '../routing/runner.ts';
import { armed, idOf, keyOf, rowsOf, type TimerRow, type World } from './world.ts';

const ROUNDS = 5;
const TIMERS = 60_000;
const HOUR = 3_600_000;
export const baselineTopic = { name: 'bench.timers', retentionMs: -1 };

/** T1, T2, T3. Each round moves every timer once, all of a chunk distinct; the first round makes them. */
export async function resets({
  start,
  producer,
  connection,
  mongod,
}: World & { mongod: number | undefined }): Promise<Figure[]> {
  const service = await start('service', 'bench-timer', 'timer-0');
  const baseline = await start('baseline', 'bench-timer-baseline', baselineTopic.name);
  const versions = new Map<string, number>();
  const micros: Record<'timer' | 'baseline', number[]> = { timer: [], baseline: [] };
  const due = Date.now() + 24 * HOUR;
  const round = async (
    name: keyof typeof micros,
    subject: Subject,
    database: string,
    topic: string,
  ): Promise<number> => {
    const version = (versions.get(topic) ?? 0) + 1;
    versions.set(topic, version);
    const records = Array.from({ length: TIMERS }, (_, index) => armed(index, version, due + version * HOUR, topic));
    const rows = rowsOf(connection, database);
    const last = lastOfEachPartition(TIMERS);
    // The last of every partition has this version: then all have.
    const count = () => rows.countDocuments({ _id: { $in: last }, v: version });
    const { perSecond, nodeMicros, mongodMicros } = await pass(producer, {
      subject,
      mongod,
      records,
      count,
      expected: last.length,
    });
    if (version > 1) micros[name].push(nodeMicros);
    process.stderr.write(`    ${nodeMicros.toFixed(1)} µs of node, ${mongodMicros.toFixed(1)} µs of mongod each\n`);
    return perSecond;
  };
  try {
    const medians = await interleaved(ROUNDS, {
      timer: () => round('timer', service, 'bench-timer', timerCommands.name),
      baseline: () => round('baseline', baseline, 'bench-timer-baseline', baselineTopic.name),
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
      {
        id: 'T2',
        what: 'resets a second that one core of node carries',
        value: 1e6 / median(micros.timer),
        unit: '',
        floor: 20_000,
        goal: 40_000,
        detail: `by its CPU, ${median(micros.timer).toFixed(0)} µs each, raw ${median(micros.baseline).toFixed(0)} µs; what one mongod beside it took is in T1`,
      },
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

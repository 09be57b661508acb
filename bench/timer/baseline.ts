// The least that keeps timers: node baseline.ts <brokers> <mongo url> <database> <topic>
// Per chunk: parse, the newest per timer, one upsert each in one bulk, one commit. No owners, no wheel, no refusals.
import { timerCommands } from '@switchboard/contracts/topics';
import { type EachBatchPayload, Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import { createConnection } from 'mongoose';
import type { TimerRow } from './world.ts';

const CHUNK = 1_000;
const [brokers = '', url = '', database = '', topic = ''] = process.argv.slice(2);

const connection = createConnection(url, {
  dbName: database,
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 },
  maxPoolSize: 20,
  promoteBuffers: true,
  autoIndex: false,
});
await connection.asPromise();
const timers = connection.collection<TimerRow>('timers');
await timers.createIndexes([{ key: { s: 1, ix: 1 } }]);

const kafka = new Kafka({ brokers: brokers.split(','), clientId: 'baseline', logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: 'timer-baseline', maxWaitTimeInMs: 500, maxBytesPerPartition: 1_048_576 });
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });

async function handle(partition: number, messages: readonly KafkaMessage[]): Promise<void> {
  const newest = new Map<string, { due: Date; version: number; firedKey: string; payload: Uint8Array }>();
  for (const { value } of messages) {
    const { owner, timerKey, version, command } = timerCommands.decode(value ?? Buffer.alloc(0));
    if (command?.$case !== 'arm') continue;
    const { dueAt = new Date(0), firedKey, payload } = command.value;
    const id = `${owner}/${timerKey}`;
    if ((newest.get(id)?.version ?? 0) < Number(version))
      newest.set(id, { due: dueAt, version: Number(version), firedKey, payload });
  }
  const operations = [...newest].map(([_id, { due, version, firedKey, payload }]) => ({
    updateOne: {
      filter: { _id, v: { $lt: version } },
      update: { $set: { due, v: version, f: firedKey, p: payload }, $min: { ix: due }, $setOnInsert: { s: partition } },
      upsert: true,
    },
  }));
  await timers.bulkWrite(operations, { ordered: false });
}

async function eachBatch({ batch, resolveOffset, heartbeat }: EachBatchPayload): Promise<void> {
  for (let start = 0; start < batch.messages.length; start += CHUNK) {
    const chunk = batch.messages.slice(start, start + CHUNK);
    await handle(batch.partition, chunk);
    const last = chunk.at(-1)?.offset ?? '0';
    resolveOffset(last);
    await consumer.commitOffsets([
      { topic: batch.topic, partition: batch.partition, offset: String(BigInt(last) + 1n) },
    ]);
    await heartbeat();
  }
}

consumer.on(consumer.events.GROUP_JOIN, () => {
  console.log(JSON.stringify({ joined: true }));
});
process.on('SIGTERM', () => process.exit(0));
await consumer.run({ autoCommit: false, partitionsConsumedConcurrently: 12, eachBatch });

// Straight-line code with the effects of routing: node baseline.ts <brokers> <mongo url> <database> <from> <to>
// Per chunk: one find, one compare-and-set, one insert of the transcript, one upsert of the rows, one send, one commit.
import { whatsappMessages } from '@switchboard/contracts/topics';
import { CompressionTypes, type EachBatchPayload, Kafka, type KafkaMessage, logLevel, Partitioners } from 'kafkajs';
import { createConnection } from 'mongoose';
import { emptyThread, fold } from './baseline-fold.ts';
import type { ChatRow, ThreadRow, Told, TranscriptRow } from './documents.ts';

const CHUNK = 500;
const [brokers = '', url = '', database = '', from = '', to = ''] = process.argv.slice(2);

const connection = createConnection(url, {
  dbName: database,
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 },
  maxPoolSize: 20,
  promoteBuffers: true,
  autoIndex: false,
});
await connection.asPromise();
const threads = connection.collection<ThreadRow>('threads');
const transcript = connection.collection<TranscriptRow>('transcript');
const rows = connection.collection<ChatRow>('chat_rows');
// The indexes that the same queries need.
await threads.createIndexes([
  { key: { outAt: 1 }, partialFilterExpression: { outAt: { $type: 'date' } } },
  { key: { number: 1, 'chat.state': 1, connection: 1 } },
]);
await transcript.createIndexes([
  { key: { t: 1, at: -1, s: -1 }, partialFilterExpression: { l: true } },
  { key: { t: 1, w: 1 }, partialFilterExpression: { w: { $type: 'string' } } },
]);
await rows.createIndexes([
  { key: { organisationId: 1, state: 1, lastAt: -1, _id: -1 } },
  { key: { organisationId: 1, number: 1, lastAt: -1, _id: -1 } },
  { key: { organisationId: 1, customer: 1, lastAt: -1, _id: -1 } },
]);

const kafka = new Kafka({ brokers: brokers.split(','), clientId: 'baseline', logLevel: logLevel.ERROR });
const retry = { retries: 5 };
const producer = kafka.producer({
  maxInFlightRequests: 1,
  createPartitioner: Partitioners.DefaultPartitioner,
  retry,
});
const consumer = kafka.consumer({ groupId: 'baseline', maxWaitTimeInMs: 500, maxBytesPerPartition: 1_048_576 });
await producer.connect();
await consumer.connect();
await consumer.subscribe({ topics: [from], fromBeginning: true });

async function handle(partition: number, messages: readonly KafkaMessage[]): Promise<void> {
  const inputs = messages.map(({ offset, value }) => {
    const message = whatsappMessages.decode(value ?? Buffer.alloc(0));
    return { id: `${message.phoneNumberId}.1.${message.customer?.phone ?? ''}`, offset: Number(offset), message };
  });
  const ids = [...new Set(inputs.map(({ id }) => id))];
  const found = await threads.find({ _id: { $in: ids } }, { readConcern: 'majority' }).toArray();
  const known = new Map(found.map((thread) => [thread._id, thread as ThreadRow]));
  const told: Told[] = [];
  const changed = new Map<string, ThreadRow>();
  for (const { id, message, offset } of inputs) {
    const thread = known.get(id) ?? emptyThread(id);
    known.set(id, thread);
    const said = fold(thread, message, partition, offset);
    if (said.length > 0) changed.set(id, thread);
    told.push(...said);
  }
  if (changed.size > 0) await threads.bulkWrite([...changed.values()].map(compareAndSet), { ordered: false });
  if (told.length === 0) return;
  await Promise.all([
    transcript.insertMany(told.map(transcriptRow), { ordered: false }),
    rows.bulkWrite([...changed.values()].flatMap(upsertRow), { ordered: false }),
    producer.send({ topic: to, acks: -1, compression: CompressionTypes.None, messages: told.map(toMessage) }),
  ]);
}

/** Only what changes is set. */
function compareAndSet({ _id, v, number, customer, ...rest }: ThreadRow) {
  const $set = { ...rest, v: v + 1, ...(v === 0 && { number, customer }) };
  return { updateOne: { filter: { _id, v }, update: { $set }, upsert: true } };
}

const transcriptRow = ({ event, bytes }: Told): TranscriptRow => ({
  _id: `${event.threadId}:${event.sequence}`,
  t: event.threadId,
  s: Number(event.sequence),
  at: event.occurredAt ?? new Date(0),
  c: event.chatId,
  ...(event.event?.$case === 'messageAppended' && { w: event.event.value.whatsappMessageId, l: true as const }),
  b: bytes,
});

function upsertRow({ _id: threadId, chat, number, customer, party, seq: sequence }: ThreadRow) {
  if (!chat) return [];
  const { id, ...shown } = chat;
  const $set = { ...shown, threadId, number, customer, organisationId: 'bench', party, sequence };
  return [{ updateOne: { filter: { _id: id, sequence: { $lt: sequence } }, update: { $set }, upsert: true } }];
}

const toMessage = ({ event, bytes }: Told) => ({
  key: event.phoneNumberId,
  value: bytes,
  headers: { id: `${event.threadId}:${event.sequence}`, time: (event.occurredAt ?? new Date(0)).toISOString() },
});

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

// As it is written first: one update and one insert per message: node naive.ts <brokers> <mongo url> <database> <from>
import { whatsappMessages } from '@switchboard/contracts/topics';
import { Kafka, logLevel } from 'kafkajs';
import { createConnection } from 'mongoose';

const [brokers = '', url = '', database = '', from = ''] = process.argv.slice(2);
const connection = createConnection(url, {
  dbName: database,
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 },
});
await connection.asPromise();
const threads = connection.collection<{ _id: string }>('naive_threads');
const messages = connection.collection('naive_messages');

const kafka = new Kafka({ brokers: brokers.split(','), clientId: 'naive', logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: 'naive', maxWaitTimeInMs: 500 });
await consumer.connect();
await consumer.subscribe({ topics: [from], fromBeginning: true });
consumer.on(consumer.events.GROUP_JOIN, () => {
  console.log(JSON.stringify({ joined: true }));
});
process.on('SIGTERM', () => process.exit(0));
await consumer.run({
  async eachMessage({ message }) {
    const { phoneNumberId, messageId, customer, sentAt, content } = whatsappMessages.decode(
      message.value ?? Buffer.alloc(0),
    );
    const thread = `${phoneNumberId}.${customer?.phone ?? ''}`;
    const change = { $set: { lastAt: sentAt, customer }, $inc: { unread: 1 } };
    await threads.updateOne({ _id: thread }, change, { upsert: true });
    await messages.insertOne({ thread, messageId, sentAt, content });
  },
});

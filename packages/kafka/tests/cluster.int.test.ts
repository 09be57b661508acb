import { type Component } from '@switchboard/service-kit';
import { Kafka, logLevel } from 'kafkajs';
import { createConsumer, createProducer, createTail, ensureTopics, type KafkaClient, topicSpec } from '../src/index.js';
import { type Broker, createCluster } from './support/broker.js';
import { eventually } from './support/eventually.js';
import { client, evenly, firsts, freshName, readAll, record } from './support/records.js';

jest.setTimeout(300_000);

let brokers: Broker[];
let kafka: KafkaClient;
let parts: Component[] = [];

beforeAll(async () => {
  brokers = await createCluster(3);
  await Promise.all(brokers.map((broker) => broker.start()));
  kafka = client(...brokers.map(({ address }) => address));
});
afterEach(async () => {
  await Promise.all(parts.map((part) => part.stop()));
  parts = [];
});
afterAll(() => Promise.all(brokers.map((broker) => broker.stop())));

describe('when one of three brokers is killed', () => {
  it('goes on with the others in order, and loses nothing', async () => {
    const topic = freshName('t');
    await ensureTopics(kafka, [
      topicSpec({ name: topic, retentionMs: 3_600_000, cleanup: 'delete' }, { partitions: 6, replication: 3 }),
    ]);
    const producer = createProducer(kafka, { patience: 'retry', sendTimeoutMs: 3_000 });
    const consumed: string[] = [];
    const crashes: unknown[] = [];
    const consumer = createConsumer(kafka, {
      group: freshName('g'),
      instance: 'a',
      topics: [{ topic, code: 'x1' }],
      onCrash: (error) => void crashes.push(error),
      handle({ records }) {
        consumed.push(...records.map(({ value }) => Buffer.from(value ?? []).toString()));
        return Promise.resolve({ done: Promise.resolve() });
      },
    });
    const tailed: string[] = [];
    const tail = createTail(kafka, {
      topics: [{ name: topic, code: 'x', generation: 1 }],
      select: ({ value }) => void tailed.push(Buffer.from(value ?? []).toString()),
    });
    parts = [producer, consumer, tail];
    await Promise.all(parts.map((part) => part.start()));
    const sends = evenly(2_000, 8, async (index) => {
      await producer.send([record(topic, `k${index % 30}`, `${index}`)]);
    });

    // A leader and the coordinator of the group in turn: with three brokers each is both of something. A partition whose
    // leader falls moves to a broker that may have answered for others already (`wire.ts`).
    for (const [index, atLeast] of [200, 600, 1_000, 1_400].entries()) {
      await eventually(() => {
        expect(consumed.length).toBeGreaterThan(atLeast);
      });
      const victim = index % 2 === 0 ? await leaderOf(topic) : await coordinator();
      await victim.kill();
      // The outage: long enough for another leader to be elected and to take over.
      await new Promise((later) => setTimeout(later, 3_000));
      await victim.start();
    }
    await sends;

    await eventually(() => {
      expect(new Set(consumed).size).toBe(2_000);
    });
    await eventually(() => {
      expect(new Set(tailed).size).toBe(2_000);
    });
    for (const [key, log] of await readAll(kafka, topic)) {
      const order = firsts(log).map(Number);
      expect(order).toEqual([...order].sort((a, b) => a - b));
      const read = firsts(consumed).filter((value) => `k${Number(value) % 30}` === key);
      expect(read).toEqual(firsts(log));
    }
    expect(crashes).toEqual([]);
  });
});

async function leaderOf(topic: string): Promise<Broker> {
  return asking(async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions[0]?.leader ?? 1;
  });
}

/** Of the one partition that keeps the groups. */
const coordinator = (): Promise<Broker> => leaderOf('__consumer_offsets');

async function asking(ask: (admin: ReturnType<Kafka['admin']>) => Promise<number>): Promise<Broker> {
  const admin = new Kafka({ brokers: brokers.map(({ address }) => address), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const broker = brokers[(await ask(admin)) - 1];
    if (!broker) throw new TypeError('no such broker');
    return broker;
  } finally {
    await admin.disconnect();
  }
}

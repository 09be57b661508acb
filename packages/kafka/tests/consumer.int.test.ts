import { type Component } from '@switchboard/service-kit';
import { Kafka, logLevel } from 'kafkajs';
import {
  committed,
  type ConsumerOptions,
  createConsumer,
  createProducer,
  ensureTopics,
  type KafkaClient,
  type Producer,
} from '../src/index.js';
import { type Broker, createBroker } from './support/broker.js';
import { eventually } from './support/eventually.js';
import { client, evenly, freshName, record } from './support/records.js';

jest.setTimeout(120_000);

let broker: Broker;
let kafka: KafkaClient;
let producer: Producer;
const consumers: Component[] = [];

beforeAll(async () => {
  broker = await createBroker();
  await broker.start();
  kafka = client(broker.address);
  producer = createProducer(kafka, { patience: 'retry', sendTimeoutMs: 3_000 });
  await producer.start();
});
afterEach(async () => {
  await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
});
afterAll(async () => {
  await producer.stop();
  await broker.stop();
});

describe('when chunks are handled', () => {
  it('commits only up to what is done, and reads the rest again', async () => {
    const { topic, group } = await scene(['a', 'b', 'c', 'd']);
    const first = reading({
      topic,
      group,
      chunkRecords: 2,
      done: (values) => (values.includes('c') ? never : Promise.resolve()),
    });
    await first.start();
    await eventually(() => {
      expect(first.values).toEqual(['a', 'b', 'c', 'd']);
    });
    await first.stop();

    const second = reading({ topic, group });
    await second.start();
    await eventually(() => {
      expect(second.values).toEqual(['c', 'd']);
    });

    expect(second.assigned).toEqual([{ partition: 0, committed: { x1: 2 } }]);
  });

  it('commits by the clock, without waiting for anybody to leave', async () => {
    const { topic, group } = await scene(['a', 'b']);
    const consumer = reading({ topic, group });
    await consumer.start();

    await eventually(async () => {
      expect((await committed(kafka, group, [topic])).get(topic)?.get(0)).toBe(2);
    });
  });

  it('keeps its place in the group while a handler takes longer than the session', async () => {
    const { topic, group } = await scene(['a']);
    let times = 0;
    const consumer = reading({
      topic,
      group,
      sessionTimeoutMs: 6_000,
      async before() {
        times += 1;
        await new Promise((later) => setTimeout(later, 9_000));
      },
    });
    await consumer.start();

    await eventually(async () => {
      expect((await committed(kafka, group, [topic])).get(topic)?.get(0)).toBe(1);
    });
    expect(times).toBe(1);
  });

  it('leaves the offset where it was when it is stopped while a handler waits', async () => {
    const { topic, group } = await scene(['a']);
    let tries = 0;
    const consumer = reading({
      topic,
      group,
      before() {
        tries += 1;
        return Promise.reject(new Error('the store is away'));
      },
    });
    await consumer.start();
    await eventually(() => {
      expect(tries).toBeGreaterThan(1);
    });
    await consumer.stop();

    expect((await committed(kafka, group, [topic])).get(topic)?.get(0)).toBe(0);
  });

  it('reads again from what is done when a chunk could not be completed', async () => {
    const { topic, group } = await scene(['a', 'b']);
    let failures = 1;
    const consumer = reading({
      topic,
      group,
      done: () => (failures-- > 0 ? Promise.reject(new Error('not published')) : Promise.resolve()),
    });
    await consumer.start();

    await eventually(() => {
      expect(consumer.values).toEqual(['a', 'b', 'a', 'b']);
    });
    await eventually(async () => {
      expect((await committed(kafka, group, [topic])).get(topic)?.get(0)).toBe(2);
    });
  });
});

describe('when the broker is killed', () => {
  it('goes on where it was when the broker is back, and nothing is lost', async () => {
    const { topic, group } = await scene([]);
    const consumer = reading({ topic, group });
    await consumer.start();
    const values = Array.from({ length: 400 }, (_, index) => `${index}`);
    const sends = evenly(values.length, 10, async (index) => {
      await producer.send([record(topic, 'k', `${index}`)]);
    });

    await eventually(() => {
      expect(consumer.values.length).toBeGreaterThan(50);
    });
    await broker.kill();
    await broker.start();
    await sends;

    await eventually(() => {
      expect(new Set(consumer.values).size).toBe(400);
    });
    expect([...new Set(consumer.values)].map(Number)).toEqual(values.map(Number));
    expect(consumer.crashes).toEqual([]);
  });
});

describe('when Kafka is away for good', () => {
  it('stops all the same, and soon', async () => {
    const { topic, group } = await scene(['a']);
    const consumer = reading({ topic, group, done: () => never });
    await consumer.start();
    await eventually(() => {
      expect(consumer.values).toEqual(['a']);
    });
    await broker.kill();

    await consumer.stop();

    expect(consumer.crashes).toEqual([]);
    await broker.start();
  });
});

describe('when it cannot be right', () => {
  it('does not start on topics with different numbers of partitions', async () => {
    const topics = [freshName('t'), freshName('t')];
    await ensureTopics(
      kafka,
      topics.map((name, index) => ({ name, partitions: index + 1 })),
    );
    const consumer = createConsumer(kafka, {
      group: freshName('g'),
      instance: 'a',
      topics: topics.map((topic) => ({ topic, code: topic })),
      handle: () => Promise.resolve({ done: Promise.resolve() }),
    });
    consumers.push(consumer);

    await expect(consumer.start()).rejects.toMatchObject({ kind: 'conflict', code: 'kafka.partition-count' });
  });

  it('stops with an alarm when the log ends below what was committed (rule 12)', async () => {
    const { topic, group } = await scene(['a']);
    const admin = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '90213' }] });
    await admin.disconnect();
    const consumer = reading({ topic, group });

    await expect(consumer.start()).rejects.toMatchObject({ code: 'kafka.log-rewound' });

    expect(consumer.crashes).toMatchObject([{ code: 'kafka.log-rewound' }]);
    expect(consumer.values).toEqual([]);
    expect((await committed(kafka, group, [topic])).get(topic)?.get(0)).toBe(90_213);
  });

  it('does not wait for its start when it is stopped', async () => {
    const consumer = createConsumer(client('127.0.0.1:1'), {
      group: freshName('g'),
      instance: 'a',
      topics: [{ topic: 'nowhere', code: 'x' }],
      handle: () => Promise.resolve({ done: Promise.resolve() }),
    });

    const starting = consumer.start().catch(() => 'ended');
    await consumer.stop();

    expect(await starting).toBe('ended');
  });
});

const never = new Promise<void>(() => undefined);

async function scene(values: readonly string[]) {
  const topic = freshName('t');
  await ensureTopics(kafka, [{ name: topic, partitions: 1 }]);
  await producer.send(values.map((value) => record(topic, 'k', value)));
  return { topic, group: freshName('g') };
}

interface Reading extends Partial<ConsumerOptions> {
  readonly topic: string;
  readonly group: string;
  readonly before?: () => Promise<void>;
  readonly done?: (values: readonly string[]) => Promise<void>;
}

function reading({
  topic,
  group,
  before = () => Promise.resolve(),
  done = () => Promise.resolve(),
  ...options
}: Reading) {
  const values: string[] = [];
  const assigned: object[] = [];
  const crashes: unknown[] = [];
  const consumer = createConsumer(kafka, {
    instance: 'a',
    ...options,
    group,
    topics: [{ topic, code: 'x1' }],
    onAssigned: (partition, offsets) => void assigned.push({ partition, committed: Object.fromEntries(offsets) }),
    onCrash: (error) => void crashes.push(error),
    async handle({ records }) {
      await before();
      const read = records.map(({ value }) => Buffer.from(value ?? []).toString());
      values.push(...read);
      return { done: done(read) };
    },
  });
  consumers.push(consumer);
  return { ...consumer, values, assigned, crashes };
}

import { createProducer, ensureTopics, type KafkaClient, type Producer, topicEnds } from '../src/index.js';
import { type Broker, createBroker } from './support/broker.js';
import { eventually } from './support/eventually.js';
import { client, evenly, firsts, freshName, readAll, record } from './support/records.js';

jest.setTimeout(120_000);

let broker: Broker;
let kafka: KafkaClient;
const producers: Producer[] = [];

beforeAll(async () => {
  broker = await createBroker();
  await broker.start();
  kafka = client(broker.address);
});
afterEach(async () => {
  await Promise.all(producers.splice(0).map((producer) => producer.stop()));
});
afterAll(() => broker.stop());

describe('when records are published', () => {
  it('keeps the order of each key over many callers', async () => {
    const topic = await topicOf(12);
    const producer = await started();

    await Promise.all(sequence(6_000).map((index) => producer.send([record(topic, `k${index % 50}`, `${index}`)])));

    const log = await readAll(kafka, topic);
    expect([...log.values()].flat()).toHaveLength(6_000);
    for (const values of log.values()) expect(values.map(Number)).toEqual(values.map(Number).sort((a, b) => a - b));
  });

  it('publishes a call that is larger than one send, in order (rule 18)', async () => {
    const topic = await topicOf(1);
    const producer = await started();

    await producer.send(sequence(30).map((index) => record(topic, 'k', String(index).padEnd(100_000))));

    const log = await readAll(kafka, topic);
    expect(log.get('k')?.map(Number)).toEqual(sequence(30));
  });

  it('refuses only the record the broker refuses for its size', async () => {
    const topic = await topicOf(1, { 'max.message.bytes': '20000' });
    const producer = await started({ patience: 'retry' });

    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c'.padEnd(30_000), 'd'].map((value) => producer.send([record(topic, 'k', value)])),
    );

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[2]).toMatchObject({ reason: { kind: 'invalid', code: 'kafka.record-too-large' } });
    expect((await readAll(kafka, topic)).get('k')).toEqual(['a', 'b', 'd']);
  });
});

describe('when the broker is killed', () => {
  it('loses nothing it has acknowledged, and sends what it has not again in order', async () => {
    const topic = await topicOf(4);
    const producer = await started({ patience: 'retry', sendTimeoutMs: 3_000 });
    const acknowledged: string[] = [];
    const sends = evenly(3_000, 2, async (index) => {
      await producer.send([record(topic, `k${index % 8}`, `${index}`)]);
      acknowledged.push(`${index}`);
    });

    for (const atLeast of [300, 1_200]) {
      await eventually(() => {
        expect(acknowledged.length).toBeGreaterThan(atLeast);
      });
      await broker.kill();
      await broker.start();
    }
    await sends;

    const log = await readAll(kafka, topic);
    expect(new Set([...log.values()].flat()).size).toBe(3_000);
    for (const values of log.values())
      expect(firsts(values).map(Number)).toEqual(
        firsts(values)
          .map(Number)
          .sort((a, b) => a - b),
      );
  });

  it('tells callers who can say 503, and publishes again when the broker is back', async () => {
    const topic = await topicOf(1);
    const producer = await started({ sendTimeoutMs: 1_000, queueAgeMs: 1_000 });
    await producer.send([record(topic, 'k', 'before')]);

    await broker.kill();
    await expect(producer.send([record(topic, 'k', 'lost')])).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'kafka.unreachable',
    });
    await broker.start();
    await eventually(() => producer.send([record(topic, 'k', 'after')]));

    const values = (await readAll(kafka, topic)).get('k') ?? [];
    expect(values[0]).toBe('before');
    expect(values).toContain('after');
  });
});

describe('when topics are ensured', () => {
  it('creates what is missing, twice without harm', async () => {
    const specs = [{ name: freshName('t'), partitions: 3, config: { 'cleanup.policy': 'compact' } }];
    await ensureTopics(kafka, specs);
    await ensureTopics(kafka, specs);

    expect(await topicEnds(kafka, specs[0]!.name)).toEqual(
      sequence(3).map((partition) => ({ partition, first: 0, end: 0 })),
    );
  });

  it('refuses a topic with another number of partitions', async () => {
    const topic = await topicOf(3);

    await expect(ensureTopics(kafka, [{ name: topic, partitions: 4 }])).rejects.toMatchObject({
      kind: 'conflict',
      code: 'kafka.partition-count',
    });
  });

  it('waits for a broker that is away', async () => {
    const topic = freshName('t');
    await broker.kill();

    const ensured = ensureTopics(kafka, [{ name: topic, partitions: 1 }]);
    await broker.start();

    await ensured;
    expect(await topicEnds(kafka, topic)).toHaveLength(1);
  });
});

const sequence = (length: number) => Array.from({ length }, (_, index) => index);

async function topicOf(partitions: number, config: Record<string, string> = {}): Promise<string> {
  const name = freshName('t');
  await ensureTopics(kafka, [{ name, partitions, config }]);
  return name;
}

async function started(options: Parameters<typeof createProducer>[1] = {}): Promise<Producer> {
  const producer = createProducer(kafka, options);
  producers.push(producer);
  await producer.start();
  return producer;
}

import { Failure } from '@switchboard/errors';
import { type Admin } from 'kafkajs';
import { type KafkaClient, kafkajs } from './client.js';
import { causes, isPassing, unreachable } from './failures.js';
import { untilItWorks } from './retry.js';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly replication?: number;
  /** Broker settings of the topic: `cleanup.policy`, `retention.ms` … */
  readonly config?: Readonly<Record<string, string>>;
}

/** The first offset a partition still has, and the one its next record will get. */
export interface PartitionEnds {
  readonly partition: number;
  readonly first: number;
  readonly end: number;
}

/**
 * Creates the topics that are missing and resolves when all of them have leaders. Waits, with retries, while Kafka is
 * away, until the signal aborts. Rejects with a `conflict` when a topic has another number of partitions: keys would
 * land elsewhere, and the order per key would be lost. The settings of a topic that exists are left as they are.
 */
export async function ensureTopics(
  client: KafkaClient,
  topics: readonly TopicSpec[],
  { signal }: { signal?: AbortSignal } = {},
): Promise<void> {
  await untilItWorks(() => withAdmin(client, (admin) => createMissing(admin, topics)), {
    what: 'topics',
    logger: client.logger,
    signal,
    mayPass: (error) => isPassing(error) || isStarting(error),
  });
}

/** First offset and end of every partition of a topic. `unavailable` when Kafka is away, `not-found` without the topic. */
export async function topicEnds(client: KafkaClient, topic: string): Promise<PartitionEnds[]> {
  const offsets = await asking(client, (admin) => admin.fetchTopicOffsets(topic));
  return offsets
    .map(({ partition, low, high }) => ({ partition, first: Number(low), end: Number(high) }))
    .sort((a, b) => a.partition - b.partition);
}

/** What a group has committed: per topic and partition the offset it would read next; absent where it has none. */
export async function committed(
  client: KafkaClient,
  group: string,
  topics: readonly string[],
): Promise<Map<string, Map<number, number>>> {
  const offsets = await asking(client, (admin) => admin.fetchOffsets({ groupId: group, topics: [...topics] }));
  const known = (partitions: readonly { partition: number; offset: string }[]) =>
    partitions
      .map(({ partition, offset }) => [partition, Number(offset)] as const)
      .filter(([, offset]) => offset >= 0)
      .sort(([a], [b]) => a - b);
  return new Map(offsets.map(({ topic, partitions }) => [topic, new Map(known(partitions))]));
}

/**
 * The number of partitions all these topics have. Waits while Kafka is away or a topic is missing; rejects with a
 * `conflict` when they differ.
 */
export async function sharedPartitionCount(
  client: KafkaClient,
  topics: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const ask = () => withAdmin(client, (admin) => admin.fetchTopicMetadata({ topics: [...topics] }));
  const { topics: found } = await untilItWorks(ask, { what: topics.join(', '), logger: client.logger, signal });
  const [count = 0, ...others] = new Set(found.map(({ partitions }) => partitions.length));
  if (others.length === 0) return count;
  const counts = found.map(({ name, partitions }) => `${name} ${partitions.length}`).join(', ');
  throw new Failure('conflict', 'kafka.partition-count', `topics read together need as many partitions: ${counts}`);
}

async function createMissing(admin: Admin, topics: readonly TopicSpec[]): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter(({ name }) => !existing.has(name));
  if (missing.length > 0) {
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ name, partitions, replication, config = {} }) => ({
        topic: name,
        numPartitions: partitions,
        ...(replication !== undefined && { replicationFactor: replication }),
        configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      })),
    });
  }
  const found = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) });
  const counts = new Map(found.topics.map(({ name, partitions }) => [name, partitions.length]));
  for (const { name, partitions } of topics) requireCount(name, counts.get(name) ?? 0, partitions);
}

function requireCount(topic: string, found: number, wanted: number): void {
  if (found === wanted) return;
  throw new Failure(
    'conflict',
    'kafka.partition-count',
    `topic ${topic} has ${found} partitions and should have ${wanted}; a keyed topic cannot grow: create a new one`,
    { details: { topic, found: String(found), wanted: String(wanted) } },
  );
}

/** Brokers that have not registered yet count as too few for the replication asked for. */
const isStarting = (error: unknown): boolean => causes(error).some(({ type }) => type === 'INVALID_REPLICATION_FACTOR');

async function asking<T>(client: KafkaClient, ask: (admin: Admin) => Promise<T>): Promise<T> {
  try {
    return await withAdmin(client, ask);
  } catch (error) {
    if (causes(error).some(({ type }) => type === 'UNKNOWN_TOPIC_OR_PARTITION'))
      throw new Failure('not-found', 'kafka.topic-missing', 'there is no such topic', { cause: error });
    throw isPassing(error) ? unreachable(error) : error;
  }
}

async function withAdmin<T>(client: KafkaClient, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkajs(client).admin({ retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 } });
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

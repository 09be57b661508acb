import { Failure } from '@switchboard/errors';
import { type Admin } from 'kafkajs';
import { type KafkaClient, kafkajs } from './client.js';
import { causes, describe, isPassing, unreachable } from './failures.js';
import { backoffMs, pause } from './timing.js';

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
  for (let attempt = 1; ; attempt += 1) {
    try {
      await withAdmin(client, (admin) => createMissing(admin, topics));
      return;
    } catch (error) {
      if (error instanceof Failure || !(isPassing(error) || isStarting(error)) || signal?.aborted) throw error;
      client.logger.warn({ attempt, reason: describe(error) }, 'topics cannot be ensured yet');
      await pause(backoffMs(attempt), signal);
    }
  }
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

/** How many partitions each topic has. Rejects as kafkajs does: for callers inside this package. */
export async function partitionCounts(client: KafkaClient, topics: readonly string[]): Promise<Map<string, number>> {
  return withAdmin(client, async (admin) => {
    const found = await admin.fetchTopicMetadata({ topics: [...topics] });
    return new Map(found.topics.map(({ name, partitions }) => [name, partitions.length]));
  });
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

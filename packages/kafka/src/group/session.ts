import { type EachBatchPayload, type TopicOffsets } from 'kafkajs';
import { type KafkaClient, kafkajs } from '../client.js';
import { causes } from '../failures.js';
import { fromMessage, groupBy } from '../record.js';
import { type Batch, type BatchControl, type Committable, type Position, type Source } from './types.js';
import { type Membership, type Protocol } from './protocol.js';

export interface SessionOptions {
  readonly group: string;
  readonly topics: readonly string[];
  readonly partitions: number;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly maxWaitMs: number;
  readonly maxBytesPerPartition: number;
}

export interface SessionEvents {
  readonly joined: (partitions: ReadonlyMap<number, readonly string[]>, source: Source) => void;
  /** Our place in the group is lost; the members gather anew. */
  readonly lost: () => void;
  readonly batch: (batch: Batch, control: BatchControl) => Promise<void>;
  /** kafkajs has given up. Nothing runs any more. */
  readonly crashed: (error: unknown) => void;
}

/** One life of a kafkajs consumer. */
export interface Session {
  /** Rejects when Kafka cannot be reached; then this session is of no more use. */
  readonly run: () => Promise<void>;
  /** Fetches nothing any more, but stays in the group. */
  readonly pause: () => void;
  /** Leaves the group and disconnects. */
  readonly close: () => Promise<void>;
}

export function createSession(
  client: KafkaClient,
  options: SessionOptions,
  protocol: Protocol,
  on: SessionEvents,
): Session {
  const { group, topics, heartbeatMs } = options;
  const consumer = kafkajs(client).consumer({
    groupId: group,
    partitionAssigners: [protocol.assigner],
    sessionTimeout: options.sessionTimeoutMs,
    rebalanceTimeout: options.rebalanceTimeoutMs,
    heartbeatInterval: heartbeatMs,
    maxWaitTimeInMs: options.maxWaitMs,
    maxBytesPerPartition: options.maxBytesPerPartition,
    allowAutoTopicCreation: false,
    // kafkajs restarts by a timer that nobody can call off. Whoever made this session makes another instead.
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: () => Promise.resolve(false) },
  });
  const pulse = createPulse(heartbeatMs, on.lost);

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    pulse.recovered();
    const assigned = Object.entries(payload.memberAssignment).flatMap(([topic, numbers]) =>
      numbers.map((number) => ({ topic, number })),
    );
    const partitions = new Map(
      [...groupBy(assigned, ({ number }) => number)].map(([number, each]) => [number, each.map(({ topic }) => topic)]),
    );
    on.joined(partitions, {
      positions: () => positions(protocol, group, assigned),
      seek(topic, partition, offset) {
        whileRunning(() => {
          consumer.seek({ topic, partition, offset: String(offset) });
        });
      },
    });
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    on.crashed(payload.error);
  });

  return {
    async run() {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        // Chunks of one partition wait for each other, and each holds a worker while it waits.
        partitionsConsumedConcurrently: topics.length * options.partitions,
        eachBatch: (payload) => {
          const heartbeat = () => payload.heartbeat();
          const resolve = (offset: number) => {
            payload.resolveOffset(String(offset));
          };
          return pulse.during(heartbeat, () => on.batch(toBatch(payload.batch), { resolve, heartbeat }));
        },
      });
    },
    pause() {
      whileRunning(() => {
        consumer.pause(topics.map((topic) => ({ topic })));
      });
    },
    close: () => consumer.disconnect(),
  };
}

/** A consumer that has crashed or was never running refuses both, and needs neither. */
function whileRunning(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!causes(error).some(({ name }) => name === 'KafkaJSNonRetriableError')) throw error;
  }
}

const gone = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'NOT_COORDINATOR_FOR_GROUP']);

/** kafkajs sends heartbeats between fetches only; a handler that takes long, or waits, would lose the session. */
function createPulse(everyMs: number, lost: () => void) {
  let active = 0;
  let timer: NodeJS.Timeout | undefined;
  let failure: unknown;

  const beat = (heartbeat: () => Promise<void>) => {
    heartbeat().catch((error: unknown) => {
      if (failure !== undefined || !causes(error).some(({ type }) => gone.has(type ?? ''))) return;
      failure = error;
      lost();
    });
  };
  return {
    async during(heartbeat: () => Promise<void>, work: () => Promise<void>): Promise<void> {
      active += 1;
      timer ??= setInterval(beat, everyMs, heartbeat);
      try {
        await work();
      } finally {
        active -= 1;
        if (active === 0) {
          clearInterval(timer);
          timer = undefined;
        }
      }
      // One of kafkajs' own errors: it makes the consumer join again.
      if (failure !== undefined) throw failure as Error;
    },
    recovered() {
      failure = undefined;
    },
  };
}

function toBatch(batch: EachBatchPayload['batch']): Batch {
  const { fetchedOffset } = batch as unknown as { fetchedOffset: string };
  return {
    topic: batch.topic,
    partition: batch.partition,
    fetchedOffset: Number(fetchedOffset),
    records: batch.messages.map(fromMessage),
    next: Number(batch.lastOffset()) + 1,
    end: Number(batch.highWatermark),
  };
}

/** Where the group and the logs stand. Committed offsets are read first, so a healthy log never ends below them. */
export async function positions(
  protocol: Protocol,
  group: string,
  of: readonly { topic: string; number: number }[],
): Promise<(topic: string, partition: number) => Position> {
  const topics = [...groupBy(of, ({ topic }) => topic)].map(([topic, each]) => ({
    topic,
    partitions: each.map(({ number }) => ({ partition: number, offset: '-1' })),
  }));
  const coordinator = await protocol.coordinator(group);
  const { responses } = await coordinator.offsetFetch({ groupId: group, topics });
  const [firsts, ends] = await Promise.all(
    [true, false].map((fromBeginning) =>
      protocol.cluster().fetchTopicsOffset(topics.map((each) => ({ ...each, fromBeginning }))),
    ),
  );
  const [committed, first, end] = [responses, firsts, ends].map(indexed);
  return (topic, partition) => {
    const key = `${topic}/${partition}`;
    const offset = committed?.get(key) ?? -1;
    return { ...(offset >= 0 && { committed: offset }), first: first?.get(key) ?? 0, end: end?.get(key) ?? 0 };
  };
}

function indexed(offsets: readonly TopicOffsets[] = []): Map<string, number> {
  return new Map(
    offsets.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [`${topic}/${partition}`, Number(offset)] as const),
    ),
  );
}

/** Commits in the name of the generation that was given the partitions; refused when there is a newer one. */
export async function commitOffsets(
  { coordinator, memberId, generation }: Membership,
  group: string,
  offsets: readonly Committable[],
): Promise<void> {
  if (offsets.length === 0) return;
  await coordinator.offsetCommit({
    groupId: group,
    groupGenerationId: generation,
    memberId,
    topics: [...groupBy(offsets, ({ topic }) => topic)].map(([topic, each]) => ({
      topic,
      partitions: each.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
    })),
  });
}

import { type Broker, type Cluster, type KafkaMessage } from 'kafkajs';
import { type KafkaClient, kafkajs } from '../client.js';
import { causes } from '../failures.js';
import { fromMessage, groupBy, type IncomingRecord } from '../record.js';

/** A partition that is being read, and the offset to read next. */
export interface Slot {
  readonly topic: string;
  readonly partition: number;
  next: number;
}

export interface Fetched {
  readonly slot: Slot;
  readonly records: readonly IncomingRecord[];
  /** The offset to read next; beyond the last record where records are not for us. */
  readonly next: number;
}

/**
 * Reads partitions by an assignment of one's own: no group, nothing committed, nothing for the broker to remember.
 * kafkajs has no such consumer, but hands its cluster to a consumer's assigner, and a cluster can fetch.
 */
export interface Direct {
  readonly connect: () => Promise<void>;
  /** All partitions of the topics, in order of topic and number, with the offset asked for: by place or by time. */
  readonly slots: (at: 'first' | 'end' | { readonly sinceMs: number }) => Promise<Slot[]>;
  /** Groups slots by the broker that leads them. */
  readonly leaders: (slots: readonly Slot[]) => Map<string, Slot[]>;
  /** What a broker has of these partitions; waits up to `maxWaitMs` for something. Does not move the slots. */
  readonly fetch: (nodeId: string, slots: readonly Slot[], maxWaitMs: number) => Promise<Fetched[]>;
  /** After a failure: forgets what may be stale. Rejects while the cluster is away. */
  readonly recover: (error: unknown) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Read uncommitted: we write no transactions, and with the other level an open one would hold back all that follows. */
const READ_UNCOMMITTED = 0;
const MAX_BYTES = 10_485_760;
const MAX_BYTES_PER_PARTITION = 1_048_576;
/** Fetches that bring nothing although something is there, until we step over one offset. */
const EMPTY_FETCHES = 3;

interface FetchResponse {
  readonly responses: readonly {
    readonly topicName: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly highWatermark: string;
      readonly messages: readonly (KafkaMessage & { readonly isControlRecord?: boolean })[];
    }[];
  }[];
}

export function createDirect(client: KafkaClient, topics: readonly string[]): Direct {
  let cluster: Cluster | undefined;
  const consumer = kafkajs(client).consumer({
    // Never joined: it is there because kafkajs wants one.
    groupId: `${client.clientId}-direct`,
    allowAutoTopicCreation: false,
    partitionAssigners: [
      (given) => {
        cluster = given.cluster;
        const nothing = Buffer.alloc(0);
        const protocol = () => ({ name: 'direct', metadata: nothing });
        return { name: 'direct', version: 0, protocol, assign: () => Promise.resolve([]) };
      },
    ],
  });
  const stuck = new Map<Slot, number>();

  const known = (): Cluster => {
    if (!cluster) throw new TypeError('kafkajs has not called the assigner');
    return cluster;
  };

  /** Compaction may leave an empty batch at the end of a log; kafkajs shows nothing of it, not even where it ends. */
  function stepOver(slot: Slot, end: number, isAlone: boolean): number {
    if (!isAlone || slot.next >= end) {
      stuck.delete(slot);
      return slot.next;
    }
    const times = (stuck.get(slot) ?? 0) + 1;
    stuck.set(slot, times < EMPTY_FETCHES ? times : 0);
    return times < EMPTY_FETCHES ? slot.next : slot.next + 1;
  }

  return {
    async connect() {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    },

    async slots(at) {
      const all = topics.map((topic) => ({
        topic,
        partitions: known()
          .findTopicPartitionMetadata(topic)
          .map(({ partitionId }) => ({ partition: partitionId })),
      }));
      const from = typeof at === 'object' ? { fromTimestamp: at.sinceMs } : { fromBeginning: at === 'first' };
      const offsets = await known().fetchTopicsOffset(all.map((each) => ({ ...each, ...from })));
      const slots = offsets.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => ({ topic, partition, next: Number(offset) })),
      );
      return slots.sort((a, b) => topics.indexOf(a.topic) - topics.indexOf(b.topic) || a.partition - b.partition);
    },

    leaders(slots) {
      const brokers = new Map<string, Slot[]>();
      for (const [topic, each] of groupBy(slots, (slot) => slot.topic)) {
        const bySlot = new Map(each.map((slot) => [slot.partition, slot]));
        for (const [nodeId, partitions] of Object.entries(known().findLeaderForPartitions(topic, [...bySlot.keys()])))
          brokers.set(nodeId, [
            ...(brokers.get(nodeId) ?? []),
            ...partitions.flatMap((number) => bySlot.get(number) ?? []),
          ]);
      }
      return brokers;
    },

    async fetch(nodeId, slots, maxWaitMs) {
      await known().refreshMetadataIfNecessary();
      const broker: Broker = await known().findBroker({ nodeId });
      const { responses } = (await broker.fetch({
        isolationLevel: READ_UNCOMMITTED,
        maxWaitTime: maxWaitMs,
        minBytes: 1,
        maxBytes: MAX_BYTES,
        topics: [...groupBy(slots, ({ topic }) => topic)].map(([topic, each]) => ({
          topic,
          partitions: each.map(({ partition, next }) => ({
            partition,
            fetchOffset: String(next),
            maxBytes: MAX_BYTES_PER_PARTITION,
          })),
        })),
      })) as FetchResponse;
      const isEmpty = responses.every(({ partitions }) => partitions.every(({ messages }) => messages.length === 0));
      return responses.flatMap(({ topicName, partitions }) =>
        partitions.flatMap(({ partition, messages, highWatermark }): Fetched[] => {
          const slot = slots.find((each) => each.topic === topicName && each.partition === partition);
          if (!slot) return [];
          const last = messages.at(-1);
          const next = last
            ? Math.max(slot.next, Number(last.offset) + 1)
            : stepOver(slot, Number(highWatermark), isEmpty);
          // A batch may begin before the offset that was asked for.
          const visible = messages.filter(
            ({ isControlRecord, offset }) => !isControlRecord && Number(offset) >= slot.next,
          );
          return [{ slot, next, records: visible.map(fromMessage) }];
        }),
      );
    },

    async recover(error) {
      for (const { name, host, port } of causes(error) as { name: string; host?: string; port?: number }[])
        if (name === 'KafkaJSConnectionClosedError' && host !== undefined && port !== undefined)
          known().removeBroker({ host, port });
      if (!known().isConnected()) await known().connect();
      await known().refreshMetadata();
    },

    close: () => consumer.disconnect(),
  };
}

/** The partition whose offset is no longer, or not yet, in the log; undefined for any other error. */
export function outOfRange(error: unknown): { topic: string; partition: number } | undefined {
  const found = causes(error).find(({ name }) => name === 'KafkaJSOffsetOutOfRange') as
    { topic: string; partition: number } | undefined;
  return found && { topic: found.topic, partition: found.partition };
}

import type { EncodedEvent } from '@switchboard/aggregates';
import { Failure } from '@switchboard/errors';
import { overTheNetwork, type Faults } from './calls.ts';
import type { Life, Scheduler } from './scheduler.ts';

export interface SimRecord<Input = unknown> {
  readonly offset: number;
  readonly key: string;
  readonly input: Input;
}

/** What was appended to a topic that the system under test says something on. */
export interface Said {
  readonly topic: string;
  readonly partition: number;
  readonly event: EncodedEvent;
}

interface Log {
  records: SimRecord[];
  /** Offset of the first record that retention left. */
  start: number;
}

/** A broker's limit on one batch; what is above it is refused for good. */
const MAX_BATCH_BYTES = 1_048_576;

/** Logs, one consumer group, and a producer whose sends may be lost, doubled, late, or land in part. */
export interface SimKafka {
  readonly partitions: number;
  readonly partitionOf: (key: string) => number;
  /** The generation of an input topic: it starts again at 0 when somebody deletes and creates it. */
  readonly generationOf: (topic: string) => number;
  readonly recreate: (topic: string) => void;
  readonly feed: (topic: string, key: string, input: unknown) => SimRecord;
  readonly logOf: (topic: string, partition: number) => Log;
  readonly endOf: (topic: string, partition: number) => number;
  readonly send: (life: Life, events: readonly EncodedEvent[]) => Promise<void>;
  readonly fetch: (
    life: Life,
    topic: string,
    partition: number,
    from: number,
    count: number,
  ) => Promise<readonly SimRecord[]>;
  readonly committed: (life: Life, topic: string, partition: number) => Promise<number | undefined>;
  readonly commit: (life: Life, claim: Claim, topic: string, offset: number) => Promise<void>;
  readonly assign: (partition: number, owner: string) => Claim;
  readonly claims: () => ReadonlyMap<number, Claim>;
  /** The newest record per key of a compacted topic. */
  readonly compacted: (topic: string) => ReadonlyMap<string, EncodedEvent>;
  isAway: boolean;
}

export interface Claim {
  readonly partition: number;
  readonly owner: string;
  readonly generation: number;
}

export function createSimKafka(
  scheduler: Scheduler,
  faults: Faults,
  partitions: number,
  onAppend: (said: Said) => void,
): SimKafka {
  const logs = new Map<string, Log>();
  const generations = new Map<string, number>();
  const offsets = new Map<string, number>();
  const claims = new Map<number, Claim>();
  const newest = new Map<string, Map<string, EncodedEvent>>();
  let generation = 0;

  function logOf(topic: string, partition: number): Log {
    const name = `${topic}-${partition}`;
    let log = logs.get(name);
    if (!log) logs.set(name, (log = { records: [], start: 0 }));
    return log;
  }

  const partitionOf = (key: string): number => Number(key.slice(1, 2)) % partitions;

  function append(topic: string, partition: number, events: readonly EncodedEvent[]): void {
    const bytes = events.reduce((sum, { value }) => sum + value.length + 100, 0);
    if (bytes > MAX_BATCH_BYTES) throw new Failure('invalid', 'kafka.message-too-large', 'the batch is too large');
    for (const event of events) {
      let keys = newest.get(topic);
      if (!keys) newest.set(topic, (keys = new Map<string, EncodedEvent>()));
      keys.set(event.key, event);
      if (topic === 'wakes') kafka.feed(topic, event.key, null);
      onAppend({ topic, partition, event });
    }
  }

  const kafka: SimKafka = {
    partitions,
    isAway: false,
    partitionOf,
    logOf,
    endOf(topic, partition) {
      const { start, records } = logOf(topic, partition);
      return start + records.length;
    },
    generationOf: (topic) => generations.get(topic) ?? 1,
    recreate(topic) {
      generations.set(topic, kafka.generationOf(topic) + 1);
      for (let partition = 0; partition < partitions; partition += 1) {
        logs.delete(`${topic}-${partition}`);
        offsets.delete(`${topic}-${partition}`);
      }
    },
    feed(topic, key, input) {
      const log = logOf(topic, partitionOf(key));
      const record = { offset: log.start + log.records.length, key, input };
      log.records.push(record);
      return record;
    },
    async send(life, events) {
      const batches = new Map<string, { topic: string; partition: number; events: EncodedEvent[] }>();
      for (const event of events) {
        const partition = partitionOf(event.key);
        const name = `${event.topic}-${partition}`;
        const batch = batches.get(name);
        if (batch) batch.events.push(event);
        else batches.set(name, { topic: event.topic, partition, events: [event] });
      }
      const sends = [...batches.values()].map((batch) =>
        overTheNetwork(scheduler, faults, life, 'kafka.send', () => {
          if (kafka.isAway) throw new Failure('unavailable', 'kafka.unreachable', 'no broker answers');
          append(batch.topic, batch.partition, batch.events);
        }),
      );
      const outcomes = await Promise.allSettled(sends);
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    },
    fetch: (life, topic, partition, from, count) =>
      new Promise((resolve) => {
        scheduler.later(life, () => {
          const log = logOf(topic, partition);
          resolve(log.records.slice(from - log.start, from - log.start + count));
        });
      }),
    committed: (life, topic, partition) =>
      new Promise((resolve) => {
        scheduler.later(life, () => {
          resolve(offsets.get(`${topic}-${partition}`));
        });
      }),
    commit: (life, claim, topic, offset) =>
      overTheNetwork(scheduler, faults, life, 'kafka.commit', () => {
        if (claims.get(claim.partition)?.generation !== claim.generation) return;
        offsets.set(`${topic}-${claim.partition}`, offset);
      }),
    assign(partition, owner) {
      generation += 1;
      const claim = { partition, owner, generation };
      claims.set(partition, claim);
      return claim;
    },
    claims: () => claims,
    compacted: (topic) => newest.get(topic) ?? new Map<string, EncodedEvent>(),
  };
  return kafka;
}

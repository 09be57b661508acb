import { Partitioners, type Producer as KafkajsProducer } from 'kafkajs';
import { type KafkaClient, kafkajs } from './client.js';
import { isPassing, isTooLarge, recordTooLarge, unreachable } from './failures.js';
import { groupBy, type OutgoingRecord, toMessage } from './record.js';
import { backoffMs, pause, within } from './timing.js';

export interface WireOptions {
  /** A send that takes longer, all its tries together, has failed, though it may yet arrive. */
  readonly sendTimeoutMs: number;
  readonly recordBytes: number;
}

/**
 * Sends over a producer that tries once and is thrown away and replaced after any failure. One send at a time.
 *
 * kafkajs' own tries lose records, idempotent or not: it remembers which brokers have answered, so a partition whose
 * leader fails and moves to one that has is taken for sent; and an idempotent try that overlaps the one before it
 * leaves a sequence behind that the next send uses again, which the broker takes for a repetition. With one try for
 * each producer there is nothing left for a sequence to guard, and no producer id to wait for while a controller is
 * elected. What arrives twice carries the same ids.
 */
export interface Wire {
  /** Resolves when every replica in sync has the records, else rejects with a failure. */
  readonly send: (records: readonly OutgoingRecord[]) => Promise<void>;
  /** Connects ahead of the first send. */
  readonly connect: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A leader that has moved is known after one of these. */
const FIRST_WAIT_MS = 50;
const MOST_WAIT_MS = 500;

export function createWire(client: KafkaClient, { sendTimeoutMs, recordBytes }: WireOptions): Wire {
  let line: Line | undefined;

  async function attempt(work: (line: Line) => Promise<void>): Promise<void> {
    const deadline = performance.now() + sendTimeoutMs;
    for (let tries = 1; ; tries += 1) {
      const used = (line ??= openLine(client, sendTimeoutMs));
      try {
        const working = used.ready.then(() => work(used));
        if ((await within(deadline - performance.now(), working, 'late')) === 'late') throw unreachable();
        return;
      } catch (error) {
        line = undefined;
        used.abandon();
        if (isTooLarge(error)) throw recordTooLarge(undefined, recordBytes, error);
        const waitMs = backoffMs(tries, FIRST_WAIT_MS, MOST_WAIT_MS);
        if (!isPassing(error) || performance.now() + waitMs >= deadline) throw unreachable(error);
        await pause(waitMs);
      }
    }
  }

  return {
    connect: () => attempt(() => Promise.resolve()),
    send: (records) => attempt((used) => used.send(records)),
    async close() {
      const last = line;
      line = undefined;
      await last?.close();
    },
  };
}

interface Line {
  readonly ready: Promise<void>;
  readonly send: (records: readonly OutgoingRecord[]) => Promise<void>;
  readonly close: () => Promise<void>;
  /** Lets go without waiting. */
  readonly abandon: () => void;
}

function openLine(client: KafkaClient, requestTimeoutMs: number): Line {
  let abandoned = false;
  let sending: Promise<unknown> = Promise.resolve();
  const producer = kafkajs(client, { requestTimeout: requestTimeoutMs }).producer({
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    retry: { retries: 0 },
    createPartitioner: () => {
      const partition = Partitioners.DefaultPartitioner();
      return (message) => {
        // A send that was slow to begin goes on after `disconnect`: it connects again, asks for the partition, and sends.
        if (abandoned) throw Object.assign(new Error('this producer was replaced'), { retriable: false });
        return partition(message);
      };
    },
  });
  const ready = producer.connect();
  ready.catch(() => undefined);

  return {
    ready,
    async send(records) {
      sending = producer.sendBatch({ acks: -1, topicMessages: byTopic(records) });
      await sending;
    },
    close: () => disconnect(producer),
    abandon() {
      abandoned = true;
      void disconnect(producer);
      // Whatever it was doing may have connected it again.
      void Promise.allSettled([ready, sending]).then(() => disconnect(producer));
    },
  };
}

async function disconnect(producer: KafkajsProducer): Promise<void> {
  await producer.disconnect().catch(() => undefined);
}

function byTopic(records: readonly OutgoingRecord[]) {
  return [...groupBy(records, ({ topic }) => topic)].map(([topic, each]) => ({
    topic,
    messages: each.map(toMessage),
  }));
}

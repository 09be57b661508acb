import { Partitioners, type Producer as KafkajsProducer } from 'kafkajs';
import { type KafkaClient, kafkajs } from './client.js';
import { isTooLarge, recordTooLarge, unreachable } from './failures.js';
import { groupBy, type OutgoingRecord, toMessage } from './record.js';
import { within } from './timing.js';

export interface WireOptions {
  /** A send that takes longer has failed, though it may yet arrive. */
  readonly sendTimeoutMs: number;
  readonly recordBytes: number;
}

/** Sends over a producer that is thrown away and replaced after any failure. One send at a time. */
export interface Wire {
  /** Resolves when every replica in sync has the records, else rejects with a failure. */
  readonly send: (records: readonly OutgoingRecord[]) => Promise<void>;
  /** Connects ahead of the first send. */
  readonly connect: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export function createWire(client: KafkaClient, { sendTimeoutMs, recordBytes }: WireOptions): Wire {
  let line: Line | undefined;

  async function attempt(work: (line: Line) => Promise<void>): Promise<void> {
    const used = (line ??= openLine(client, sendTimeoutMs));
    try {
      if (
        (await within(
          sendTimeoutMs,
          used.ready.then(() => work(used)),
          'late',
        )) === 'late'
      )
        throw unreachable();
    } catch (error) {
      line = undefined;
      used.abandon();
      throw isTooLarge(error) ? recordTooLarge(undefined, recordBytes, error) : unreachable(error);
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
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000 },
    createPartitioner: () => {
      const partition = Partitioners.DefaultPartitioner();
      return (message) => {
        // kafkajs goes on trying after `disconnect`, connects again and sends. It asks for the partition at each try.
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

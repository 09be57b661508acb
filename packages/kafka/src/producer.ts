import { type Component } from '@switchboard/service-kit';
import { type BatcherLimits, createBatcher } from './batcher.js';
import { type KafkaClient } from './client.js';
import { describe } from './failures.js';
import { groupBy, type OutgoingRecord } from './record.js';
import { untilItWorks } from './retry.js';
import { systemClock, within } from './timing.js';
import { createWire } from './wire.js';

export interface ProducerOptions extends Partial<BatcherLimits> {
  /** Label of the `degraded` gauge and of log lines. */
  readonly name?: string;
  /** A send that takes longer has failed. 3 s when callers are told, 10 s when it is tried again. */
  readonly sendTimeoutMs?: number;
  /** How long `stop` waits for what is queued. */
  readonly drainMs?: number;
}

export interface Producer extends Component {
  /**
   * Publishes, and resolves when every replica in sync has all of the records. Records of one call stay in order, and
   * per partition so do calls. A rejected call may have been published, in part or whole: repeat it with the same ids.
   *
   * Rejects with `unavailable` (`kafka.unreachable`, `kafka.stopping`), `exhausted` (`kafka.queue-full`) or `invalid`
   * (`kafka.record-too-large`). With `patience: 'retry'` only the last of these and `kafka.stopping` are left: a
   * failed send is sent again, in order, for as long as it takes.
   */
  readonly send: (records: readonly OutgoingRecord[]) => Promise<void>;
}

const KB = 1_024;
const MB = 1_024 * KB;

/** What all producers have in common. `sendBytes` stays below Kafka's default limit of 1 MB for a record batch. */
const common = { lingerMs: 0, maxRecords: 500, maxBytes: 512 * KB, sendBytes: 900_000 };

const byPatience = {
  /** For a caller who can say 503. */
  fail: { queueRecords: 20_000, queueBytes: 64 * MB, queueAgeMs: 2_000, sendTimeoutMs: 3_000 },
  /** For a caller who keeps the records anyway until they are published, and bounds them. */
  retry: { queueRecords: Infinity, queueBytes: Infinity, queueAgeMs: Infinity, sendTimeoutMs: 10_000 },
};

/** Producer with `acks=all` that gathers the records of many callers into few sends, one in flight. */
export function createProducer(client: KafkaClient, options: ProducerOptions = {}): Producer {
  const { name = 'producer', patience = 'fail', drainMs = 5_000 } = options;
  const limits = {
    ...common,
    recordBytes: options.sendBytes ?? common.sendBytes,
    patience,
    ...byPatience[patience],
    ...options,
  };
  const { logger, metrics } = client;
  const wire = createWire(client, limits);
  const degraded = metrics.degraded.labels(name);
  const stopping = new AbortController();

  async function send(records: readonly OutgoingRecord[]): Promise<void> {
    const observe = metrics.produceSeconds.startTimer();
    await wire.send(records);
    observe();
    degraded.set(0);
    for (const [topic, each] of groupBy(records, (record) => record.topic))
      metrics.produced.inc({ topic }, each.length);
  }

  const batcher = createBatcher(send, limits, systemClock, {
    waiting: (records) => {
      metrics.waiting.set(records);
    },
    failed(failure, attempt) {
      metrics.sendFailures.inc();
      degraded.set(1);
      logger.warn({ producer: name, attempt, reason: describe(failure) }, 'a send failed; the producer is replaced');
    },
  });

  return {
    name,
    send: batcher.add,
    start: () => untilItWorks(wire.connect, { what: name, logger, signal: stopping.signal, mayPass: () => true }),
    async stop() {
      stopping.abort();
      const left = await within(drainMs, batcher.drain(), 'left');
      if (left) logger.warn({ producer: name }, 'stopped with records that were not published');
      batcher.close();
      await within(drainMs, wire.close(), undefined);
    },
  };
}

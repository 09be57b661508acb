import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export type KafkaMetrics = ReturnType<typeof createMetrics>;

const known = new WeakMap<Registry, KafkaMetrics>();

/** The metrics of this package in a registry; the same ones for the same registry. */
export function kafkaMetrics(registry: Registry = new Registry()): KafkaMetrics {
  const metrics = known.get(registry) ?? createMetrics(registry);
  known.set(registry, metrics);
  return metrics;
}

function createMetrics(registry: Registry) {
  const registers = [registry];
  return {
    produced: new Counter({
      name: 'kafka_records_produced_total',
      help: 'Records that every replica in sync has acknowledged.',
      labelNames: ['topic'] as const,
      registers,
    }),
    produceSeconds: new Histogram({
      name: 'kafka_produce_seconds',
      help: 'From handing a batch to the client to its acknowledgement by every replica in sync.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    sendFailures: new Counter({
      name: 'kafka_send_failures_total',
      help: 'Sends that failed; after each the producer was replaced.',
      registers,
    }),
    waiting: new Gauge({
      name: 'kafka_produce_waiting_records',
      help: 'Records that wait in this process to be published.',
      registers,
    }),
    consumed: new Counter({
      name: 'kafka_records_consumed_total',
      help: 'Records that were handled and written; those read again count again.',
      labelNames: ['group', 'topic'] as const,
      registers,
    }),
    lag: new Gauge({
      name: 'kafka_consumer_lag_records',
      help: 'Records between the position of this member and the end of its partitions, at the last fetch.',
      labelNames: ['group', 'topic'] as const,
      registers,
    }),
    rebalances: new Counter({
      name: 'kafka_rebalances_total',
      help: 'Times this member joined its group.',
      labelNames: ['group'] as const,
      registers,
    }),
    alarms: new Counter({
      name: 'kafka_alarms_total',
      help: 'Records that retention took before they were read (lost), or a log that ends below what was applied (rewound).',
      labelNames: ['group', 'topic', 'kind'] as const,
      registers,
    }),
    setAside: new Counter({
      name: 'kafka_set_aside_total',
      help: 'Events that could not be handled and were set aside.',
      labelNames: ['topic'] as const,
      registers,
    }),
    deliveries: new Counter({
      name: 'kafka_deliveries_total',
      help: 'How deliveries ended.',
      labelNames: ['topic', 'outcome'] as const,
      registers,
    }),
    degraded: new Gauge({
      name: 'kafka_degraded',
      help: 'Above 0 while something this process depends on is away and work waits for it.',
      labelNames: ['part'] as const,
      registers,
    }),
  };
}

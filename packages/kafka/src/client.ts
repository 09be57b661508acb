import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import { type Registry } from 'prom-client';
import { calmIdleConnections } from './idle-timer.js';
import { kafkajsLog, type Logger, silent } from './logger.js';
import { type KafkaMetrics, kafkaMetrics } from './metrics.js';

export interface KafkaSettings {
  readonly brokers: readonly string[];
  /** The service's name; it is in the broker's logs and quotas. */
  readonly clientId: string;
  readonly logger?: Logger;
  /** Where the metrics of this package are kept; one registry per process. */
  readonly metrics?: Registry;
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: SASLOptions;
}

/** How to reach Kafka. Nothing is connected by having one. */
export interface KafkaClient {
  readonly clientId: string;
  readonly logger: Logger;
  readonly metrics: KafkaMetrics;
}

const settingsOf = new WeakMap<KafkaClient, KafkaSettings>();

/** Says how to reach Kafka. Connects nothing: producers, consumers and tables do, when they start. */
export function connectKafka(settings: KafkaSettings): KafkaClient {
  const { clientId, logger = silent } = settings;
  if (!calmIdleConnections()) logger.warn({}, 'this is not the kafkajs we know: its idle connections are not calmed');
  const client: KafkaClient = { clientId, logger, metrics: kafkaMetrics(settings.metrics) };
  settingsOf.set(client, settings);
  return client;
}

/**
 * A kafkajs of its own for each part, because one instance shares committed offsets between all its consumers of a
 * group. For this package only.
 */
export function kafkajs(client: KafkaClient, overrides: Partial<KafkaConfig> = {}): Kafka {
  const settings = settingsOf.get(client);
  if (!settings) throw new TypeError('a client is made by connectKafka');
  const { brokers, clientId, ssl, sasl, logger = silent } = settings;
  return new Kafka({
    brokers: [...brokers],
    clientId,
    ...(ssl !== undefined && { ssl }),
    ...(sasl !== undefined && { sasl }),
    connectionTimeout: 3_000,
    logLevel: logLevel.INFO,
    logCreator: kafkajsLog(logger),
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000 },
    ...overrides,
  });
}

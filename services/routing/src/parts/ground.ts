import {
  accountBrands,
  accountNumbers,
  accountOperators,
  egressMessages,
  routingCommands,
  routingDesks,
  routingJoins,
  routingOffers,
  routingThreads,
  setAsideTopic,
  timerCommands,
  whatsappMessages,
} from '@switchboard/contracts/topics';
import {
  type Chunk,
  connectKafka,
  createProducer,
  createTable,
  createTail,
  type IncomingRecord,
  type Logger,
  partitionOf,
  setAsideRecord,
  topicsPart,
} from '@switchboard/kafka';
import { connectMongo, ensureIndexes, type IndexSpec } from '@switchboard/mongo';
import { type Component, part, type Platform } from '@switchboard/service-kit';
import type { Config } from '../config.js';
import { type Watched, watchedOf } from '../entrypoints/grpc/watch.js';
import { routingTimers } from '../entrypoints/kafka/number-log.js';
import { routingMetrics } from '../metrics.js';

const topics = [
  whatsappMessages,
  accountNumbers,
  accountBrands,
  accountOperators,
  routingThreads,
  routingJoins,
  routingDesks,
  routingOffers,
  routingCommands,
  timerCommands,
  routingTimers,
  egressMessages,
  setAsideTopic('routing'),
];

export type Ground = ReturnType<typeof groundParts>;

/** What every part stands on: the database, the log, the time. */
export function groundParts(config: Config, { instance, metrics, now, ...platform }: Platform) {
  const logger: Logger = platform.logger;
  const { layout } = config.kafka;
  const mongo = connectMongo(config.mongo.url, { ...config.mongo, logger });
  const kafka = connectKafka({ ...config.kafka, clientId: 'routing', logger, metrics });
  const producer = createProducer(kafka, { name: 'routing', patience: 'retry' });
  const brandTable = createTable(kafka, { topic: accountBrands, version: ({ version }) => version });
  const tail = createTail<Watched>(kafka, { topics: [routingThreads, egressMessages], select: watchedOf });
  const { connection } = mongo;
  return {
    config,
    logger,
    instance,
    now,
    metrics: routingMetrics(metrics),
    connection,
    kafka,
    producer,
    brandTable,
    tail,
    partitionOf: (key: string): number => partitionOf(key, layout.partitions),
    /** Publishes a record that cannot be handled, as it was, with the reason. */
    keep: ({ topic, partition }: Chunk, record: IncomingRecord, reason: string): Promise<void> =>
      producer.send([setAsideRecord(setAsideTopic('routing').name, topic, partition, record, reason)]),
    indexes: (of: string, wanted: readonly IndexSpec[]): Component =>
      part(`indexes of ${of}`, { start: () => ensureIndexes(connection, wanted) }),
    parts: [mongo, topicsPart(kafka, topics, layout), producer, brandTable, tail] satisfies Component[],
  };
}

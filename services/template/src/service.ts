import {
  createAggregates,
  createCompactedPublisher,
  createMongoStore,
  mongoStoreIndexes,
} from '@switchboard/aggregates';
import { AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import {
  accountNumbers,
  setAsideTopic,
  templateTemplates,
  templateWake,
  timerCommands,
  timerFired,
  whatsappChanges,
} from '@switchboard/contracts/topics';
import { createGraphClient } from '@switchboard/graph-api';
import { grpcClient, grpcMetrics, grpcServer, localTokens, serviceTokens } from '@switchboard/grpc';
import {
  connectKafka,
  createConsumer,
  createProducer,
  createTable,
  encodedRecord,
  eventHandlers,
  partitionOf,
  topicsPart,
} from '@switchboard/kafka';
import { connectMongo, ensureIndexes } from '@switchboard/mongo';
import { type Component, part, type Platform, traceParent } from '@switchboard/service-kit';
import { createMetaTokens } from './adapters/grpc/meta-tokens.js';
import { createAccounts } from './adapters/kafka/accounts.js';
import { templateRecord } from './adapters/kafka/states.js';
import { templateAggregate } from './adapters/kafka/template-aggregate.js';
import { createArmReading, TIMER_OWNER } from './adapters/kafka/timers.js';
import { createBudget } from './adapters/meta/budget.js';
import { createCallMeta } from './adapters/meta/calls.js';
import { createExamples } from './adapters/meta/examples.js';
import { createMetaTemplates } from './adapters/meta/templates.js';
import { createDirectory, directoryIndexes } from './adapters/mongo/directory.js';
import { type Config } from './config.js';
import { type Template } from './domain/template.js';
import { onChange } from './entrypoints/kafka/changes.js';
import { onTimerFired } from './entrypoints/kafka/timer-fired.js';
import { onWakes, wakeSource } from './entrypoints/kafka/wakes.js';
import { templateMetrics } from './metrics.js';
import { createServing } from './serving.js';

const topics = [
  accountNumbers,
  whatsappChanges,
  templateTemplates,
  templateWake,
  timerCommands,
  timerFired(TIMER_OWNER),
  setAsideTopic('template'),
];

/** The parts of template, in the order they start. */
export function templateService(config: Config, platform: Platform): Component[] {
  const { logger, instance, metrics: registry, now, monotonicMs } = platform;
  const mongo = connectMongo(config.mongo.url, { ...config.mongo, logger });
  const { connection } = mongo;
  const kafka = connectKafka({ ...config.kafka, clientId: 'template', logger, metrics: registry });
  const producer = createProducer(kafka, { name: 'template', patience: 'retry' });
  const publish = (events: readonly Parameters<typeof encodedRecord>[0][]) => producer.send(events.map(encodedRecord));
  const numberTable = createTable(kafka, { topic: accountNumbers, version: ({ version }) => version });
  const token = serviceTokens(config.grpc.jwtSecret, 'template', 'account.tokens:read');
  const account = grpcClient(AccountServiceService, config.account.address, { token });
  const graph = createGraphClient({ ...config.graph, connections: 16 });

  const templates = createAggregates({
    definition: templateAggregate,
    store: createMongoStore(connection, templateAggregate.name),
    publish,
    logger,
    metrics: templateMetrics(registry),
    traceParent,
  });
  const accounts = createAccounts(numberTable);
  const directory = createDirectory(connection);
  const callMeta = createCallMeta({
    accounts,
    tokens: createMetaTokens(account),
    budget: createBudget(config.meta.callsPerHour, monotonicMs),
  });
  const { server, hearMeta, readHourly } = createServing({
    templates,
    accounts,
    directory,
    meta: createMetaTemplates(graph, callMeta),
    examples: createExamples(graph, callMeta, config.meta.appId),
    arm: createArmReading(producer, now),
    now,
    pauseMs: config.meta.readingPauseMs,
    warn: (facts, message) => {
      logger.warn(facts, message);
    },
  });

  const publisher = createCompactedPublisher<Template>({
    read: (ids) => Promise.all(ids.map((id) => templates.read(id))),
    async *idsOf(partition) {
      for await (const id of directory.all()) {
        if (partitionOf(id, config.kafka.layout.partitions) === partition) yield id;
      }
    },
    publish,
    logger,
    encode(id, snapshot) {
      // A deleted one stays, with that status.
      if (snapshot === null) throw new Error('what was told of is gone');
      return templateRecord(id, snapshot);
    },
  });
  const heard = eventHandlers({
    handlers: [onChange(hearMeta), onTimerFired(readHourly)],
    producer,
    setAsideTopic: setAsideTopic('template').name,
    logger,
    metrics: kafka.metrics,
  });
  const wakes = onWakes(publisher);
  const assignments = new Map<number, AbortController>();
  const consumer = createConsumer(kafka, {
    group: 'template',
    instance,
    topics: [...heard.topics, wakeSource],
    handle: (chunk, context) => (chunk.topic === wakeSource.topic ? wakes : heard.handle)(chunk, context),
    onAssigned(partition) {
      const assignment = new AbortController();
      assignments.set(partition, assignment);
      publisher.takeOver(partition, assignment.signal).catch((error: unknown) => {
        if (!assignment.signal.aborted) logger.error({ err: error, partition }, 'a full publication failed');
      });
    },
    onRevoked(partition) {
      assignments.get(partition)?.abort();
      assignments.delete(partition);
    },
  });

  const indexes = [...mongoStoreIndexes(templateAggregate.name), ...directoryIndexes];
  return [
    mongo,
    part('indexes', { start: () => ensureIndexes(connection, indexes) }),
    topicsPart(kafka, topics, config.kafka.layout),
    part('neighbours', {
      stop: async () => {
        account.close();
        await graph.close();
      },
    }),
    producer,
    numberTable,
    part('templates', templates),
    part('readings', readHourly),
    consumer,
    grpcServer({
      port: config.grpc.port,
      services: [server],
      verify: localTokens(config.grpc.jwtSecret),
      logger,
      metrics: grpcMetrics(registry),
    }),
  ];
}

import { createAggregates, createMongoStore, mongoStoreIndexes } from '@switchboard/aggregates';
import { AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { CustomerServiceService } from '@switchboard/contracts/routing/v1/customer_service';
import {
  accountNumbers,
  egressMessages,
  egressWake,
  routingThreads,
  setAsideTopic,
  templateTemplates,
  timerCommands,
  whatsappChanges,
  whatsappMessages,
  whatsappStatuses,
} from '@switchboard/contracts/topics';
import { createGraphClient } from '@switchboard/graph-api';
import { grpcClient, grpcMetrics, grpcServer, localTokens, serviceTokens } from '@switchboard/grpc';
import {
  connectKafka,
  createConsumer,
  createProducer,
  createTable,
  createTail,
  encodedRecord,
  partitionOf,
  setAsideRecord,
  topicsPart,
} from '@switchboard/kafka';
import { connectMongo, ensureIndexes } from '@switchboard/mongo';
import { type Component, part, type Platform, traceParent } from '@switchboard/service-kit';
import { createMetaTokens } from './adapters/grpc/meta-tokens.js';
import { createRecipients } from './adapters/grpc/recipients.js';
import { messageAggregate } from './adapters/kafka/message-aggregate.js';
import { createNumbers } from './adapters/kafka/numbers.js';
import { createCloudApi } from './adapters/meta/cloud-api.js';
import { createTellRead } from './adapters/meta/receipts.js';
import { createLeases } from './adapters/mongo/leases.js';
import { createMessageLists, messageListsIndexes } from './adapters/mongo/message-lists.js';
import { createQueue, MESSAGES, queueIndexes } from './adapters/mongo/queue.js';
import { createWamids, wamidsIndexes } from './adapters/mongo/wamids.js';
import { createOrder, newId, sha256, systemClock } from './adapters/node/machine.js';
import { type Config } from './config.js';
import { CALLS, createEngine, type Engine } from './engine.js';
import { messageServer } from './entrypoints/grpc/message-server.js';
import { type Watched, watchedOf } from './entrypoints/grpc/watch.js';
import { createNumberLog, egressTimers, sources } from './entrypoints/kafka/number-log.js';
import { createGateParts, gateIndexes } from './gate-parts.js';
import { mediaIndexes, mediaParts } from './media-parts.js';
import { createMoneyParts } from './money-parts.js';
import { createPaceParts, reachIndexes } from './pace-parts.js';
import { egressMetrics } from './metrics.js';

/** How long a stop waits for calls to Meta and for events to be published, each. */
const DRAIN_MS = 8_000;

const topics = [
  accountNumbers,
  routingThreads,
  whatsappChanges,
  whatsappMessages,
  whatsappStatuses,
  templateTemplates,
  egressMessages,
  egressWake,
  timerCommands,
  egressTimers,
  setAsideTopic('egress'),
];

/** The parts of egress, in the order they start. */
export function egressService(config: Config, platform: Platform): Component[] {
  const { logger, instance, metrics: registry, now } = platform;
  const { timeoutMs: callTimeoutMs } = config.graph;
  const metrics = egressMetrics(registry);
  const setAside = setAsideTopic('egress').name;

  const mongo = connectMongo(config.mongo.url, { ...config.mongo, logger });
  const kafka = connectKafka({ ...config.kafka, clientId: 'egress', logger, metrics: registry });
  const producer = createProducer(kafka, { name: 'egress', patience: 'retry' });
  const numberTable = createTable(kafka, { topic: accountNumbers, version: ({ version }) => version });
  const tail = createTail<Watched>(kafka, { topics: [egressMessages], select: watchedOf });
  const token = serviceTokens(
    config.grpc.jwtSecret,
    'egress',
    'account.tokens:read routing.customers:write template.templates:read billing.holds:write',
  );
  const account = grpcClient(AccountServiceService, config.account.address, { token });
  const routing = grpcClient(CustomerServiceService, config.routing.address, { token });
  const paid = createMoneyParts(kafka, { ...config.billing, token });
  const graph = createGraphClient({ ...config.graph, connections: CALLS });

  const pace = createPaceParts({ connection: mongo.connection, numbers: numberTable, graph, now });
  const { portfolioOf } = pace.places;
  const gate = createGateParts(mongo.connection, { ...config.template, token, portfolioOf, now });

  const messages = createAggregates({
    definition: messageAggregate,
    store: createMongoStore(mongo.connection, MESSAGES),
    publish: (events) => producer.send(events.map(encodedRecord)),
    project: async (written) => {
      await Promise.all([engine.claimLearnt(written), engine.noteStops(written)]);
    },
    sourceCodes: sources.map(({ code }) => code),
    logger,
    metrics: metrics.aggregates,
    traceParent,
  });
  const numbers = createNumbers(numberTable);
  const tokens = createMetaTokens(account);
  const clock = { ...systemClock, now };
  const partitionOfNumber = (number: string): number => partitionOf(number, config.kafka.layout.partitions);
  const media = mediaParts(config, {
    connection: mongo.connection,
    graph,
    numbers,
    onNumber: numberTable.onChange,
    tokens,
    clock,
    hash: sha256,
    newId,
    partitionOf: partitionOfNumber,
    logger,
    registry,
    drainMs: DRAIN_MS,
  });
  const { fetcher, expectInbound, metaMedia } = media.engine;
  const engine: Engine = createEngine(
    {
      ...gate.ports,
      ...pace,
      messages,
      numbers,
      queue: createQueue(mongo.connection),
      lists: createMessageLists(mongo.connection),
      // One life of one process: a restarted one must not take its predecessor's calls for its own.
      leases: createLeases(mongo.connection, { owner: `${instance}:${newId()}`, callTimeoutMs }),
      wamids: createWamids(mongo.connection, now),
      cloudApi: createCloudApi(graph),
      metaMedia,
      tellRead: createTellRead(graph),
      tokens,
      recipients: createRecipients(routing),
      money: paid.money,
      clock,
      hash: sha256,
      newId,
      nextOrder: createOrder(now),
      partitionOf: partitionOfNumber,
      observer: {
        ...metrics.observer,
        warn: (facts, message) => {
          logger.warn(facts, message);
        },
      },
    },
    { callTimeoutMs, drainMs: DRAIN_MS, usMarketing: config.usMarketing, allowed: config.allowed },
  );
  const { dispatcher } = engine;

  const consumer = createConsumer(kafka, {
    group: 'egress',
    instance,
    topics: sources,
    handle: createNumberLog({
      ...engine,
      ...dispatcher,
      expectInbound,
      keep: (chunk, record, reason) =>
        producer.send([setAsideRecord(setAside, chunk.topic, chunk.partition, record, reason)]),
    }),
    onAssigned(partition, committed) {
      messages.assigned(partition, committed);
      dispatcher.assigned(partition);
      fetcher.assigned(partition);
    },
    async onRevoked(partition) {
      fetcher.revoked(partition);
      await Promise.all([dispatcher.revoked(partition), messages.revoked(partition)]);
    },
  });

  const indexes = [
    ...mongoStoreIndexes(MESSAGES),
    ...queueIndexes,
    ...messageListsIndexes,
    ...gateIndexes,
    ...reachIndexes,
    ...wamidsIndexes,
    ...mediaIndexes,
  ];
  return [
    mongo,
    part('indexes', { start: () => ensureIndexes(mongo.connection, indexes) }),
    topicsPart(kafka, [...topics, ...paid.topics], config.kafka.layout),
    part('neighbours', {
      async stop() {
        account.close();
        routing.close();
        gate.close();
        paid.close();
        await graph.close();
      },
    }),
    numberTable,
    ...paid.parts,
    producer,
    tail,
    part('messages', messages),
    part('dispatcher', dispatcher),
    ...media.parts,
    consumer,
    grpcServer({
      port: config.grpc.port,
      services: [messageServer({ ...engine, now, tail }), media.server],
      verify: localTokens(config.grpc.jwtSecret),
      logger,
      metrics: grpcMetrics(registry),
    }),
  ];
}

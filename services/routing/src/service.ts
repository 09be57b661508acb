import { createAggregates, createMongoStore, mongoStoreIndexes } from '@switchboard/aggregates';
import { MessageServiceService } from '@switchboard/contracts/egress/v1/message_service';
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
import { grpcClient, grpcMetrics, grpcServer, localTokens, serviceTokens } from '@switchboard/grpc';
import {
  connectKafka,
  createConsumer,
  createProducer,
  createTable,
  createTail,
  encodedRecord,
  ensureTopics,
  partitionOf,
  setAsideRecord,
  topicSpec,
} from '@switchboard/kafka';
import { connectMongo, ensureIndexes } from '@switchboard/mongo';
import { type Component, type Platform, traceParent } from '@switchboard/service-kit';
import { blockParts } from './block-parts.js';
import { botParts } from './bot-parts.js';
import { createCheckReply } from './adapters/grpc/check-reply.js';
import { createTellApply } from './adapters/kafka/apply-settings.js';
import { createBrands } from './adapters/kafka/brands.js';
import { deskAggregate, watchDesks } from './adapters/kafka/desk-aggregate.js';
import { previewOfContent, readIncoming } from './adapters/kafka/incoming.js';
import { createTellChecks } from './adapters/kafka/desk-checks.js';
import { createTellJoins } from './adapters/kafka/joins.js';
import { threadAggregate } from './adapters/kafka/thread-aggregate.js';
import { asksIndexes, createAsks } from './adapters/mongo/asks.js';
import { createBotStore } from './adapters/mongo/bots.js';
import { brandSettingsIndexes, createBrandFlows } from './adapters/mongo/brand-settings.js';
import { chatRowsIndexes, createChatRows } from './adapters/mongo/chat-rows.js';
import { chatTimesIndexes, createChatTimes } from './adapters/mongo/chat-times.js';
import { createCustomers, customersIndexes } from './adapters/mongo/customers.js';
import { createDeskIndex, DESKS } from './adapters/mongo/desk-index.js';
import { createMessageStates } from './adapters/mongo/message-states.js';
import { createNumberStore, numbersIndexes } from './adapters/mongo/numbers.js';
import { createProjections, rowOf } from './adapters/mongo/projections.js';
import { createThreadIndex, threadIndexes, THREADS } from './adapters/mongo/thread-index.js';
import { createTranscript, transcriptIndexes } from './adapters/mongo/transcript.js';
import { digest, monotonic, newId, pause } from './adapters/node/machine.js';
import type { Config } from './config.js';
import { chatServer } from './entrypoints/grpc/chat-server.js';
import { customerServer } from './entrypoints/grpc/customer-server.js';
import { deskServer } from './entrypoints/grpc/desk-server.js';
import { settingsServer } from './entrypoints/grpc/settings-server.js';
import { createWatch, type Watched, watchedOf } from './entrypoints/grpc/watch.js';
import { createNumberLog, messagesCode, routingTimers, sources } from './entrypoints/kafka/number-log.js';
import { routingMetrics } from './metrics.js';
import { createApplyJoins } from './use-cases/apply-joins.js';
import { createApplyNumbers } from './use-cases/apply-numbers.js';
import { createApplySettings } from './use-cases/apply-settings.js';
import { createLookAround } from './use-cases/around.js';
import { createChatCommands } from './use-cases/chat-commands.js';
import { createReadChats } from './use-cases/chats.js';
import { createAwayAfter } from './use-cases/away-after.js';
import { createCustomerUseCases } from './use-cases/customers.js';
import { createDeskUseCases } from './use-cases/desk.js';
import { createFlows } from './use-cases/flows.js';
import { createGiveBackChats } from './use-cases/give-back-chats.js';
import { createHandChats } from './use-cases/hand-chats.js';
import { createHearDesk, createHearOperators } from './use-cases/hear-desk.js';
import { createMarkChats } from './use-cases/mark-chats.js';
import { createNoteProgress } from './use-cases/note-progress.js';
import { createOpenThreads } from './use-cases/open-threads.js';
import type { ClaimPlace } from './use-cases/ports.js';
import { createReceiveMessages } from './use-cases/receive-messages.js';
import { createResolveCustomers } from './use-cases/resolve-customers.js';
import { createScan } from './use-cases/scan-words.js';
import { createSeenChats } from './use-cases/seen-chats.js';
import { createSettingsUseCases } from './use-cases/settings.js';
import { createTakeOverDesks } from './use-cases/take-over-desks.js';
import { createTellThreads } from './use-cases/tell-threads.js';
import { createTrySettings } from './use-cases/try-settings.js';
import { createWriteToCustomer } from './use-cases/write-to-customer.js';

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

/** The parts of routing, in the order they start. */
export function routingService(config: Config, platform: Platform): Component[] {
  const { logger, instance, metrics: registry, now } = platform;
  const metrics = routingMetrics(registry);
  const mongo = connectMongo(config.mongo.url, { ...config.mongo, logger });
  const { connection } = mongo;
  const kafka = connectKafka({ ...config.kafka, clientId: 'routing', logger, metrics: registry });
  const producer = createProducer(kafka, { name: 'routing', patience: 'retry' });
  const brandTable = createTable(kafka, { topic: accountBrands, version: ({ version }) => version });
  const tail = createTail<Watched>(kafka, { topics: [routingThreads, egressMessages], select: watchedOf });
  const token = serviceTokens(config.grpc.jwtSecret, 'routing', 'egress.messages:read');
  const egress = grpcClient(MessageServiceService, config.egress.address, { token });

  const customers = createCustomers(connection);
  const numbers = createNumberStore(connection);
  const index = createThreadIndex(connection);
  const transcript = createTranscript(connection);
  const messageStates = createMessageStates(connection);
  const threads = createAggregates({
    definition: threadAggregate,
    store: createMongoStore(connection, THREADS),
    publish: (events) => producer.send(events.map(encodedRecord)),
    project: createProjections(connection),
    sourceCodes: sources.map(({ code }) => code),
    logger,
    metrics: metrics.aggregates,
    traceParent,
  });

  const desks = createAggregates({
    definition: deskAggregate,
    store: createMongoStore(connection, DESKS),
    publish: (events) => producer.send(events.map(encodedRecord)),
    project: watchDesks(metrics.desk),
    sourceCodes: sources.map(({ code }) => code),
    logger,
    metrics: metrics.desk.aggregates,
    traceParent,
  });
  const brands = createBrands(brandTable);
  const brandFlows = createBrandFlows(connection);
  const flows = createFlows({ store: brandFlows, monotonic, observe: { read: metrics.flowRead } });
  const asks = createAsks(connection);
  const deskIndex = createDeskIndex(connection);
  const takeOverDesks = createTakeOverDesks({
    index: deskIndex,
    tellChecks: createTellChecks(producer),
    partitionOf: (organisationId) => partitionOf(organisationId, config.kafka.layout.partitions),
    now,
  });
  const desk = createDeskUseCases({ desks, asks, awayAfter: createAwayAfter({ brands, flows }), now });

  const next = new Map<number, number>();
  const progress = { nextMessage: (partition: number) => next.get(partition) ?? 0 };
  const tellJoins = createTellJoins(producer);
  const resolveCustomers = createResolveCustomers({ customers, digest });
  const botSide = botParts(config, {
    kafka,
    producer,
    store: createBotStore(connection),
    numbers,
    brands,
    tail,
    instance,
    logger,
    metrics,
    // Settings are looked at with the bots that these parts know.
    giveBackChats: createGiveBackChats({ threads, index, numbers, lookAround: (places) => lookAround(places), now }),
    now,
  });
  const bots = botSide.current;
  const brandName = (brandId: string): string => brandTable.get(brandId)?.name ?? '';
  const lookAround = createLookAround({ flows, bots, brandName, now });
  const owners = createApplyNumbers({ threads, numbers, index, progress, lookAround, now });
  const openThreads = createOpenThreads({
    numbers,
    index,
    partitionOf: (number) => partitionOf(number, config.kafka.layout.partitions),
  });

  const consumer = createConsumer(kafka, {
    group: 'routing',
    instance,
    topics: sources,
    handle: createNumberLog({
      receiveMessages: createReceiveMessages({
        threads,
        numbers,
        transcript,
        resolveCustomers,
        tellJoins,
        lookAround,
        scan: createScan(),
        observe: { nobody: metrics.nobody },
      }),
      applyNumbers: (news, signal) => owners.applyNumbers(news, signal),
      applyJoins: createApplyJoins({ threads, customers, numbers, progress, now }),
      noteProgress: createNoteProgress({ threads, messageStates, numbers, transcript, lookAround }),
      hearDesk: createHearDesk({ desks, asks, index: deskIndex, now }),
      hearOperators: createHearOperators({ desks, now }),
      tellThreads: createTellThreads({ threads, numbers, lookAround }),
      applySettings: createApplySettings({ threads, flows, bots, openThreads, brandName, now }),
      readIncoming,
      previewOf: previewOfContent,
      handled: (partition, offset) => next.set(partition, offset),
      keep: (chunk, record, reason) =>
        producer.send([setAsideRecord(setAsideTopic('routing').name, chunk.topic, chunk.partition, record, reason)]),
    }),
    async onAssigned(partition, committed) {
      next.set(partition, committed.get(messagesCode) ?? 0);
      threads.assigned(partition, committed);
      desks.assigned(partition, committed);
      takeOverDesks(partition).catch((error: unknown) => {
        logger.warn({ err: error, partition }, 'desks could not be compared with the threads; whoever is next does it');
      });
      const left = await index.unclaimedNumbers().catch(() => []);
      const ours = left.filter((number) => partitionOf(number, config.kafka.layout.partitions) === partition);
      owners.adoptLeft(ours, now()).catch((error: unknown) => {
        logger.warn({ err: error, partition }, 'threads that wait could not be adopted; the next message adopts them');
      });
    },
    async onRevoked(partition) {
      await Promise.all([threads.revoked(partition), desks.revoked(partition)]);
    },
  });

  const chatRows = createChatRows(connection);
  const seen = createSeenChats({
    threads,
    chatRows,
    rowOf: (threadId, sequence, thread) => {
      if (!thread.chat) return undefined;
      const { _id, ...row } = rowOf(threadId, sequence, thread, thread.chat);
      return { id: _id, ...row };
    },
  });
  const reads = createReadChats({ seen, index, transcript, chatRows, messageStates, pause });
  const customerUseCases = createCustomerUseCases({
    customers,
    numbers,
    index,
    resolveCustomers,
    tellJoins,
    now,
    newId,
  });

  const commands = createChatCommands({ threads, seen, lookAround, now });
  const claimPlace: ClaimPlace = (claim) => desk.claimPlace(claim);
  const write = createWriteToCustomer({
    commands,
    seen,
    threads,
    numbers,
    customers: customerUseCases,
    lookAround,
    checkReply: createCheckReply(egress),
    claimPlace,
    digest,
    now,
  });
  const hand = createHandChats({ commands, seen, claimPlace, pause });
  const mark = createMarkChats({ commands, digest });

  const settings = createSettingsUseCases({
    store: brandFlows,
    brands,
    tellApply: createTellApply(producer, config.kafka.layout.partitions),
    now,
    newId,
    observe: metrics.settings,
  });
  const trySettings = createTrySettings({
    store: brandFlows,
    brands,
    numbers,
    chatTimes: createChatTimes(connection),
    desk,
    now,
  });

  const indexes = [
    ...mongoStoreIndexes(THREADS),
    ...mongoStoreIndexes(DESKS),
    ...threadIndexes,
    ...asksIndexes,
    ...transcriptIndexes,
    ...chatRowsIndexes,
    ...chatTimesIndexes,
    ...brandSettingsIndexes,
    ...customersIndexes,
    ...numbersIndexes,
  ];
  const stopping = new AbortController();
  return [
    mongo,
    part('indexes', () => ensureIndexes(connection, indexes)),
    part(
      'topics',
      () =>
        ensureTopics(
          kafka,
          topics.map((topic) => topicSpec(topic, config.kafka.layout)),
          { signal: stopping.signal },
        ),
      () => {
        stopping.abort();
      },
    ),
    part('egress', undefined, egress.close),
    producer,
    brandTable,
    tail,
    part('threads', threads.start, threads.stop),
    part('desks', desks.start, desks.stop),
    consumer,
    ...botSide.parts,
    ...blockParts(config, { kafka, producer, customers, instance, logger, metrics }),
    grpcServer({
      port: config.grpc.port,
      services: [
        chatServer(reads, { write, hand, mark }, createWatch(tail)),
        customerServer(customerUseCases),
        settingsServer(settings, trySettings),
        deskServer(desk),
        botSide.server,
      ],
      verify: localTokens(config.grpc.jwtSecret),
      logger,
      metrics: grpcMetrics(registry),
    }),
  ];
}

const part = (name: string, start?: () => void | Promise<void>, stop?: () => void | Promise<void>): Component => ({
  name,
  start: async () => {
    await start?.();
  },
  stop: async () => {
    await stop?.();
  },
});

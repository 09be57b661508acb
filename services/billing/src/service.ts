import { createAggregates, createMongoStore, mongoStoreIndexes } from '@switchboard/aggregates';
import {
  accountNumbers,
  billingNumbers,
  billingWake,
  billingWallets,
  egressMessages,
  setAsideTopic,
  timerCommands,
  timerFired,
  whatsappChanges,
} from '@switchboard/contracts/topics';
import { grpcMetrics, grpcServer, localTokens } from '@switchboard/grpc';
import {
  connectKafka,
  createConsumer,
  createProducer,
  encodedRecord,
  eventHandlers,
  type SourceTopic,
  topicsPart,
} from '@switchboard/kafka';
import { connectMongo, ensureIndexes } from '@switchboard/mongo';
import { type Component, part, type Platform, traceParent } from '@switchboard/service-kit';
import { createArmTimer } from './adapters/kafka/timers.js';
import { TIMER_OWNER, walletAggregate } from './adapters/kafka/wallet-aggregate.js';
import { createDirectory, directoryIndexes } from './adapters/mongo/directory.js';
import { createEntries, entriesIndexes } from './adapters/mongo/entries.js';
import { createPurchases, purchasesIndexes } from './adapters/mongo/purchases.js';
import { reconciliationsIndexes } from './adapters/mongo/reconciliations.js';
import { sha256 } from './adapters/node/machine.js';
import { type Config } from './config.js';
import { billingServer } from './entrypoints/grpc/billing-server.js';
import { pricingServer } from './entrypoints/grpc/pricing-server.js';
import { sources } from './entrypoints/kafka/number-log.js';
import { onTimerFired } from './entrypoints/kafka/timer-fired.js';
import { billingMetrics } from './metrics.js';
import { messageParts } from './message-parts.js';
import { payerIndexes } from './payer-parts.js';
import { paymentParts } from './payment-parts.js';
import { reconciliationParts } from './reconciliation-parts.js';
import { volumeIndexes } from './volume-parts.js';
import { createCreditUseCases } from './use-cases/credits.js';
import { createExpireHolds } from './use-cases/expire-holds.js';
import { createLedgerUseCases } from './use-cases/ledger.js';
import { createAskWallet } from './use-cases/looked-up.js';
import { createNightly } from './use-cases/nightly.js';
import { createSpendUseCases } from './use-cases/spend.js';
import { createWalletUseCases } from './use-cases/wallets.js';

const topics = [
  accountNumbers,
  egressMessages,
  billingWallets,
  billingNumbers,
  billingWake,
  timerCommands,
  whatsappChanges,
  timerFired(TIMER_OWNER),
  setAsideTopic('billing'),
];

/** The parts of billing, in the order they start. */
export function billingService(config: Config, platform: Platform): Component[] {
  const { logger, instance, metrics: registry, now } = platform;
  const { observer, aggregates } = billingMetrics(registry);
  const mongo = connectMongo(config.mongo.url, { ...config.mongo, logger });
  const { connection } = mongo;
  const kafka = connectKafka({ ...config.kafka, clientId: 'billing', logger, metrics: registry });
  const producer = createProducer(kafka, { name: 'billing', patience: 'retry' });

  const entries = createEntries(connection);
  const wallets = createAggregates({
    definition: walletAggregate,
    store: createMongoStore(connection, walletAggregate.name),
    publish: (events) => producer.send(events.map(encodedRecord)),
    project: entries.project,
    // Commands alone change a wallet, and egress asks one process for it.
    keep: 'all',
    cacheSize: 250,
    logger,
    metrics: aggregates,
    traceParent,
  });
  const directory = createDirectory(connection);
  const askWallet = createAskWallet({ wallets, entries, progress: entries, observer });
  const ledger = createLedgerUseCases({ wallets, entries, directory, observer });
  const arm = createArmTimer(producer, now);
  const proof = createNightly({
    ...{ timerKey: 'nightly-proof', hour: 3, arm, now },
    async work() {
      for (const { walletId, faults } of await ledger.proveAll())
        logger.error({ walletId, faults }, 'the proof of a wallet does not hold');
    },
  });
  const { reconciliation, parts: meta } = reconciliationParts(config, {
    connection,
    kafka,
    charges: entries,
    platform,
  });
  const comparison = createNightly({
    ...{ timerKey: 'nightly-reconciliation', hour: 6, arm, now },
    work: () => reconciliation.run(),
  });
  const nights = [proof, comparison];

  const purchases = createPurchases(connection);
  const payment = paymentParts(config, { purchases, wallets, askWallet, platform });
  const messages = messageParts({
    connection,
    producer,
    wallets,
    directory,
    askWallet,
    partitions: config.kafka.layout.partitions,
    observer,
    metrics: aggregates,
    platform,
  });
  const { topics: heard, handle } = eventHandlers({
    handlers: [
      onTimerFired(createExpireHolds({ wallets, entries, askWallet, progress: entries, now }), nights),
      payment.handler,
      messages.tierHandler,
    ],
    producer,
    setAsideTopic: setAsideTopic('billing').name,
    logger,
    metrics: kafka.metrics,
  });
  const hears = (topics: readonly SourceTopic[], name: string) => topics.some(({ topic }) => topic === name);
  const consumer = createConsumer(kafka, {
    group: 'billing',
    instance,
    topics: [...sources, ...heard.filter(({ topic }) => !hears(sources, topic))],
    // In stretches, then one by one, where somebody hears them so.
    async handle(chunk, context) {
      if (hears(sources, chunk.topic)) await messages.hearLog(chunk, context);
      if (hears(heard, chunk.topic)) await handle(chunk, context);
      return { done: Promise.resolve() };
    },
    onAssigned: messages.onAssigned,
    onRevoked: messages.onRevoked,
  });

  const indexes = [
    ...mongoStoreIndexes(walletAggregate.name),
    ...directoryIndexes,
    ...entriesIndexes,
    ...purchasesIndexes,
    ...reconciliationsIndexes,
    ...payerIndexes,
    ...volumeIndexes,
  ];
  return [
    mongo,
    part('indexes', { start: () => ensureIndexes(connection, indexes) }),
    topicsPart(kafka, topics, config.kafka.layout),
    producer,
    part('wallets', wallets),
    ...messages.parts,
    ...meta,
    consumer,
    ...payment.parts,
    ...nights.map(({ timerKey, armNext }) => part(timerKey, { start: armNext })),
    grpcServer({
      port: config.grpc.port,
      services: [
        billingServer({
          wallets: createWalletUseCases({ wallets, directory, progress: entries, now }),
          credits: createCreditUseCases({
            wallets,
            purchases,
            askWallet,
            hash: sha256,
            now,
          }),
          buyCredits: payment.buyCredits,
          payers: messages.useCases,
          spend: createSpendUseCases({ wallets, askWallet, priceHold: messages.priceHold, observer, now }),
          ledger,
          reconciliation,
          now,
        }),
        pricingServer(messages.prices, messages.factsOf, now),
      ],
      verify: localTokens(config.grpc.jwtSecret),
      logger,
      metrics: grpcMetrics(registry),
    }),
  ];
}

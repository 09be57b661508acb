import { createAggregates, createMongoStore, type EncodedEvent, mongoStoreIndexes } from '@switchboard/aggregates';
import {
  accountNumbers,
  billingNumbers,
  billingWake,
  billingWallets,
  egressMessages,
  setAsideTopic,
  timerCommands,
  timerFired,
} from '@switchboard/contracts/topics';
import { grpcMetrics, grpcServer, localTokens } from '@switchboard/grpc';
import {
  connectKafka,
  createConsumer,
  createProducer,
  encodedRecord,
  eventHandlers,
  setAsideRecord,
  topicsPart,
} from '@switchboard/kafka';
import { connectMongo, ensureIndexes } from '@switchboard/mongo';
import { type Component, part, type Platform, traceParent } from '@switchboard/service-kit';
import { createArmTimer } from './adapters/kafka/timers.js';
import { TIMER_OWNER, walletAggregate } from './adapters/kafka/wallet-aggregate.js';
import { createDirectory, directoryIndexes } from './adapters/mongo/directory.js';
import { createEntries, entriesIndexes } from './adapters/mongo/entries.js';
import { createPurchases, purchasesIndexes } from './adapters/mongo/purchases.js';
import { createRateStore } from './adapters/mongo/rates.js';
import { countryOf } from './adapters/node/countries.js';
import { sha256 } from './adapters/node/machine.js';
import { type Config } from './config.js';
import { shippedMarkets, shippedRates } from './domain/prices/shipped.js';
import { billingServer } from './entrypoints/grpc/billing-server.js';
import { pricingServer } from './entrypoints/grpc/pricing-server.js';
import { onTimerFired } from './entrypoints/kafka/timer-fired.js';
import { createNumberLog, sources } from './entrypoints/kafka/number-log.js';
import { billingMetrics } from './metrics.js';
import { createCreditUseCases } from './use-cases/credits.js';
import { createPayerParts, payerIndexes } from './payer-parts.js';
import { createExpireHolds } from './use-cases/expire-holds.js';
import { createHearMessages } from './use-cases/hear-messages.js';
import { createHoldPrices } from './use-cases/hold-prices.js';
import { createLedgerUseCases } from './use-cases/ledger.js';
import { createAskWallet } from './use-cases/looked-up.js';
import { createPriceUseCases } from './use-cases/prices.js';
import { createProveNightly } from './use-cases/prove-nightly.js';
import { createSettleMessages } from './use-cases/settle-messages.js';
import { createSpendUseCases } from './use-cases/spend.js';
import { createWalletUseCases } from './use-cases/wallets.js';

const topics = [
  accountNumbers,
  egressMessages,
  billingWallets,
  billingNumbers,
  billingWake,
  timerCommands,
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

  const publish = (events: readonly EncodedEvent[]) => producer.send(events.map(encodedRecord));

  const entries = createEntries(connection);
  const wallets = createAggregates({
    definition: walletAggregate,
    store: createMongoStore(connection, walletAggregate.name),
    publish,
    project: entries.project,
    logger,
    metrics: aggregates,
    traceParent,
  });
  const directory = createDirectory(connection);
  const askWallet = createAskWallet({ wallets, entries, progress: entries, observer });
  const ledger = createLedgerUseCases({ wallets, entries, directory, observer });
  const proveNightly = createProveNightly({
    ledger,
    arm: createArmTimer(producer, now),
    now,
    tell(wrong) {
      for (const { walletId, faults } of wrong)
        logger.error({ walletId, faults }, 'the proof of a wallet does not hold');
    },
  });

  const prices = createPriceUseCases({
    store: createRateStore(connection),
    shipped: shippedRates,
    markets: shippedMarkets,
    countryOf,
    now,
  });
  const { partitions } = config.kafka.layout;
  const payer = createPayerParts({
    connection,
    publish,
    wallets,
    directory,
    partitions,
    logger,
    metrics: aggregates,
    now,
  });
  const { factsOf } = payer;

  const warn = (facts: object, message: string): void => {
    logger.warn(facts, message);
  };
  const settleMessages = createSettleMessages({ askWallet, rates: prices.current, observer, now, warn });
  const hearLog = createNumberLog({
    payers: payer.useCases,
    hearMessages: createHearMessages({ settleMessages, payers: payer.useCases, prices, factsOf, hash: sha256 }),
    publisher: payer.publisher,
    keep: (chunk, record, reason) =>
      producer.send([setAsideRecord(setAsideTopic('billing').name, chunk.topic, chunk.partition, record, reason)]),
  });
  const { topics: timers, handle: hearTimer } = eventHandlers({
    handlers: [onTimerFired(createExpireHolds({ wallets, entries, askWallet, progress: entries, now }), proveNightly)],
    producer,
    setAsideTopic: setAsideTopic('billing').name,
    logger,
    metrics: kafka.metrics,
  });
  const consumer = createConsumer(kafka, {
    group: 'billing',
    instance,
    topics: [...sources, ...timers],
    handle: (chunk, context) =>
      timers.some(({ topic }) => topic === chunk.topic) ? hearTimer(chunk, context) : hearLog(chunk, context),
    onAssigned: payer.onAssigned,
    onRevoked: payer.onRevoked,
  });

  const indexes = [
    ...mongoStoreIndexes(walletAggregate.name),
    ...directoryIndexes,
    ...entriesIndexes,
    ...purchasesIndexes,
    ...payerIndexes,
  ];
  return [
    mongo,
    part('indexes', { start: () => ensureIndexes(connection, indexes) }),
    topicsPart(kafka, topics, config.kafka.layout),
    producer,
    part('wallets', wallets),
    payer.part,
    consumer,
    part('nightly proof', { start: proveNightly.armNext }),
    grpcServer({
      port: config.grpc.port,
      services: [
        billingServer({
          wallets: createWalletUseCases({ wallets, directory, progress: entries, now }),
          credits: createCreditUseCases({
            wallets,
            purchases: createPurchases(connection),
            askWallet,
            hash: sha256,
            now,
          }),
          payers: payer.useCases,
          spend: createSpendUseCases({
            wallets,
            askWallet,
            priceHold: createHoldPrices({ prices, factsOf, now }),
            observer,
            now,
          }),
          ledger,
        }),
        pricingServer(prices, factsOf, now),
      ],
      verify: localTokens(config.grpc.jwtSecret),
      logger,
      metrics: grpcMetrics(registry),
    }),
  ];
}

import { type AggregatesMetrics } from '@switchboard/aggregates';
import { setAsideTopic } from '@switchboard/contracts/topics';
import { encodedRecord, type Producer, setAsideRecord } from '@switchboard/kafka';
import { type MongoComponent } from '@switchboard/mongo';
import { type Platform } from '@switchboard/service-kit';
import { createRateStore } from './adapters/mongo/rates.js';
import { createTierStore } from './adapters/mongo/tiers.js';
import { countryOf } from './adapters/node/countries.js';
import { sha256 } from './adapters/node/machine.js';
import { shippedMarkets, shippedRates } from './domain/prices/shipped.js';
import { createNumberLog } from './entrypoints/kafka/number-log.js';
import { onTierChange } from './entrypoints/kafka/tier-change.js';
import { createPayerParts } from './payer-parts.js';
import { createVolumeParts } from './volume-parts.js';
import { createHearMessages } from './use-cases/hear-messages.js';
import { createHearTier } from './use-cases/hear-tiers.js';
import { createHoldPrices } from './use-cases/hold-prices.js';
import { type AskWallet } from './use-cases/looked-up.js';
import { type Directory, type Observer, type Wallets } from './use-cases/ports.js';
import { createPriceBooks } from './use-cases/price-book.js';
import { createPriceByVolume } from './use-cases/price-by-volume.js';
import { createPriceUseCases } from './use-cases/prices.js';
import { createSettleMessages } from './use-cases/settle-messages.js';

/** What messages cost, who pays for them, and what the logs of numbers say of both. */
export function messageParts(deps: {
  readonly connection: MongoComponent['connection'];
  readonly producer: Pick<Producer, 'send'>;
  readonly wallets: Pick<Wallets, 'read'>;
  readonly directory: Pick<Directory, 'walletsOf'>;
  readonly askWallet: AskWallet;
  readonly partitions: number;
  readonly observer: Observer;
  readonly metrics: AggregatesMetrics;
  readonly platform: Pick<Platform, 'logger' | 'now'>;
}) {
  const { connection, producer, wallets, directory, askWallet, partitions, observer, metrics } = deps;
  const { logger, now } = deps.platform;
  const [store, tierStore] = [createRateStore(connection), createTierStore(connection)];
  const books = createPriceBooks({ store, tierStore, shipped: shippedRates, now });
  const volume = createVolumeParts({ connection, observer, logger, metrics });
  const { volumes } = volume;
  const prices = createPriceUseCases({ books, volumes, markets: shippedMarkets, countryOf });
  const payer = createPayerParts({
    connection,
    publish: (events) => producer.send(events.map(encodedRecord)),
    wallets,
    directory,
    partitions,
    logger,
    metrics,
    now,
  });
  const { factsOf, useCases: payers, publisher, payerDirectory } = payer;
  const settleMessages = createSettleMessages({
    askWallet,
    rates: prices.current,
    observer,
    now,
    warn: (facts, message) => {
      logger.warn(facts, message);
    },
  });
  const priceByVolume = createPriceByVolume({ prices, volumes });
  return {
    ...payer,
    parts: [payer.part, volume.part],
    tierHandler: onTierChange(createHearTier({ directory: payerDirectory, volumes })),
    prices,
    priceHold: createHoldPrices({ prices, factsOf, now }),
    hearLog: createNumberLog({
      payers,
      hearMessages: createHearMessages({ settleMessages, priceByVolume, payers, prices, factsOf, hash: sha256 }),
      publisher,
      keep: (chunk, record, reason) =>
        producer.send([setAsideRecord(setAsideTopic('billing').name, chunk.topic, chunk.partition, record, reason)]),
    }),
  };
}

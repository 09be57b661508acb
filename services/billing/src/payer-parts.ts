import {
  createAggregates,
  createCompactedPublisher,
  createMongoStore,
  type EncodedEvent,
  type AggregatesMetrics,
  mongoStoreIndexes,
} from '@switchboard/aggregates';
import { partitionOf } from '@switchboard/kafka';
import { type MongoComponent } from '@switchboard/mongo';
import { type Component, type Logger, part, traceParent } from '@switchboard/service-kit';
import { payerAggregate, payerRecord } from './adapters/kafka/payer-aggregate.js';
import { createPayerDirectory, payerDirectoryIndexes } from './adapters/mongo/payer-directory.js';
import { type Payer } from './domain/payer/payer.js';
import { createNumberFacts } from './use-cases/hold-prices.js';
import { createPayerUseCases } from './use-cases/payers.js';
import { type Clock, type Directory, type Wallets } from './use-cases/ports.js';

export const payerIndexes = [...mongoStoreIndexes(payerAggregate.name), ...payerDirectoryIndexes];

/** Who pays for numbers: the aggregate, its use cases, and the one publisher of a partition of `billing.numbers`. */
export function createPayerParts(deps: {
  connection: MongoComponent['connection'];
  publish: (events: readonly EncodedEvent[]) => Promise<void>;
  wallets: Pick<Wallets, 'read'>;
  directory: Pick<Directory, 'walletsOf'>;
  partitions: number;
  logger: Logger;
  metrics: AggregatesMetrics;
  now: Clock;
}) {
  const { connection, publish, partitions, logger, metrics, now } = deps;
  const payers = createAggregates({
    definition: payerAggregate,
    store: createMongoStore(connection, payerAggregate.name),
    publish,
    logger,
    metrics,
    traceParent,
  });
  const payerDirectory = createPayerDirectory(connection);
  const publisher = createCompactedPublisher<Payer>({
    read: (ids) => Promise.all(ids.map((id) => payers.read(id))),
    async *idsOf(partition) {
      for await (const id of payerDirectory.all()) if (partitionOf(id, partitions) === partition) yield id;
    },
    publish,
    logger,
    encode(id, snapshot) {
      // Numbers are never erased, so what was listed is there.
      if (!snapshot) throw new Error('what was told of is gone');
      return payerRecord(id, snapshot);
    },
  });
  const assignments = new Map<number, AbortController>();
  return {
    useCases: createPayerUseCases({ ...deps, payers, payerDirectory }),
    payerDirectory,
    factsOf: createNumberFacts({ payers, now }),
    publisher,
    part: part('payers', payers) satisfies Component,
    onAssigned: (partition: number): void => {
      const assignment = new AbortController();
      assignments.set(partition, assignment);
      publisher.takeOver(partition, assignment.signal).catch((error: unknown) => {
        if (!assignment.signal.aborted) logger.error({ err: error, partition }, 'a full publication failed');
      });
    },
    onRevoked: (partition: number): void => {
      assignments.get(partition)?.abort();
      assignments.delete(partition);
    },
  };
}

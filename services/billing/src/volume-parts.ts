import { type AggregatesMetrics, createAggregates, createMongoStore, mongoStoreIndexes } from '@switchboard/aggregates';
import { type MongoComponent } from '@switchboard/mongo';
import { type Component, type Logger, part, traceParent } from '@switchboard/service-kit';
import { volumeAggregate } from './adapters/kafka/volume-aggregate.js';
import { createPositionStore } from './adapters/mongo/positions.js';
import { type Observer } from './use-cases/ports.js';
import { createVolumeUseCases } from './use-cases/volumes.js';

export const volumeIndexes = mongoStoreIndexes(volumeAggregate.name);

/** How much was charged to portfolios: the aggregate, and the positions of messages. */
export function createVolumeParts(deps: {
  connection: MongoComponent['connection'];
  observer: Pick<Observer, 'stale'>;
  logger: Logger;
  metrics: AggregatesMetrics;
}) {
  const { connection, observer, logger, metrics } = deps;
  const volumes = createAggregates({
    definition: volumeAggregate,
    store: createMongoStore(connection, volumeAggregate.name),
    // It says nothing.
    publish: () => Promise.resolve(),
    logger,
    metrics,
    traceParent,
  });
  return {
    volumes: createVolumeUseCases({ volumes, positions: createPositionStore(connection), observer }),
    part: part('volumes', volumes) satisfies Component,
  };
}

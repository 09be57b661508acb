import { createAggregates, createMongoStore, mongoStoreIndexes } from '@switchboard/aggregates';
import { encodedRecord } from '@switchboard/kafka';
import { part, traceParent } from '@switchboard/service-kit';
import { deskAggregate, watchDesks } from '../adapters/kafka/desk-aggregate.js';
import { createTellChecks } from '../adapters/kafka/desk-checks.js';
import { asksIndexes, createAsks } from '../adapters/mongo/asks.js';
import { createDeskIndex, DESKS } from '../adapters/mongo/desk-index.js';
import { deskServer } from '../entrypoints/grpc/desk-server.js';
import { sources } from '../entrypoints/kafka/number-log.js';
import { createAwayAfter } from '../use-cases/desk/away-after.js';
import { createDeskUseCases } from '../use-cases/desk/desk.js';
import { createHearDesk, createHearOperators } from '../use-cases/desk/hear-desk.js';
import { createTakeOverDesks } from '../use-cases/desk/take-over-desks.js';
import type { AroundParts } from './around.js';
import { type Ground } from './ground.js';

export type DeskParts = ReturnType<typeof deskParts>;

/** The desks of organisations: who is there, and who is asked. */
export function deskParts(ground: Ground, { brands, flows }: AroundParts) {
  const { connection, producer, logger, metrics, indexes, partitionOf, now } = ground;
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
  const asks = createAsks(connection);
  const index = createDeskIndex(connection);
  const desk = createDeskUseCases({ desks, asks, awayAfter: createAwayAfter({ brands, flows }), now });
  return {
    desks,
    desk,
    hearDesk: createHearDesk({ desks, asks, index, now }),
    hearOperators: createHearOperators({ desks, now }),
    takeOverDesks: createTakeOverDesks({ index, tellChecks: createTellChecks(producer), partitionOf, now }),
    server: deskServer(desk),
    parts: [indexes('desks', [...mongoStoreIndexes(DESKS), ...asksIndexes]), part('desks', desks)],
  };
}

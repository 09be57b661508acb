import { randomUUID } from 'node:crypto';
import {
  type AggregateDefinition,
  type Aggregates,
  createAggregates,
  createCompactedPublisher,
  createMongoStore,
  mongoStoreIndexes,
  type Snapshot,
} from '@switchboard/aggregates';
import { accountBrands, accountNumbers, accountOperators, accountWake } from '@switchboard/contracts/topics';
import { grpcMetrics, grpcServer, localTokens } from '@switchboard/grpc';
import {
  connectKafka,
  createConsumer,
  createProducer,
  encodedRecord,
  partitionOf,
  topicsPart,
} from '@switchboard/kafka';
import { connectMongo, ensureIndexes } from '@switchboard/mongo';
import { type Component, part, type Platform, traceParent } from '@switchboard/service-kit';
import { createVault } from '@switchboard/vault';
import { brandRecord, numberRecord, operatorRecord, toNumberState } from './adapters/kafka/states.js';
import {
  brandDefinition,
  numberDefinition,
  operatorDefinition,
  organisationDefinition,
} from './adapters/kafka/wakes.js';
import { createDirectory, directoryIndexes, type Listed } from './adapters/mongo/directory.js';
import type { Config } from './config.js';
import type { NumberState } from './domain/number.js';
import type { Operator } from './domain/operator.js';
import type { Brand, Organisation } from './domain/organisation.js';
import { accountServer } from './entrypoints/grpc/account-server.js';
import { onWakes, wakeSource } from './entrypoints/kafka/wakes.js';
import { accountMetrics } from './metrics.js';
import { createNumberUseCases } from './use-cases/numbers.js';
import { createOperatorUseCases } from './use-cases/operators.js';
import { createOrganisationUseCases } from './use-cases/organisations.js';

/** The parts of account, in the order they start. */
export function accountService(config: Config, platform: Platform): Component[] {
  const { logger, instance, metrics: registry, now } = platform;
  const metrics = accountMetrics(registry);
  const mongo = connectMongo(config.mongo.url, { ...config.mongo, logger });
  const { connection } = mongo;
  const kafka = connectKafka({ ...config.kafka, clientId: 'account', logger, metrics: registry });
  const producer = createProducer(kafka, { name: 'account', patience: 'retry' });
  const publish = (events: readonly Parameters<typeof encodedRecord>[0][]) => producer.send(events.map(encodedRecord));

  const aggregate = <State extends object, Input, Event, Result>(
    definition: AggregateDefinition<State, Input, Event, Result>,
  ): Aggregates<State, Input, Result> =>
    createAggregates({
      definition,
      store: createMongoStore(connection, definition.name),
      publish,
      logger,
      metrics: metrics(definition.name),
      traceParent,
    });
  const numbers = aggregate(numberDefinition);
  const brands = aggregate(brandDefinition);
  const operators = aggregate(operatorDefinition);
  const organisations = aggregate(organisationDefinition);
  const directory = createDirectory(connection);

  const idsOf = (collection: Listed) =>
    async function* (partition: number): AsyncGenerator<string> {
      for await (const id of directory.all(collection)) {
        if (partitionOf(id, config.kafka.layout.partitions) === partition) yield id;
      }
    };
  const readAll =
    <State extends object>(of: Pick<Aggregates<State, never, unknown>, 'read'>) =>
    (ids: readonly string[]): Promise<(Snapshot<State> | null)[]> =>
      Promise.all(ids.map((id) => of.read(id)));
  /** Names of organisations never change, so what was read once holds. */
  const organisationOf = new Map<string, Organisation>();
  const publishers = {
    number: createCompactedPublisher<NumberState>({
      read: readAll(numbers),
      idsOf: idsOf('numbers'),
      publish,
      logger,
      encode: (id, snapshot) => numberRecord(id, mustBe(snapshot)),
    }),
    operator: createCompactedPublisher<Operator>({
      read: readAll(operators),
      idsOf: idsOf('operators'),
      publish,
      logger,
      encode: (id, snapshot) => operatorRecord(id, mustBe(snapshot)),
    }),
    brand: createCompactedPublisher<Brand>({
      read: async (ids) => {
        const found = await readAll(brands)(ids);
        for (const { organisationId } of found.flatMap((each) => (each ? [each.state] : []))) {
          const organisation = organisationOf.has(organisationId) ? null : await organisations.read(organisationId);
          if (organisation) organisationOf.set(organisationId, organisation.state);
        }
        return found;
      },
      idsOf: idsOf('brands'),
      publish,
      logger,
      encode: (id, snapshot) => {
        const brand = mustBe(snapshot);
        return brandRecord(id, brand, organisationOf.get(brand.state.organisationId));
      },
    }),
  };

  const assignments = new Map<number, AbortController>();
  const consumer = createConsumer(kafka, {
    group: 'account',
    instance,
    topics: [wakeSource],
    handle: onWakes(publishers),
    onAssigned(partition) {
      const assignment = new AbortController();
      assignments.set(partition, assignment);
      for (const publisher of Object.values(publishers)) {
        publisher.takeOver(partition, assignment.signal).catch((error: unknown) => {
          if (!assignment.signal.aborted) logger.error({ err: error, partition }, 'a full publication failed');
        });
      }
    },
    onRevoked(partition) {
      assignments.get(partition)?.abort();
      assignments.delete(partition);
    },
  });

  const topics = [accountWake, accountNumbers, accountBrands, accountOperators];
  const indexes = [
    ...[numberDefinition, brandDefinition, operatorDefinition, organisationDefinition].flatMap(({ name }) =>
      mongoStoreIndexes(name),
    ),
    ...directoryIndexes,
  ];
  return [
    mongo,
    part('indexes', { start: () => ensureIndexes(connection, indexes) }),
    topicsPart(kafka, topics, config.kafka.layout),
    producer,
    ...[numbers, brands, operators, organisations].map((each) => part('aggregates', each)),
    consumer,
    grpcServer({
      port: config.grpc.port,
      services: [
        accountServer(
          createOrganisationUseCases({ organisations, brands, directory, now, newId: randomUUID }),
          createOperatorUseCases({ operators, organisations, brands, directory, now, newId: randomUUID }),
          createNumberUseCases({ numbers, brands, directory, vault: createVault(config.masterKeys), now }),
          toNumberState,
        ),
      ],
      verify: localTokens(config.grpc.jwtSecret),
      logger,
      metrics: grpcMetrics(registry),
    }),
  ];
}

/** Numbers, brands and operators are never erased, so what was listed is there. */
function mustBe<T>(snapshot: T | null): T {
  if (snapshot === null) throw new Error('what was told of is gone');
  return snapshot;
}

import { setAsideTopic, sourceCode, timerCommands, timerFired, timerOwners } from '@switchboard/contracts/topics';
import { grpcMetrics, grpcServer, localTokens } from '@switchboard/grpc';
import {
  connectKafka,
  createConsumer,
  createEnds,
  createProducer,
  setAsideRecord,
  topicsPart,
} from '@switchboard/kafka';
import { connectMongo, ensureIndexes } from '@switchboard/mongo';
import { type Component, part, type Platform } from '@switchboard/service-kit';
import { createCommandLog } from './adapters/kafka/command-log.js';
import { createFiredLog } from './adapters/kafka/fired-log.js';
import { createReferenceClock, createShards } from './adapters/mongo/shards.js';
import { createTimerStore, timersIndexes } from './adapters/mongo/timers.js';
import { processClock } from './adapters/node/machine.js';
import { type Config } from './config.js';
import { timerServer } from './entrypoints/grpc/timer-server.js';
import { createTimerCommands } from './entrypoints/kafka/timer-commands.js';
import { timerMetrics } from './metrics.js';
import { createCommandTimers } from './use-cases/command-timers.js';
import { createGetTimer } from './use-cases/get-timer.js';
import { createKeeper } from './use-cases/keeper.js';
import { createListTimers } from './use-cases/list-timers.js';
import { createTime } from './use-cases/time.js';

const CHUNK = 1_000;

/** The parts of timer, in the order they start. */
export function timerService(config: Config, platform: Platform): Component[] {
  const { logger, instance, metrics: registry } = platform;
  const metrics = timerMetrics(registry);
  const setAside = setAsideTopic('timer').name;
  const owners = new Set<string>([...timerOwners, ...config.timers.owners]);
  const observer = {
    ...metrics,
    warn: (facts: object, message: string) => {
      logger.warn(facts, message);
    },
  };

  const mongo = connectMongo(config.mongo.url, { ...config.mongo, logger });
  const kafka = connectKafka({ ...config.kafka, clientId: 'timer', logger, metrics: registry });
  // Callers are told when Kafka is away; what fires, and what is set aside, waits for it.
  const accepted = createProducer(kafka, { name: 'commands', patience: 'fail' });
  const producer = createProducer(kafka, { name: 'fired', patience: 'retry' });
  const ends = createEnds(kafka, timerCommands.name);

  const timers = createTimerStore(mongo.connection);
  const log = createCommandLog(accepted, ends);
  const clock = processClock(platform);
  const database = createReferenceClock(mongo.connection);
  // What is set ahead on purpose is no disagreement.
  const reference = { now: async () => (await database.now()) + platform.aheadMs() };
  const time = createTime({ clock, reference, observer });
  const keeper = createKeeper(
    {
      timers,
      shards: createShards(mongo.connection, instance),
      log,
      fired: createFiredLog(producer),
      clock,
      time,
      observer,
    },
    config.timers,
  );

  const consumer = createConsumer(kafka, {
    group: 'timer',
    instance,
    topics: [{ topic: timerCommands.name, code: sourceCode(timerCommands) }],
    chunkRecords: CHUNK,
    handle: createTimerCommands({
      keeper,
      owners,
      keep: (chunk, record, reason) =>
        producer.send([setAsideRecord(setAside, chunk.topic, chunk.partition, record, reason)]),
      refused: (count) => {
        metrics.commands('refused', count);
      },
    }),
    onAssigned: (partition, committed) => keeper.assigned(partition, committed.get(sourceCode(timerCommands)) ?? 0),
    onRevoked: keeper.revoked,
  });

  const topics = [timerCommands, setAsideTopic('timer'), ...[...owners].map(timerFired)];
  return [
    mongo,
    part('indexes', { start: () => ensureIndexes(mongo.connection, timersIndexes) }),
    topicsPart(kafka, topics, config.kafka.layout),
    ends,
    accepted,
    producer,
    part('keeper', keeper),
    consumer,
    grpcServer({
      port: config.grpc.port,
      services: [
        timerServer({
          commandTimers: createCommandTimers({ log, time }),
          getTimer: createGetTimer({ timers, clock }),
          listTimers: createListTimers({ timers }),
          owners,
          now: time.now,
        }),
      ],
      verify: localTokens(config.grpc.jwtSecret),
      logger,
      metrics: grpcMetrics(registry),
    }),
  ];
}

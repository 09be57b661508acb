import { dirname, join } from 'node:path';
import { type TimerCommand, TimerFired } from '@switchboard/contracts/timer/v1/events';
import { TimerServiceService } from '@switchboard/contracts/timer/v1/timer_service';
import { timerCommands, timerFired } from '@switchboard/contracts/topics';
import { type GrpcClient, grpcClient, signToken } from '@switchboard/grpc';
import { connectKafka, createProducer, createTail, ensureTopics, eventRecord, topicSpec } from '@switchboard/kafka';
import { connectMongo, type MongoComponent } from '@switchboard/mongo';
import { jwtSecret, PARTITIONS, servers, type ServiceProcess, serviceProcesses } from '@switchboard/testing';

const main = join(dirname(require.resolve('@switchboard/timer/main')), 'main.js');

/** A fire as its receiver has it. */
export interface Heard {
  readonly event: TimerFired;
  readonly id: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** When it was said. */
  readonly at: number;
}

export interface Installation {
  readonly owner: string;
  readonly connection: MongoComponent['connection'];
  /** One more process; resolves when it is ready. */
  readonly startProcess: () => Promise<ServiceProcess>;
  readonly say: (commands: readonly TimerCommand[], headers?: { org?: string; traceparent?: string }) => Promise<void>;
  /** Everything heard on timer.fired.<owner>, repetitions too. */
  readonly heard: () => readonly Heard[];
  /** A client of the process that was started last. */
  readonly client: (scope?: string, organisationId?: string) => Promise<GrpcClient<typeof TimerServiceService>>;
  readonly metrics: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Processes of timer on real Kafka and MongoDB, and a receiver of one owner. */
export async function startInstallation(name: string): Promise<Installation> {
  const owner = `${name}-${process.pid}`;
  const database = `timer-${name}-${process.pid}`;
  const topic = timerFired(owner);
  const kafka = connectKafka({ brokers: servers.brokers.split(','), clientId: 'timer-test' });
  await ensureTopics(
    kafka,
    [timerCommands, topic].map((each) => topicSpec(each, { partitions: PARTITIONS, replication: 1 })),
  );
  const producer = createProducer(kafka, { patience: 'retry' });
  const tail = createTail<Heard>(kafka, {
    topics: [topic],
    select: ({ key, value, headers, timestamp }) =>
      value
        ? { event: TimerFired.decode(value), id: headers['id'] ?? '', key: key ?? '', headers, at: timestamp }
        : undefined,
  });
  const mongo = connectMongo(servers.mongoUrl, { database });
  await Promise.all([producer.start(), tail.start(), mongo.start()]);

  const heard: Heard[] = [];
  const reading = new AbortController();
  const read = (async () => {
    for await (const each of tail.subscribe({ from: tail.cursor(), signal: reading.signal }))
      if (each.kind === 'item') heard.push(each.item);
  })();

  const processes = serviceProcesses('timer', { main, database, env: { TIMER_OWNERS: owner } });
  let [grpc, admin] = ['', ''];

  async function startProcess(): Promise<ServiceProcess> {
    const started = await processes.start();
    ({ grpc, admin } = started);
    return started;
  }

  return {
    owner,
    connection: mongo.connection,
    startProcess,
    say: (commands, headers = {}) =>
      producer.send(
        commands.map((command) =>
          eventRecord(timerCommands, command, {
            key: command.timerKey,
            id: `${command.owner}/${command.timerKey}:${command.version}`,
            time: new Date(),
            ...headers,
          }),
        ),
      ),
    heard: () => heard,
    async client(scope = 'timer.*', organisationId) {
      const token = await signToken(jwtSecret, {
        subject: 'test',
        scope,
        ttlSeconds: 600,
        ...(organisationId !== undefined && { organisationId }),
      });
      return grpcClient(TimerServiceService, grpc, { token });
    },
    metrics: async () => (await fetch(`${admin}/metrics`)).text(),
    async stop() {
      await processes.stop();
      reading.abort();
      await read;
      await tail.stop();
      await producer.stop();
      await mongo.connection.dropDatabase();
      await mongo.stop();
    },
  };
}

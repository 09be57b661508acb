import type { Infrastructure, InfrastructureOptions } from './servers.js';
import { answers } from './cache.js';
import { type Say, withProgress } from './log.js';
import { pause } from './process.js';
import { takePort } from './ports.js';
import { createConnection } from 'mongoose';

/** Public images; a local image of the same name is used as it is. The tag decides how it is driven: keep it numeric. */
const images = (env: NodeJS.ProcessEnv) => ({
  mongo: env['MONGO_IMAGE'] ?? 'mongo:8.0',
  kafka: env['KAFKA_IMAGE'] ?? 'apache/kafka:4.1.0',
});

/** Both servers in containers, where a Docker engine answers that has or can pull the images. */
export async function infrastructureInContainers(
  options: InfrastructureOptions & { readonly say: Say },
): Promise<Infrastructure> {
  const { say, ports = {} } = options;
  if (!(await answers('docker', ['version', '--format', '{{.Server.Version}}'])))
    throw new Error('no Docker engine answers');
  const { GenericContainer, Wait } = await import('testcontainers');
  const { mongo: mongoImage, kafka: kafkaImage } = images(process.env);
  const [mongoPort, kafkaPort] = [await takePort(ports.mongo), await takePort(ports.kafka)];

  const mongo = new GenericContainer(mongoImage)
    .withCommand(['--replSet', 'rs0', '--bind_ip_all', '--port', String(mongoPort), '--wiredTigerCacheSizeGB', '0.25'])
    .withExposedPorts({ container: mongoPort, host: mongoPort })
    .withWaitStrategy(Wait.forLogMessage(/Waiting for connections/i))
    .withStartupTimeout(120_000);
  const kafka = new GenericContainer(kafkaImage)
    .withEnvironment(kafkaEnvironment(kafkaPort))
    .withExposedPorts({ container: kafkaPort, host: kafkaPort })
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(120_000);

  const starting = Promise.allSettled([mongo.start(), kafka.start()]);
  const [runningMongo, runningKafka] = await withProgress(say, 'starting MongoDB and Kafka in containers', starting);
  const stopAll = async (): Promise<void> => {
    if (runningMongo.status === 'fulfilled') await runningMongo.value.stop();
    if (runningKafka.status === 'fulfilled') await runningKafka.value.stop();
  };
  for (const [image, result] of [
    [mongoImage, runningMongo],
    [kafkaImage, runningKafka],
  ] as const) {
    if (result.status === 'fulfilled') continue;
    await stopAll();
    throw new Error(`the image ${image} cannot be started: ${String(result.reason).split('\n')[0]}`);
  }
  await initiate(mongoPort);
  const control = (of: typeof runningMongo) => {
    const container = (of as PromiseFulfilledResult<Awaited<ReturnType<typeof mongo.start>>>).value;
    return {
      // Paused rather than removed: the container's data and port stay.
      stop: () => dockerDo('stop', container.getId()),
      kill: () => dockerDo('kill', container.getId()),
      start: () => dockerDo('start', container.getId()),
    };
  };
  return {
    origin: 'containers',
    mongoUrl: `mongodb://127.0.0.1:${mongoPort}/?replicaSet=rs0`,
    brokers: [`127.0.0.1:${kafkaPort}`],
    mongo: { ...control(runningMongo), stepDown: () => stepDown(mongoPort) },
    kafka: control(runningKafka),
    pids: {},
    stop: stopAll,
  };
}

async function dockerDo(what: string, id: string): Promise<void> {
  if (!(await answers('docker', [what, id]))) throw new Error(`docker ${what} failed`);
}

async function initiate(port: number): Promise<void> {
  const connection = createConnection(`mongodb://127.0.0.1:${port}/admin?directConnection=true`);
  try {
    await connection.asPromise();
    const admin = connection.getClient().db('admin');
    const member = { _id: 0, host: `127.0.0.1:${port}` };
    await admin.command({ replSetInitiate: { _id: 'rs0', members: [member] } });
    while ((await admin.command({ hello: 1 }))['isWritablePrimary'] !== true) await pause(50);
  } finally {
    await connection.close();
  }
}

async function stepDown(port: number): Promise<void> {
  const connection = createConnection(`mongodb://127.0.0.1:${port}/admin?directConnection=true`);
  try {
    await connection.asPromise();
    await connection
      .getClient()
      .db('admin')
      .command({ replSetStepDown: 3, force: true })
      .catch(() => undefined);
  } finally {
    await connection.close();
  }
}

const kafkaEnvironment = (port: number): Record<string, string> => ({
  CLUSTER_ID: 'MkU3OEVBNTcwNTJENDM2Qk',
  KAFKA_NODE_ID: '1',
  KAFKA_PROCESS_ROLES: 'broker,controller',
  KAFKA_LISTENERS: `PLAINTEXT://:${port},CONTROLLER://:9093`,
  KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
  KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
  KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '1',
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
  KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE: 'false',
  KAFKA_MESSAGE_MAX_BYTES: '8388608',
});

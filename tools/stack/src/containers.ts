import { createHash, randomUUID } from 'node:crypto';
import { becomePrimary, isBrokerUsable, REPLICA_SET, stepDown } from './answering.js';
import { answers, execute, firstLine } from './cache.js';
import { guard } from './guard.js';
import { CLUSTER_ID, kafkaSettings } from './kafka-settings.js';
import { type Say, withProgress } from './log.js';
import { takePort } from './ports.js';
import { pause, type Patience } from './process.js';
import type { Infrastructure, InfrastructureOptions, Server } from './servers.js';

/** Public images; a local image of the same name is used as it is. The tag decides how it is driven: keep it numeric. */
const images = (env: NodeJS.ProcessEnv) => ({
  mongo: env['MONGO_IMAGE'] ?? 'mongo:8.0',
  kafka: env['KAFKA_IMAGE'] ?? 'apache/kafka:4.1.0',
});

/** Both servers in containers, where a Docker engine answers that has or can pull the images. */
export async function infrastructureInContainers(
  options: InfrastructureOptions & { readonly say: Say },
): Promise<Infrastructure> {
  const { say, ports = {}, keep = false, signal } = options;
  await fetchImages(say);
  const [mongoPort, kafkaPort] = [await takePort(ports.mongo), await takePort(ports.kafka)];
  const { mongo: mongoImage, kafka: kafkaImage } = images(process.env);
  const volumes = volumesOf(options);
  const mongo = createContainer({
    image: mongoImage,
    port: mongoPort,
    command: [
      '--replSet',
      REPLICA_SET,
      '--bind_ip_all',
      '--port',
      String(mongoPort),
      '--wiredTigerCacheSizeGB',
      '0.25',
    ],
    volume: [volumes.mongo, '/data/db'],
    keep,
    isUsable: () => becomePrimary(mongoPort),
  });
  const kafka = createContainer({
    image: kafkaImage,
    port: kafkaPort,
    environment: kafkaEnvironment(kafkaPort),
    volume: [volumes.kafka, KAFKA_DATA],
    keep,
    isUsable: () => isBrokerUsable(kafkaPort),
  });
  const stop = async (): Promise<void> => {
    await Promise.all([mongo.remove(), kafka.remove()]);
    if (!keep) await execute('docker', ['volume', 'rm', '-f', volumes.mongo, volumes.kafka]);
  };
  const starting = Promise.allSettled([mongo.create({ signal }), kafka.create({ signal })]);
  const results = await withProgress(say, 'starting MongoDB and Kafka in containers', starting);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    origin: 'containers',
    mongoUrl: `mongodb://127.0.0.1:${mongoPort}/?replicaSet=${REPLICA_SET}`,
    brokers: [`127.0.0.1:${kafkaPort}`],
    mongo: { ...mongo.server, stepDown: () => stepDown(mongoPort) },
    kafka: kafka.server,
    pids: {},
    stop,
  };
}

/** Pulls the images that are not there. Throws when no engine answers or one cannot be had. */
export async function fetchImages(say: Say): Promise<true> {
  if (!(await answers('docker', ['version', '--format', '{{.Server.Version}}'])))
    throw new Error('no Docker engine answers');
  for (const image of Object.values(images(process.env))) {
    if (await answers('docker', ['image', 'inspect', image])) continue;
    await withProgress(say, `pulling the image ${image}`, execute('docker', ['pull', '--quiet', image])).catch(
      (error: unknown) => {
        throw new Error(`the image ${image} cannot be pulled: ${firstLine(error)}`);
      },
    );
  }
  return true;
}

interface ContainerPlan {
  readonly image: string;
  /** The same inside and outside, since servers tell their clients where they are. */
  readonly port: number;
  readonly command?: string[];
  readonly environment?: Record<string, string>;
  readonly volume: readonly [name: string, target: string];
  readonly keep: boolean;
  readonly isUsable: () => Promise<boolean>;
}

function createContainer(plan: ContainerPlan) {
  const { image, port, command, environment = {}, volume, keep, isUsable } = plan;
  const [source, target] = volume;
  const name = `switchboard-${randomUUID()}`;
  let release: () => void = () => undefined;
  let remove: () => Promise<unknown> = () => Promise.resolve();

  async function usable({ timeoutMs = 60_000, signal }: Patience = {}): Promise<void> {
    const until = Date.now() + timeoutMs;
    while (!(await isUsable().catch(() => false))) {
      if (signal?.aborted) throw new Error(`${image} was not waited for: it is to stop`);
      if (Date.now() > until) throw new Error(`the image ${image} was not ready in ${timeoutMs / 1000} s`);
      await pause(100);
    }
  }
  const server: Server = {
    stop: () => dockerDo('stop', name),
    kill: () => dockerDo('kill', name),
    async start() {
      await dockerDo('start', name);
      await usable();
    },
  };
  return {
    server,
    async create(patience: Patience): Promise<void> {
      // Our guard removes what a killed run leaves; the library's own is one more image to pull. And where this process
      // is in a container itself, the library would pull another one to find out how to reach its neighbours.
      process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
      process.env['TESTCONTAINERS_HOST_OVERRIDE'] ??= '127.0.0.1';
      const { GenericContainer, Wait } = await import('testcontainers');
      const container = new GenericContainer(image)
        .withName(name)
        .withEnvironment(environment)
        .withExposedPorts({ container: port, host: port })
        .withBindMounts([{ source, target }])
        // Both name themselves ready before they are; what counts is asked below.
        .withWaitStrategy(Wait.forListeningPorts())
        .withStartupTimeout(120_000);
      if (command) container.withCommand(command);
      release = guard('docker rm -f "$1"; [ -z "$2" ] || docker volume rm -f "$2"', name, keep ? '' : source);
      const started = await container.start();
      remove = () => started.stop({ timeout: 10_000 });
      await usable(patience);
    },
    async remove(): Promise<void> {
      await remove();
      release();
    },
  };
}

async function dockerDo(what: string, name: string): Promise<void> {
  await execute('docker', [what, name]).catch((error: unknown) => {
    throw new Error(`docker ${what}: ${firstLine(error)}`);
  });
}

/** Named for the folder, so that a kept one finds its data again. */
function volumesOf({ directory }: InfrastructureOptions): { readonly mongo: string; readonly kafka: string } {
  const id = createHash('sha256').update(directory).digest('hex').slice(0, 12);
  return { mongo: `switchboard-mongo-${id}`, kafka: `switchboard-kafka-${id}` };
}

const KAFKA_DATA = '/var/lib/kafka/data';

/** Images of Kafka take their settings as `KAFKA_NODE_ID` and so on. */
function kafkaEnvironment(port: number): Record<string, string> {
  const settings = kafkaSettings({ port, controllerPort: 9093, host: '', data: KAFKA_DATA });
  const environment: Record<string, string> = { CLUSTER_ID };
  for (const [name, value] of Object.entries(settings)) {
    environment[`KAFKA_${name.toUpperCase().replaceAll('.', '_')}`] = value;
  }
  return environment;
}

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { eventually, freePort, temporaryFolder } from '@switchboard/testing';

/** A Kafka of one test's own, that may be killed. */
export interface Broker {
  readonly address: string;
  readonly start: () => Promise<void>;
  /** SIGKILL. What it wrote is there when it starts again. */
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const run = promisify(execFile);
/** The run of the suites names a Java where the machine has none. */
const JAVA = process.env['KAFKA_JAVA'] ?? 'java';
const JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx256m'];
const CLUSTER_ID = 'MkU3OEVBNTcwNTJENDM2Qk';

export async function createBroker(): Promise<Broker> {
  const [broker] = await createCluster(1);
  if (!broker) throw new TypeError('a cluster of none');
  return broker;
}

/** Brokers that are controllers too; more than half of them must be up. */
export async function createCluster(size: number): Promise<Broker[]> {
  const libs = await libraries();
  const ports: Ports[] = [];
  for (let node = 0; node < size; node += 1) ports.push({ client: await freePort(), controller: await freePort() });
  return Promise.all(ports.map((_, node) => createNode(libs, ports, node)));
}

interface Ports {
  readonly client: number;
  readonly controller: number;
}

async function createNode(libs: string, ports: readonly Ports[], node: number): Promise<Broker> {
  const folder = temporaryFolder('kafka');
  const properties = join(folder.path, 'server.properties');
  await writeFile(properties, configuration(ports, node, join(folder.path, 'data')));
  const java = [...JVM, '-cp', `${libs}/*`];
  await run(JAVA, [...java, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', properties]);
  const port = ports[node]?.client ?? 0;
  let server: ChildProcess | undefined;
  // A broker does not end with its parent.
  process.once('exit', () => server?.kill('SIGKILL'));

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(signal);
    await exited;
  }

  return {
    address: `127.0.0.1:${port}`,
    async start() {
      server = spawn(JAVA, [...java, 'kafka.Kafka', properties], { stdio: 'ignore' });
      await eventually(() => listening(port), { timeoutMs: 60_000 });
    },
    kill: () => end('SIGKILL'),
    async stop() {
      // Brokers that end together would each wait minutes for a controller that is gone too; nothing is kept anyway.
      await end('SIGKILL');
      folder.remove();
    },
  };
}

async function listening(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

/** The broker's jars: given, or fetched once into the repository's cache. */
async function libraries(): Promise<string> {
  const given = process.env['KAFKA_LIBS'];
  if (given !== undefined) return given;
  const cache = resolve('.switchboard/cache');
  const libs = join(cache, 'kafka-4.4.0');
  const isThere = await access(libs).then(
    () => true,
    () => false,
  );
  if (isThere) return libs;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'kafka-'));
  const pom = join(draft, 'pom.xml');
  await writeFile(pom, POM);
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  await run('mvn', ['-q', '-B', '-f', pom, goal, '-DincludeScope=runtime', `-DoutputDirectory=${draft}/libs`]);
  await rename(join(draft, 'libs'), libs);
  await rm(draft, { recursive: true });
  return libs;
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>switchboard</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.4.0</version></dependency>
  </dependencies>
</project>`;

const configuration = (ports: readonly Ports[], node: number, data: string) => `
process.roles=broker,controller
node.id=${node + 1}
controller.quorum.voters=${ports.map(({ controller }, index) => `${index + 1}@127.0.0.1:${controller}`).join(',')}
listeners=PLAINTEXT://127.0.0.1:${ports[node]?.client ?? 0},CONTROLLER://127.0.0.1:${ports[node]?.controller ?? 0}
advertised.listeners=PLAINTEXT://127.0.0.1:${ports[node]?.client ?? 0}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${data}
auto.create.topics.enable=false
offsets.topic.replication.factor=${ports.length}
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=${ports.length}
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=${ports.length}
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=16777216
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
log.retention.check.interval.ms=500
log.cleaner.backoff.ms=200
log.initial.task.delay.ms=500
`;

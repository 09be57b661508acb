import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** A Kafka of one test's own, that may be killed. */
export interface Broker {
  readonly address: string;
  readonly start: () => Promise<void>;
  /** SIGKILL. What it wrote is there when it starts again. */
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const run = promisify(execFile);
const CLUSTER_ID = 'MkU3OEVBNTcwNTJENDM2Qk';
const JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx256m'];

export async function createBroker(): Promise<Broker> {
  const libs = await libraries();
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-kafka-'));
  const [port, controllerPort] = [await freePort(), await freePort()];
  const properties = join(folder, 'server.properties');
  await writeFile(properties, configuration(port, controllerPort, join(folder, 'data')));
  const java = [...JVM, '-cp', `${libs}/*`];
  await run('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', properties]);
  let process: ChildProcess | undefined;

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (process?.exitCode !== null || process.signalCode !== null) return;
    const exited = once(process, 'exit');
    process.kill(signal);
    await exited;
  }

  return {
    address: `127.0.0.1:${port}`,
    async start() {
      process = spawn('java', [...java, 'kafka.Kafka', properties], { stdio: 'ignore' });
      await listening(port);
    },
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The broker's jars: given, or fetched once into the repository's cache. */
async function libraries(): Promise<string> {
  const given = process.env['KAFKA_LIBS'];
  if (given !== undefined) return given;
  const cache = resolve('.switchboard/cache');
  const libs = join(cache, 'kafka-4.4.0');
  if (
    await access(libs).then(
      () => true,
      () => false,
    )
  )
    return libs;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'kafka-'));
  await writeFile(join(draft, 'pom.xml'), POM);
  await run('mvn', [
    '-q',
    '-B',
    '-f',
    join(draft, 'pom.xml'),
    'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${draft}/libs`,
  ]);
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

const configuration = (port: number, controllerPort: number, data: string) => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=16777216
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
log.retention.check.interval.ms=500
log.cleaner.backoff.ms=200
log.initial.task.delay.ms=500
`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return address.port;
}

async function listening(port: number): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until; await new Promise((later) => setTimeout(later, 100))) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((answer) => {
      socket
        .once('connect', () => {
          answer(true);
        })
        .once('error', () => {
          answer(false);
        });
    });
    socket.destroy();
    if (isOpen) return;
  }
  throw new Error('the broker did not start');
}

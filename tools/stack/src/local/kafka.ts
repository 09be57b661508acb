import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { cacheFolder, execute, installed } from '../cache.js';
import type { Server } from '../servers.js';
import { type Program, type RunningProgram, startProgram, untilReady } from '../process.js';
import { java } from './java.js';
import { kafkaJars } from './kafka-jars.js';

const CLUSTER_ID = 'MkU3OEVBNTcwNTJENDM2Qk';
/** The serial collector and the quick compiler start a small broker soonest. */
const JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
const QUIET_ARCHIVE = ['-Xlog:cds=off', '-Xlog:cds+dynamic=off'];

export interface LocalKafka extends Server {
  readonly broker: string;
  readonly pid: () => number;
}

/** A broker in KRaft mode on a folder. A kept folder may come back on other ports. */
export async function localKafka(directory: string, port: number, controllerPort: number): Promise<LocalKafka> {
  const [runtime, jars] = await Promise.all([java(), kafkaJars()]);
  const classPath = ['-cp', join(jars, '*')];
  const data = join(directory, 'kafka');
  const properties = join(directory, 'kafka.properties');
  await mkdir(directory, { recursive: true });
  await writeFile(properties, settings(port, controllerPort, data));
  if (!existsSync(data)) await cp(await formatted(runtime.command, classPath), data, { recursive: true });

  const logging = join(directory, 'log4j2.properties');
  await writeFile(logging, LOGGING);
  const archive = join(cacheFolder(), `kafka-classes-${runtime.version}.jsa`);
  const draft = `${archive}.${process.pid}.${port}`;
  let running: RunningProgram | undefined;

  /** With a class archive the broker is there in half the time; the first clean stop writes one. */
  const program = (): Program => ({
    name: 'Kafka',
    command: runtime.command,
    args: [
      ...[...JVM, '-Xms64m', '-Xmx320m', '-XX:MaxDirectMemorySize=96m', ...QUIET_ARCHIVE],
      existsSync(archive) ? `-XX:SharedArchiveFile=${archive}` : `-XX:ArchiveClassesAtExit=${draft}`,
      ...[`-Dlog4j2.configurationFile=${logging}`, ...classPath, 'kafka.Kafka', properties],
    ],
    logFile: join(directory, 'logs', 'kafka.log'),
  });

  async function start(): Promise<void> {
    const about = program();
    running = startProgram(about);
    await untilReady(running, about, () => isUsable(port));
  }
  await start();
  return {
    broker: `127.0.0.1:${port}`,
    pid: () => running?.pid ?? 0,
    start,
    kill: async () => {
      await running?.kill();
      await rm(draft, { force: true });
    },
    stop: async () => {
      await running?.stop();
      if (existsSync(draft)) await rename(draft, archive);
    },
  };
}

/** A formatted folder, made once: ports are not in it. */
async function formatted(command: string, classPath: string[]): Promise<string> {
  const folder = await installed('kafka-formatted-4.4.0', async (target) => {
    const file = join(target, 'format.properties');
    await writeFile(file, settings(9092, 9093, join(target, 'data')));
    await execute(command, [
      ...JVM,
      '-Xmx128m',
      ...classPath,
      'kafka.tools.StorageTool',
      'format',
      '-t',
      CLUSTER_ID,
      '-c',
      file,
    ]);
  });
  return join(folder, 'data');
}

/** Listening is not yet ready: an admin client must get an answer. */
async function isUsable(port: number): Promise<boolean> {
  const admin = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return brokers.length > 0;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

const settings = (port: number, controllerPort: number, data: string): string => `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${data}
auto.create.topics.enable=false
unclean.leader.election.enable=false
min.insync.replicas=1
message.max.bytes=8388608
replica.fetch.max.bytes=8388608
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
`;

const LOGGING = `rootLogger.level=WARN
rootLogger.appenderRef.console.ref=console
appender.console.name=console
appender.console.type=Console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %c{1} %m%n
`;

import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isBrokerUsable } from '../answering.js';
import { cacheFolder, execute, installed } from '../cache.js';
import { CLUSTER_ID, kafkaSettings } from '../kafka-settings.js';
import { type Patience, type Program, type RunningProgram, startUntilReady } from '../process.js';
import type { Server } from '../servers.js';
import { java } from './java.js';
import { kafkaJars } from './kafka-jars.js';

/** The serial collector and the quick compiler start a small broker soonest. */
const JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
const MEMORY = ['-Xms64m', '-Xmx320m', '-XX:MaxDirectMemorySize=96m'];
const QUIET_ARCHIVE = ['-Xlog:cds=off', '-Xlog:cds+dynamic=off'];

export interface LocalKafka extends Server {
  readonly broker: string;
  readonly pid: () => number;
}

/** A broker in KRaft mode on a folder. A kept folder may come back on other ports. */
export async function localKafka(
  directory: string,
  port: number,
  controllerPort: number,
  { scratch, signal }: { readonly scratch?: string; readonly signal?: AbortSignal | undefined } = {},
): Promise<LocalKafka> {
  const [runtime, jars] = await Promise.all([java(), kafkaJars()]);
  const classPath = ['-cp', join(jars, '*')];
  const data = join(directory, 'kafka');
  const properties = join(directory, 'kafka.properties');
  await mkdir(directory, { recursive: true });
  await writeFile(properties, settings(port, controllerPort, data));
  if (!existsSync(data)) {
    // Whole or not at all: a start that was interrupted here must not leave half a folder for the next one.
    await cp(await formatted(runtime.command, classPath), `${data}.new`, { recursive: true, force: true });
    await rename(`${data}.new`, data);
  }
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
      ...[...JVM, ...MEMORY, ...QUIET_ARCHIVE],
      existsSync(archive) ? `-XX:SharedArchiveFile=${archive}` : `-XX:ArchiveClassesAtExit=${draft}`,
      ...[`-Dlog4j2.configurationFile=${logging}`, ...classPath, 'kafka.Kafka', properties],
    ],
    logFile: join(directory, 'logs', 'kafka.log'),
    ...(scratch !== undefined && { scratch }),
  });

  async function start(patience: Patience = {}): Promise<void> {
    if (running?.isRunning()) return;
    running = await startUntilReady(program(), () => isBrokerUsable(port), patience);
  }
  await start({ signal });
  return {
    broker: `127.0.0.1:${port}`,
    pid: () => (running?.isRunning() ? running.pid : 0),
    start: () => start(),
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
    const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', file];
    await execute(command, [...JVM, '-Xmx128m', ...classPath, ...format]);
  });
  return join(folder, 'data');
}

const settings = (port: number, controllerPort: number, data: string): string =>
  Object.entries(kafkaSettings({ port, controllerPort, data, host: '127.0.0.1' }))
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

const LOGGING = `rootLogger.level=WARN
rootLogger.appenderRef.console.ref=console
appender.console.name=console
appender.console.type=Console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %c{1} %m%n
`;

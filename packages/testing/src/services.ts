import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from './eventually.js';
import { freePort } from './files.js';

/** Where the servers of integration tests are; whoever runs the tests gives the addresses. */
export const servers = {
  mongoUrl: process.env['MONGO_URL'] ?? '',
  brokers: process.env['KAFKA_BROKERS'] ?? '',
};

/** Of every topic in tests. */
export const PARTITIONS = 12;

/** The key of tokens in tests. */
export const jwtSecret = 'a-secret-of-thirty-two-characters-or-more';

/** A service as it is deployed, in a process of its own; it is ready. */
export interface ServiceProcess {
  /** host:port */
  readonly grpc: string;
  readonly http: string;
  readonly admin: string;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<unknown>;
  /** At once, as by the kernel. Resolves when it has ended, also where it had. */
  readonly kill: () => Promise<void>;
  /** As Kubernetes asks for it. */
  readonly stop: () => Promise<void>;
}

export interface ServiceProcesses {
  /** One more process; rejects where it is not ready within 90 s. */
  readonly start: (more?: Readonly<Record<string, string>>) => Promise<ServiceProcess>;
  /** Stops those that run. */
  readonly stop: () => Promise<void>;
}

/** Where a process of a service listens, and the settings that every service has. */
export interface Place {
  readonly ports: { readonly admin: number; readonly grpc: number; readonly http: number };
  readonly env: Readonly<Record<string, string>>;
}

/** A place of its own for one more process, on these servers. */
export async function placeOf(
  instance: string,
  { mongoUrl, brokers, database }: { readonly mongoUrl: string; readonly brokers: string; readonly database: string },
): Promise<Place> {
  const ports = { admin: await freePort(), grpc: await freePort(), http: await freePort() };
  const env = {
    LOG_LEVEL: 'warn',
    INSTANCE: instance,
    ADMIN_PORT: String(ports.admin),
    GRPC_PORT: String(ports.grpc),
    HTTP_PORT: String(ports.http),
    KAFKA_BROKERS: brokers,
    KAFKA_PARTITIONS: String(PARTITIONS),
    MONGO_URL: mongoUrl,
    MONGO_DATABASE: database,
    JWT_SECRET: jwtSecret,
  };
  return { ports, env };
}

/** Resolves when the process there is ready; rejects when it is not within 90 s. */
export const untilReady = ({ ports }: Place): Promise<void> =>
  eventually(
    async () => {
      const { status } = await fetch(`http://127.0.0.1:${ports.admin}/ready`);
      if (status !== 200) throw new Error(`not ready: ${status}`);
    },
    { timeoutMs: 90_000, everyMs: 100 },
  );

/**
 * Processes of a service on the servers of the tests and one database. What they log is seen where the environment has
 * `<SERVICE>_LOG`.
 *
 * @param main path of the program.
 * @param env settings beside those that every service has.
 */
export function serviceProcesses(
  service: string,
  { main, database, env = {} }: { main: string; database: string; env?: Readonly<Record<string, string>> },
): ServiceProcesses {
  const running = new Set<ServiceProcess>();
  let made = 0;

  async function start(more: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const place = await placeOf(`${service}-${(made += 1)}`, { ...servers, database });
    const { admin, grpc, http } = place.ports;
    const isSeen = process.env[`${service.toUpperCase()}_LOG`] !== undefined;
    const child = spawn(process.execPath, [main], {
      stdio: ['ignore', isSeen ? 'inherit' : 'ignore', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        NODE_OPTIONS: '--disable-warning=TimeoutNegativeWarning',
        ...place.env,
        ...env,
        ...more,
      },
    });
    const ended = once(child, 'exit');
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      running.delete(started);
      child.kill(signal);
      await ended;
    };
    const started: ServiceProcess = {
      grpc: `127.0.0.1:${grpc}`,
      http: `http://127.0.0.1:${http}`,
      admin: `http://127.0.0.1:${admin}`,
      ended,
      kill: () => end('SIGKILL'),
      stop: () => end('SIGTERM'),
    };
    running.add(started);
    await untilReady(place);
    return started;
  }

  return {
    start,
    async stop() {
      await Promise.all([...running].map((each) => each.stop()));
    },
  };
}

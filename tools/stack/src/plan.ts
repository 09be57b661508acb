import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Infrastructure } from './servers.js';
import { takePort } from './ports.js';

/** What a run of the whole needs to know before anything starts: secrets, ports, addresses. */
export interface Secrets {
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly jwtSecret: string;
  readonly tokenKey: string;
}

export const newSecrets = (): Secrets => ({
  appSecret: randomBytes(16).toString('hex'),
  verifyToken: randomBytes(12).toString('hex'),
  jwtSecret: randomBytes(24).toString('hex'),
  tokenKey: `stack:${randomBytes(32).toString('base64')}`,
});

export const serviceNames = ['account', 'ingress', 'routing', 'egress', 'timer', 'billing', 'template'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** A process of this run: one instance of a service, or the simulator. */
export interface PlannedProcess {
  /** `routing`, or `routing-1`, `routing-2` where there are several. */
  readonly name: string;
  readonly service: ServiceName | 'meta-simulator';
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  readonly readyUrl: string;
  readonly ports: { readonly admin: number; readonly grpc: number; readonly http: number };
}

export interface PlanOptions {
  readonly root: string;
  readonly infrastructure: Infrastructure;
  readonly secrets: Secrets;
  /** How many processes of a service; 1 where it is not named. */
  readonly instances?: Partial<Record<ServiceName, number>>;
  /** Settings laid over those of every service. */
  readonly env?: Readonly<Record<string, string>>;
  /** Settings of the simulator, laid over. */
  readonly simulatorEnv?: Readonly<Record<string, string>>;
  /** Kept apart from other runs on the same servers. */
  readonly databasePrefix?: string;
  readonly partitions?: number;
  /** Ports to prefer, so that addresses stay the same between runs. */
  readonly firstPort?: number;
}

export interface DemoNumber {
  readonly phoneNumberId: string;
  readonly wabaId: string;
  readonly display: string;
}

export const demoNumber: DemoNumber = {
  phoneNumberId: '341280095512345',
  wabaId: '215589313241560',
  display: '15550140077',
};

/** Processes in the order they start. */
export async function planProcesses(options: PlanOptions): Promise<PlannedProcess[]> {
  const { root, infrastructure, secrets, instances = {}, databasePrefix = '', partitions = 12 } = options;
  let wanted = options.firstPort;
  const port = async (): Promise<number> => {
    const taken = await takePort(wanted);
    if (wanted !== undefined) wanted += 1;
    return taken;
  };
  const drafts: { name: string; service: ServiceName; ports: { admin: number; grpc: number; http: number } }[] = [];
  for (const service of serviceNames) {
    const count = instances[service] ?? 1;
    for (let index = 1; index <= count; index += 1) {
      const name = count === 1 ? service : `${service}-${index}`;
      const http = service === 'ingress' || service === 'egress' ? await port() : 0;
      drafts.push({ name, service, ports: { admin: await port(), grpc: await port(), http } });
    }
  }
  const simulator = await port();
  const addresses = (of: ServiceName): string =>
    drafts
      .filter(({ service }) => service === of)
      .map(({ ports }) => `127.0.0.1:${ports.grpc}`)
      .join(',');
  const database = (service: string): string => {
    const url = new URL(infrastructure.mongoUrl);
    url.pathname = `/${databasePrefix}${service}`;
    return url.toString();
  };
  const common = {
    LOG_LEVEL: 'info',
    // As in the image.
    MALLOC_ARENA_MAX: '2',
    MALLOC_MMAP_THRESHOLD_: '131072',
    MALLOC_TRIM_THRESHOLD_: '131072',
    KAFKA_BROKERS: infrastructure.brokers.join(','),
    KAFKA_PARTITIONS: String(partitions),
    KAFKA_REPLICATION: '1',
    JWT_SECRET: secrets.jwtSecret,
    META_APP_SECRETS: secrets.appSecret,
    META_VERIFY_TOKEN: secrets.verifyToken,
    TOKEN_ENCRYPTION_KEY: secrets.tokenKey,
    GRAPH_URL: `http://127.0.0.1:${simulator}`,
    GRAPH_VERSION: 'v25.0',
    ACCOUNT_GRPC: addresses('account'),
    ROUTING_GRPC: addresses('routing'),
    EGRESS_GRPC: addresses('egress'),
    TEMPLATE_GRPC: addresses('template'),
    BILLING_GRPC: addresses('billing'),
    // The example bot of the scene is on this machine.
    BOT_WEBHOOKS_PRIVATE: 'true',
    // One more owner, to try the service with.
    TIMER_OWNERS: 'demo',
    ...options.env,
  };
  const files = drafts.find(({ service }) => service === 'egress')?.ports.http ?? 0;
  const filesUrl = `http://127.0.0.1:${files}`;
  const services = drafts.map(({ name, service, ports }): PlannedProcess => ({
    name,
    service,
    ports,
    script: join(root, 'services', service, 'dist', 'main.js'),
    readyUrl: `http://127.0.0.1:${ports.admin}/ready`,
    env: {
      ...common,
      INSTANCE: name,
      ADMIN_PORT: String(ports.admin),
      GRPC_PORT: String(ports.grpc),
      ...(ports.http > 0 && { HTTP_PORT: String(ports.http) }),
      ...(service === 'egress' && { FILES_URL: filesUrl }),
      MONGO_URL: database(service),
    },
  }));
  const webhook = drafts.find(({ service }) => service === 'ingress')?.ports.http ?? 0;
  const { phoneNumberId, wabaId, display } = demoNumber;
  return [
    ...services,
    {
      name: 'meta-simulator',
      service: 'meta-simulator',
      ports: { admin: simulator, grpc: 0, http: simulator },
      script: join(root, 'tools', 'meta-simulator', 'dist', 'main.js'),
      readyUrl: `http://127.0.0.1:${simulator}/ready`,
      env: {
        PORT: String(simulator),
        WEBHOOK_URL: `http://127.0.0.1:${webhook}/webhook`,
        APP_SECRET: secrets.appSecret,
        VERIFY_TOKEN: secrets.verifyToken,
        NUMBERS: `${phoneNumberId}:${wabaId}:${display}:Demo`,
        ...options.simulatorEnv,
      },
    },
  ];
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { BillingServiceService } from '@switchboard/contracts/billing/v1/billing_service';
import { PricingServiceService } from '@switchboard/contracts/billing/v1/pricing_service';
import { billingNumbers, timerFired, topics } from '@switchboard/contracts/topics';
import { grpcClient, signToken } from '@switchboard/grpc';
import {
  connectKafka,
  createProducer,
  createTable,
  ensureTopics,
  eventRecord,
  type OutgoingRecord,
  topicSpec,
} from '@switchboard/kafka';
import { connectMongo } from '@switchboard/mongo';
import { eventually, freePort } from '@switchboard/testing';
import { servers } from './servers.js';

const SECRET = 'a-secret-of-thirty-two-characters-or-more';
const main = join(dirname(require.resolve('@switchboard/billing/main')), 'main.js');

export type BillingProcess = Awaited<ReturnType<Awaited<ReturnType<typeof startInstallation>>['startProcess']>>;

/** Processes of billing on real Kafka and MongoDB. */
export async function startInstallation(name: string, env: Readonly<Record<string, string>> = {}) {
  const database = `billing-${name}-${process.pid}`;
  const kafka = connectKafka({ brokers: servers.brokers.split(','), clientId: 'billing-test' });
  await ensureTopics(
    kafka,
    topics.map((topic) => topicSpec(topic, { partitions: 12, replication: 1 })),
  );
  const producer = createProducer(kafka, { patience: 'retry' });
  const mongo = connectMongo(servers.mongoUrl, { database });
  const numbers = createTable(kafka, { topic: billingNumbers, version: ({ revision }) => revision });
  await Promise.all([producer.start(), mongo.start(), numbers.start()]);
  const ends = new Set<() => Promise<void>>();
  let made = 0;

  async function startProcess() {
    const [grpcPort, adminPort, httpPort] = [await freePort(), await freePort(), await freePort()];
    const child: ChildProcess = spawn(process.execPath, [main], {
      stdio: ['ignore', process.env['BILLING_LOG'] === undefined ? 'ignore' : 'inherit', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        NODE_OPTIONS: '--disable-warning=TimeoutNegativeWarning',
        LOG_LEVEL: 'warn',
        INSTANCE: `billing-${(made += 1)}`,
        ADMIN_PORT: String(adminPort),
        GRPC_PORT: String(grpcPort),
        KAFKA_BROKERS: servers.brokers,
        KAFKA_PARTITIONS: '12',
        MONGO_URL: servers.mongoUrl,
        MONGO_DATABASE: database,
        JWT_SECRET: SECRET,
        HTTP_PORT: String(httpPort),
        ...env,
      },
    });
    const address = `127.0.0.1:${grpcPort}`;
    const clients: { close: () => void }[] = [];
    const as = async (subject: string, organisationId?: string, scope = 'billing.*') => {
      const token = await signToken(SECRET, {
        subject,
        scope,
        ttlSeconds: 600,
        ...(organisationId && { organisationId }),
      });
      const billing = grpcClient(BillingServiceService, address, { token, deadlineMs: 20_000 });
      const pricing = grpcClient(PricingServiceService, address, { token, deadlineMs: 20_000 });
      clients.push(billing, pricing);
      return { billing, pricing };
    };
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      for (const client of clients.splice(0)) client.close();
      if (!ends.delete(stop)) return;
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    };
    const stop = (): Promise<void> => end('SIGTERM');
    ends.add(stop);
    await eventually(
      async () => {
        const { status } = await fetch(`http://127.0.0.1:${adminPort}/ready`);
        if (status !== 200) throw new Error(`not ready: ${status}`);
      },
      { timeoutMs: 60_000, everyMs: 100 },
    );
    return { as, stop, kill: () => end('SIGKILL'), http: `http://127.0.0.1:${httpPort}` };
  }

  return {
    connection: mongo.connection,
    startProcess,
    /** What is told of numbers. */
    numbers,
    say: (record: OutgoingRecord) => producer.send([record]),
    /** As the timer service says it. */
    fire: (walletId: string, day: string, version: number) => {
      const timerKey = `${walletId}:holds:${day}`;
      const about = { owner: 'billing', timerKey, version: BigInt(version) };
      const value = { ...about, dueAt: new Date(), payload: Buffer.from(day) };
      return producer.send([
        eventRecord(timerFired('billing'), value, { key: walletId, id: `${timerKey}:${version}`, time: new Date() }),
      ]);
    },
    async stop(): Promise<void> {
      for (const end of [...ends]) await end();
      await Promise.all([producer.stop(), numbers.stop()]);
      await mongo.stop();
    },
  };
}

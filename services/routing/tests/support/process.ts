import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { topics } from '@switchboard/contracts/topics';
import { type GrpcClient, grpcClient, signToken } from '@switchboard/grpc';
import { connectKafka, createProducer, ensureTopics, topicSpec } from '@switchboard/kafka';
import { connectMongo } from '@switchboard/mongo';
import { eventually, freePort } from '@switchboard/testing';
import { servers } from './servers.js';

const SECRET = 'a-secret-of-thirty-two-characters-or-more';
export const PARTITIONS = 12;
const main = join(dirname(require.resolve('@switchboard/routing/main')), 'main.js');

type Claims = Omit<Parameters<typeof signToken>[1], 'ttlSeconds'>;

/** Routing in a process of its own, with a database of its own, on real Kafka and MongoDB; and what tests reach them with. */
export function routingProcess(name: string) {
  const database = `routing-${name}-${process.pid}`;
  const kafka = connectKafka({ brokers: servers.brokers.split(','), clientId: `routing-${name}-test` });
  const producer = createProducer(kafka, { patience: 'retry' });
  const mongo = connectMongo(servers.mongoUrl, { database });
  const clients: GrpcClient<object>[] = [];
  let grpcPort = 0;

  async function run(): Promise<() => Promise<void>> {
    const adminPort = await freePort();
    grpcPort = await freePort();
    const child = spawn(process.execPath, [main], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        LOG_LEVEL: 'warn',
        INSTANCE: `routing-${name}`,
        ADMIN_PORT: String(adminPort),
        GRPC_PORT: String(grpcPort),
        KAFKA_BROKERS: servers.brokers,
        KAFKA_PARTITIONS: String(PARTITIONS),
        MONGO_URL: servers.mongoUrl,
        MONGO_DATABASE: database,
        JWT_SECRET: SECRET,
        EGRESS_GRPC: '127.0.0.1:1',
        ACCOUNT_GRPC: '127.0.0.1:1',
        TOKEN_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
      },
    });
    await eventually(
      async () => {
        expect((await fetch(`http://127.0.0.1:${adminPort}/ready`)).status).toBe(200);
      },
      { timeoutMs: 90_000, everyMs: 200 },
    );
    return async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    };
  }

  let end = (): Promise<void> => Promise.resolve();
  return {
    kafka,
    producer,
    connection: mongo.connection,
    async start(): Promise<void> {
      const layout = { partitions: PARTITIONS, replication: 1 };
      await ensureTopics(
        kafka,
        topics.map((topic) => topicSpec(topic, layout)),
      );
      await Promise.all([producer.start(), mongo.start()]);
      end = await run();
    },
    /** The process ends as it is asked to, and another takes its place. */
    async restart(): Promise<void> {
      await end();
      end = await run();
    },
    async client<S extends object>(service: S, claims: Claims): Promise<GrpcClient<S>> {
      const token = await signToken(SECRET, { ...claims, ttlSeconds: 300 });
      const client = grpcClient(service, `127.0.0.1:${grpcPort}`, { token });
      clients.push(client);
      return client;
    },
    async stop(): Promise<void> {
      for (const client of clients) client.close();
      await end();
      await mongo.connection.dropDatabase();
      await Promise.all([producer.stop(), mongo.stop()]);
    },
  };
}

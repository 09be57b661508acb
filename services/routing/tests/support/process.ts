import { dirname, join } from 'node:path';
import { topics } from '@switchboard/contracts/topics';
import { type GrpcClient, grpcClient, signToken } from '@switchboard/grpc';
import { connectKafka, createProducer, ensureTopics, topicSpec } from '@switchboard/kafka';
import { connectMongo } from '@switchboard/mongo';
import { jwtSecret, PARTITIONS, servers, serviceProcesses } from '@switchboard/testing';

const main = join(dirname(require.resolve('@switchboard/routing/main')), 'main.js');

type Claims = Omit<Parameters<typeof signToken>[1], 'ttlSeconds'>;

/** Routing in a process of its own, with a database of its own, on real Kafka and MongoDB; and what tests reach them with. */
export function routingProcess(name: string) {
  const database = `routing-${name}-${process.pid}`;
  const kafka = connectKafka({ brokers: servers.brokers.split(','), clientId: `routing-${name}-test` });
  const producer = createProducer(kafka, { patience: 'retry' });
  const mongo = connectMongo(servers.mongoUrl, { database });
  const clients: GrpcClient<object>[] = [];
  const processes = serviceProcesses('routing', {
    main,
    database,
    env: {
      EGRESS_GRPC: '127.0.0.1:1',
      ACCOUNT_GRPC: '127.0.0.1:1',
      TOKEN_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
    },
  });
  let grpc = '';

  async function run(): Promise<void> {
    ({ grpc } = await processes.start());
  }

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
      await run();
    },
    /** The process ends as it is asked to, and another takes its place. */
    async restart(): Promise<void> {
      await processes.stop();
      await run();
    },
    async client<S extends object>(service: S, claims: Claims): Promise<GrpcClient<S>> {
      const token = await signToken(jwtSecret, { ...claims, ttlSeconds: 300 });
      const client = grpcClient(service, grpc, { token });
      clients.push(client);
      return client;
    },
    async stop(): Promise<void> {
      for (const client of clients) client.close();
      await processes.stop();
      await mongo.connection.dropDatabase();
      await Promise.all([producer.stop(), mongo.stop()]);
    },
  };
}

import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { BrandState, NumberState, OperatorState } from '@switchboard/contracts/account/v1/events';
import { accountBrands, accountNumbers, accountOperators, topics } from '@switchboard/contracts/topics';
import { grpcClient, signToken } from '@switchboard/grpc';
import { connectKafka, createTail, ensureTopics, topicSpec } from '@switchboard/kafka';
import { connectMongo } from '@switchboard/mongo';
import { jwtSecret, PARTITIONS, servers, serviceProcesses } from '@switchboard/testing';
import { type Client } from './world.js';

const main = join(dirname(require.resolve('@switchboard/account/main')), 'main.js');

export const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

export interface AccountProcess {
  readonly client: Client;
  /** At once, as by the kernel. */
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Processes of account on real Kafka and MongoDB, and the ends of its compacted topics. */
export async function startInstallation(name: string) {
  const database = `account-${name}-${process.pid}`;
  const kafka = connectKafka({ brokers: servers.brokers.split(','), clientId: 'account-test' });
  await ensureTopics(
    kafka,
    topics.map((topic) => topicSpec(topic, { partitions: PARTITIONS, replication: 1 })),
  );
  const tail = createTail(kafka, {
    topics: [accountNumbers, accountBrands, accountOperators],
    select: ({ key, value }, topic) => (key !== null && value ? { key, value, topic } : undefined),
  });
  const mongo = connectMongo(servers.mongoUrl, { database });
  await Promise.all([tail.start(), mongo.start()]);

  /** What was told of each key, in the order of the log. */
  const numbers = new Map<string, NumberState[]>();
  const brands = new Map<string, BrandState[]>();
  const operators = new Map<string, OperatorState[]>();
  const put = <T>(into: Map<string, T[]>, key: string, value: T) => into.set(key, [...(into.get(key) ?? []), value]);
  const reading = new AbortController();
  const read = (async () => {
    for await (const each of tail.subscribe({ from: tail.cursor(), signal: reading.signal })) {
      if (each.kind !== 'item') continue;
      const { key, value, topic } = each.item;
      if (topic === accountNumbers.name) put(numbers, key, NumberState.decode(value));
      else if (topic === accountBrands.name) put(brands, key, BrandState.decode(value));
      else put(operators, key, OperatorState.decode(value));
    }
  })();

  const processes = serviceProcesses('account', { main, database });

  async function startProcess(keys: string): Promise<AccountProcess> {
    const { grpc, ended, kill, stop } = await processes.start({ TOKEN_ENCRYPTION_KEY: keys });
    const token = await signToken(jwtSecret, { subject: 'test', scope: 'account.*', ttlSeconds: 600 });
    const client = grpcClient(AccountServiceService, grpc, { token, deadlineMs: 20_000 });
    void ended.then(client.close);
    return { client, kill, stop };
  }

  return {
    kafka,
    connection: mongo.connection,
    startProcess,
    numbersTold: (phoneNumberId: string): readonly NumberState[] => numbers.get(phoneNumberId) ?? [],
    brandsTold: (brandId: string): readonly BrandState[] => brands.get(brandId) ?? [],
    operatorsTold: (operatorId: string): readonly OperatorState[] => operators.get(operatorId) ?? [],
    async stop(): Promise<void> {
      await processes.stop();
      reading.abort();
      await read;
      await tail.stop();
      await mongo.connection.dropDatabase();
      await mongo.stop();
    },
  };
}

export type Installation = Awaited<ReturnType<typeof startInstallation>>;

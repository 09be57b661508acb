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
import { jwtSecret, PARTITIONS, servers, serviceProcesses } from '@switchboard/testing';

const main = join(dirname(require.resolve('@switchboard/billing/main')), 'main.js');

export type BillingProcess = Awaited<ReturnType<Awaited<ReturnType<typeof startInstallation>>['startProcess']>>;

/** Processes of billing on real Kafka and MongoDB. */
export async function startInstallation(name: string, env: Readonly<Record<string, string>> = {}) {
  const database = `billing-${name}-${process.pid}`;
  const kafka = connectKafka({ brokers: servers.brokers.split(','), clientId: 'billing-test' });
  await ensureTopics(
    kafka,
    topics.map((topic) => topicSpec(topic, { partitions: PARTITIONS, replication: 1 })),
  );
  const producer = createProducer(kafka, { patience: 'retry' });
  const mongo = connectMongo(servers.mongoUrl, { database });
  const numbers = createTable(kafka, { topic: billingNumbers, version: ({ revision }) => revision });
  await Promise.all([producer.start(), mongo.start(), numbers.start()]);
  const processes = serviceProcesses('billing', { main, database, env });

  async function startProcess() {
    const { grpc, http, ended, kill, stop } = await processes.start();
    const as = async (subject: string, organisationId?: string, scope = 'billing.*') => {
      const claims = { subject, scope, ttlSeconds: 600, ...(organisationId && { organisationId }) };
      const token = await signToken(jwtSecret, claims);
      const billing = grpcClient(BillingServiceService, grpc, { token, deadlineMs: 20_000 });
      const pricing = grpcClient(PricingServiceService, grpc, { token, deadlineMs: 20_000 });
      void ended.then(billing.close).then(pricing.close);
      return { billing, pricing };
    };
    return { as, stop, kill, http };
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
      await processes.stop();
      await Promise.all([producer.stop(), numbers.stop()]);
      await mongo.stop();
    },
  };
}

// One way to take a webhook in, as a process: node subject.ts <variant> [broker,broker]
import type { AddressInfo } from 'node:net';
import { connectKafka, createProducer, ensureTopics, topicSpec } from '@switchboard/kafka';
import { whatsappMessages } from '@switchboard/contracts/topics';
import { bareRoute } from './bare.ts';
import { naiveRoute } from './naive.ts';
import { webhookRoute } from './route.ts';
import { PARTITIONS } from '../infrastructure.ts';

const [variant = '', brokers = ''] = process.argv.slice(2);
const nowhere = { send: () => Promise.resolve() };

async function durable() {
  const kafka = connectKafka({ brokers: brokers.split(','), clientId: 'bench' });
  await ensureTopics(kafka, [topicSpec(whatsappMessages, { partitions: PARTITIONS, replication: 1 })]);
  const producer = createProducer(kafka, { name: 'webhooks' });
  await producer.start();
  return producer;
}

const variants: Readonly<Record<string, () => Promise<number>>> = {
  route: () => webhookRoute(nowhere),
  bare: () => bareRoute(nowhere),
  'route-durable': async () => webhookRoute(await durable()),
  'bare-durable': async () => bareRoute(await durable()),
  naive: async () => naiveRoute(brokers.split(',')),
};

const start = variants[variant];
if (!start) throw new Error(`no such variant: ${variant}`);
process.on('SIGTERM', () => process.exit(0));
console.log(JSON.stringify({ port: await start() } satisfies Pick<AddressInfo, 'port'>));

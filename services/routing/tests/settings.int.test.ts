import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { BrandState } from '@switchboard/contracts/account/v1/events';
import { BrandSettingsServiceService } from '@switchboard/contracts/routing/v1/brand_settings_service';
import { RoutingCommand } from '@switchboard/contracts/routing/v1/desk_events';
import { accountBrands, routingCommands, topics } from '@switchboard/contracts/topics';
import { grpcClient, signToken } from '@switchboard/grpc';
import {
  connectKafka,
  createProducer,
  createTail,
  ensureTopics,
  eventRecord,
  topicEnds,
  topicSpec,
} from '@switchboard/kafka';
import { connectMongo } from '@switchboard/mongo';
import { eventually, freePort } from '@switchboard/testing';
import { servers } from './support/servers.js';
import { flow, type SettingsClient } from './support/settings-world.js';

/** Settings in a process of routing on real Kafka and MongoDB. */

jest.setTimeout(120_000);

const SECRET = 'a-secret-of-thirty-two-characters-or-more';
const PARTITIONS = 12;
const brandId = `brand-${Date.now()}-${process.pid}`;
const database = `routing-settings-${process.pid}`;
const main = join(dirname(require.resolve('@switchboard/routing/main')), 'main.js');

const kafka = connectKafka({ brokers: servers.brokers.split(','), clientId: 'routing-settings-test' });
const producer = createProducer(kafka, { patience: 'retry' });
const tail = createTail(kafka, {
  topics: [routingCommands],
  select: ({ value }) => (value ? RoutingCommand.decode(value) : undefined),
});
const mongo = connectMongo(servers.mongoUrl, { database });
let child: ChildProcess;
let client: SettingsClient;

beforeAll(async () => {
  const layout = { partitions: PARTITIONS, replication: 1 };
  await ensureTopics(
    kafka,
    topics.map((topic) => topicSpec(topic, layout)),
  );
  await Promise.all([producer.start(), tail.start(), mongo.start()]);
  const brand = { ...BrandState.decode(new Uint8Array()), brandId, version: 1n, organisationId: 'acme' };
  await producer.send([eventRecord(accountBrands, brand, { key: brandId, id: `${brandId}:1`, time: new Date() })]);

  const [grpcPort, adminPort] = [await freePort(), await freePort()];
  child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      LOG_LEVEL: 'warn',
      INSTANCE: 'routing-settings',
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
  const claims = { subject: 'olga', scope: 'routing.settings:read routing.settings:write', organisationId: 'acme' };
  const token = await signToken(SECRET, { ...claims, ttlSeconds: 300 });
  client = grpcClient(BrandSettingsServiceService, `127.0.0.1:${grpcPort}`, { token });
}, 180_000);
afterAll(async () => {
  client.close();
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  await mongo.connection.dropDatabase();
  await Promise.all([producer.stop(), tail.stop(), mongo.stop()]);
}, 60_000);

it('CH-9 are kept in versions, and applied by one record in every partition', async () => {
  const before = await topicEnds(kafka, routingCommands.name);
  const from = tail.cursor();
  await client.updateSettings({ brandId, flow: flow({ waitingTime: 'PT90S' }) });
  await client.updateSettings({ brandId, expectedVersion: 1n, flow: flow({ waitingTime: 'PT60S' }) });

  expect(await client.applyNow({ brandId })).toEqual({ version: 2n });

  const heard: RoutingCommand[] = [];
  const reading = new AbortController();
  for await (const each of tail.subscribe({ from, signal: reading.signal })) {
    if (each.kind !== 'item') continue;
    if (each.item.command?.value.brandId === brandId) heard.push(each.item);
    if (heard.length === PARTITIONS) reading.abort();
  }
  expect(heard.map(({ partition }) => partition).sort((a, b) => a - b)).toEqual([...Array(PARTITIONS).keys()]);
  expect(heard[0]?.command).toEqual({ $case: 'applySettings', value: { brandId, version: 2n } });
  const after = await topicEnds(kafka, routingCommands.name);
  for (const [index, { end }] of after.entries()) expect(end).toBeGreaterThan(before[index]?.end ?? 0);
});

it('are read again, tried on what was and on what may come, and refused where they are wrong', async () => {
  const { settings } = await client.getSettings({ brandId });
  expect(settings).toMatchObject({ version: 2n, flow: { waitingTime: 'PT60S' }, changedBy: 'olga' });
  expect((await client.listSettingsVersions({ brandId })).versions.map(({ version }) => version)).toEqual([2n, 1n]);
  expect(await client.whatIf({ brandId, waitingTime: 'PT1S' })).toMatchObject({ chats: 0n, wouldBeMissed: 0n });
  expect(await client.dryRunRules({ brandId, text: 'hello' })).toMatchObject({ ruleId: '', operatorIds: [] });
  await expect(client.updateSettings({ brandId, expectedVersion: 0n, flow: flow() })).rejects.toMatchObject({
    kind: 'conflict',
  });
  await expect(client.whatIf({ brandId, waitingTime: 'P1M' })).rejects.toMatchObject({ kind: 'invalid' });
});

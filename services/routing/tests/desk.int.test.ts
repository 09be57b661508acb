import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createAggregates, createMongoStore } from '@switchboard/aggregates';
import { AssignmentCause, type OfferMade } from '@switchboard/contracts/routing/v1/desk_events';
import { DeskServiceService, Presence } from '@switchboard/contracts/routing/v1/desk_service';
import { OfferManner } from '@switchboard/contracts/routing/v1/settings';
import type { TimerCommand } from '@switchboard/contracts/timer/v1/events';
import {
  accountOperators,
  routingDesks,
  routingOffers,
  timerCommands,
  timerFired,
  topics,
} from '@switchboard/contracts/topics';
import { type GrpcClient, grpcClient, signToken } from '@switchboard/grpc';
import {
  connectKafka,
  createProducer,
  createTail,
  encodedRecord,
  ensureTopics,
  eventRecord,
  topicSpec,
} from '@switchboard/kafka';
import { connectMongo } from '@switchboard/mongo';
import { eventually, freePort } from '@switchboard/testing';
import { deskAggregate } from '../src/adapters/kafka/desk-aggregate.js';
import { createAsks } from '../src/adapters/mongo/asks.js';
import { THREADS } from '../src/adapters/mongo/thread-index.js';
import { HEAD } from '../src/domain/desk/desk.js';
import { createDeskUseCases } from '../src/use-cases/desk.js';
import { aWant } from './support/desk-contracts.js';
import { operatorState, personWanted, request } from './support/desk-world.js';
import { servers } from './support/servers.js';

/** The desk in a process of routing on real Kafka and MongoDB; the threads and the timer service are played here. */

jest.setTimeout(120_000);

const SECRET = 'a-secret-of-thirty-two-characters-or-more';
const PARTITIONS = 12;
const database = `routing-desk-${process.pid}`;
const organisationId = `acme-${process.pid}`;
const main = join(dirname(require.resolve('@switchboard/routing/main')), 'main.js');
const fired = timerFired('routing');

const kafka = connectKafka({ brokers: servers.brokers.split(','), clientId: 'routing-desk-test' });
const producer = createProducer(kafka, { patience: 'retry' });
const tail = createTail(kafka, {
  topics: [routingOffers, timerCommands],
  select: ({ value, headers }, topic): { offer?: OfferMade; timer?: TimerCommand } | undefined => {
    if (value === null || headers['org'] !== organisationId) return undefined;
    return topic === routingOffers.name
      ? { offer: routingOffers.decode(value) }
      : { timer: timerCommands.decode(value) };
  },
});
const mongo = connectMongo(servers.mongoUrl, { database });
const heard = { offers: [] as OfferMade[], timers: [] as TimerCommand[] };
const hearing = new AbortController();
let child: ChildProcess;
let client: GrpcClient<typeof DeskServiceService>;

beforeAll(async () => {
  const layout = { partitions: PARTITIONS, replication: 1 };
  await ensureTopics(
    kafka,
    topics.map((topic) => topicSpec(topic, layout)),
  );
  await Promise.all([producer.start(), tail.start(), mongo.start()]);
  void (async () => {
    for await (const each of tail.subscribe({ from: tail.cursor(), signal: hearing.signal })) {
      if (each.kind !== 'item') continue;
      if (each.item.offer) heard.offers.push(each.item.offer);
      if (each.item.timer) heard.timers.push(each.item.timer);
    }
  })();
  const [grpcPort, adminPort] = [await freePort(), await freePort()];
  child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      LOG_LEVEL: 'warn',
      INSTANCE: 'routing-desk',
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
  const token = await signToken(SECRET, { subject: 'olga', scope: 'routing.*', organisationId, ttlSeconds: 300 });
  client = grpcClient(DeskServiceService, `127.0.0.1:${grpcPort}`, { token });
}, 180_000);
afterAll(async () => {
  client.close();
  hearing.abort();
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  await mongo.connection.dropDatabase();
  await Promise.all([producer.stop(), tail.stop(), mongo.stop()]);
}, 60_000);

/** Account tells of an operator, who comes to the desk. */
async function comes(operatorId: string, departmentId: string, concurrentLimit = 0): Promise<void> {
  const state = operatorState(operatorId, { organisationId, departmentIds: [departmentId], concurrentLimit });
  const about = { key: operatorId, id: `${operatorId}:1`, time: new Date(), org: organisationId };
  await producer.send([eventRecord(accountOperators, state, about)]);
  await eventually(() => client.setPresence({ operatorId, presence: Presence.PRESENCE_AVAILABLE }), {
    timeoutMs: 30_000,
    everyMs: 100,
  });
}

/** Threads ask, as they do: what they say stands in them first. */
async function ask(names: readonly string[], departmentId: string, manner: OfferManner): Promise<void> {
  const asked = names.map((name) => {
    const chatId = `341.1.${name}:1`;
    const wanted = personWanted(manner);
    const value = { ...wanted.value, departmentId, concurrentLimit: 500 };
    return { chatId, request: request(chatId, { ...wanted, value }, { organisationId }) };
  });
  await mongo.connection.collection<{ _id: string }>(THREADS).insertMany(
    asked.map(({ chatId }, index) => ({
      _id: chatId.slice(0, -2),
      v: 1,
      number: '341',
      owner: { organisationId, brandId: 'brand', departmentId },
      out: [],
      chat: { id: chatId },
      deskCount: 1,
      want: aWant({ departmentId, manner: 'round-robin', concurrentLimit: 500, since: new Date(index) }),
    })),
  );
  const about = { key: organisationId, time: new Date(), org: organisationId };
  await producer.send(
    asked.map(({ chatId, request: each }) => eventRecord(routingDesks, each, { ...about, id: `${chatId}:1:1` })),
  );
}

const offersOf = (name: string): OfferMade[] => heard.offers.filter(({ chatId }) => chatId === `341.1.${name}:1`);

it('CH-2 CH-3 a chat is offered, the offer’s timer passes it on, and another process takes it for an operator', async () => {
  await comes('ann', 'sales');
  await comes('bob', 'sales');
  await ask(['x'], 'sales', OfferManner.OFFER_MANNER_ONE_BY_ONE);
  await eventually(
    () => {
      expect(offersOf('x').map(({ offer }) => offer)).toMatchObject([
        { $case: 'offered', value: { operatorIds: ['ann'] } },
      ]);
    },
    { timeoutMs: 30_000 },
  );

  const armed = heard.timers.findLast(({ timerKey }) => timerKey.includes('offer'));
  const { timerKey = '', version = 0n } = armed ?? {};
  const fire = { owner: 'routing', timerKey, version, dueAt: new Date(), payload: Buffer.alloc(0) };
  const about = { key: organisationId, id: `${timerKey}:${version}`, time: new Date() };
  await producer.send([eventRecord(fired, fire, about), eventRecord(fired, fire, about)]);
  await eventually(
    () => {
      expect(offersOf('x').map(({ offer }) => offer)).toMatchObject([
        { $case: 'offered', value: { operatorIds: ['ann'] } },
        { $case: 'offerEnded', value: { operatorIds: ['ann'], timedOut: true } },
        { $case: 'offered', value: { operatorIds: ['bob'] } },
      ]);
    },
    { timeoutMs: 30_000 },
  );

  const other = createAggregates({
    definition: deskAggregate,
    store: createMongoStore(mongo.connection, 'desks'),
    publish: (events) => producer.send(events.map(encodedRecord)),
  });
  const desk = createDeskUseCases({
    desks: other,
    asks: createAsks(mongo.connection),
    awayAfter: () => Promise.resolve(60_000),
    now: () => new Date(),
  });
  const place = {
    organisationId,
    chatId: '341.1.x:1',
    cause: 'taken' as const,
    facts: { count: 1, departmentId: 'sales', concurrentLimit: 500, isFree: true },
  };
  await expect(desk.claimPlace({ ...place, operatorId: 'ann' })).rejects.toMatchObject({ code: 'routing.chat-taken' });
  await desk.claimPlace({ ...place, operatorId: 'bob' });
  await other.stop();

  await eventually(
    () => {
      const value = { operatorId: 'bob', cause: AssignmentCause.ASSIGNMENT_CAUSE_TAKEN };
      expect(offersOf('x').at(-1)).toMatchObject({ sequence: 4n, count: 1n, offer: { $case: 'assigned', value } });
    },
    { timeoutMs: 30_000 },
  );
  expect((await client.getDesk({})).operators).toMatchObject([
    { operatorId: 'ann', load: 0 },
    { operatorId: 'bob', load: 1 },
  ]);
});

it('CH-3 more wait than stand at the head of a line: all are given to who comes, each once', async () => {
  const names = Array.from({ length: HEAD + 60 }, (_, n) => `many-${n}`);
  await ask(names, 'care', OfferManner.OFFER_MANNER_ROUND_ROBIN);
  await eventually(
    async () => {
      const { queues } = await client.getDesk({});
      expect(queues.find(({ departmentId }) => departmentId === 'care')?.waiting).toBe(names.length);
      const stored = await mongo.connection.collection<{ _id: string }>('desks').findOne({ _id: organisationId });
      expect(Object.keys(stored ?? {})).toContain('l:care~all');
    },
    { timeoutMs: 30_000 },
  );

  await comes('cid', 'care', 500);

  await eventually(
    () => {
      const given = heard.offers.filter(({ chatId }) => chatId.includes('many-'));
      expect(new Set(given.map(({ chatId }) => chatId)).size).toBe(names.length);
      expect(given).toHaveLength(names.length);
    },
    { timeoutMs: 60_000 },
  );
});

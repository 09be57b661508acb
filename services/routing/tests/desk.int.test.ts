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
} from '@switchboard/contracts/topics';
import { type GrpcClient } from '@switchboard/grpc';
import { createTail, encodedRecord, eventRecord } from '@switchboard/kafka';
import { eventually } from '@switchboard/testing';
import { deskAggregate } from '../src/adapters/kafka/desk-aggregate.js';
import { createAsks } from '../src/adapters/mongo/asks.js';
import { DESKS } from '../src/adapters/mongo/desk-index.js';
import { THREADS } from '../src/adapters/mongo/thread-index.js';
import { newChat } from '../src/domain/chat/chat.js';
import { HEAD } from '../src/domain/desk/desk.js';
import { emptyThread } from '../src/domain/thread.js';
import { createDeskUseCases } from '../src/use-cases/desk/desk.js';
import { operatorState, personWanted, request } from './support/desk-world.js';
import { at, aWant } from './support/inputs.js';
import { routingProcess } from './support/process.js';

/** The desk in a process of routing on real Kafka and MongoDB; the threads and the timer service are played here. */

jest.setTimeout(120_000);

const organisationId = `acme-${process.pid}`;
const fired = timerFired('routing');
const routing = routingProcess('desk');
const { kafka, producer, connection } = routing;
const tail = createTail(kafka, {
  topics: [routingOffers, timerCommands],
  select: ({ value, headers }, topic): { offer?: OfferMade; timer?: TimerCommand } | undefined => {
    if (value === null || headers['org'] !== organisationId) return undefined;
    return topic === routingOffers.name
      ? { offer: routingOffers.decode(value) }
      : { timer: timerCommands.decode(value) };
  },
});
const heard = { offers: [] as OfferMade[], timers: [] as TimerCommand[] };
const hearing = new AbortController();
let client: GrpcClient<typeof DeskServiceService>;
const olga = { subject: 'olga', scope: 'routing.*', organisationId };

beforeAll(async () => {
  await routing.start();
  await tail.start();
  void (async () => {
    for await (const each of tail.subscribe({ from: tail.cursor(), signal: hearing.signal })) {
      if (each.kind !== 'item') continue;
      if (each.item.offer) heard.offers.push(each.item.offer);
      if (each.item.timer) heard.timers.push(each.item.timer);
    }
  })();
  client = await routing.client(DeskServiceService, olga);
}, 180_000);
afterAll(async () => {
  hearing.abort();
  await tail.stop();
  await routing.stop();
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

const threads = connection.collection<{ _id: string }>(THREADS);

/** A thread that has asked its desk, as it is stored. */
const waiting = (chatId: string, departmentId: string, index = 0) => ({
  ...emptyThread(),
  _id: chatId.slice(0, -2),
  v: 1,
  out: [],
  number: '341',
  owner: { organisationId, brandId: 'brand', departmentId },
  chat: {
    ...newChat(chatId, at(1), at(1), { former: '', byUser: true, lastPreview: '', lastAuthor: 'customer', ad: '' }),
    atDesk: true,
    waitingSince: at(1),
  },
  chats: 1,
  deskCount: 1,
  want: aWant({ departmentId, manner: 'round-robin', concurrentLimit: 500, since: new Date(index) }),
});

/** Threads ask, as they do: what they say stands in them first. */
async function ask(names: readonly string[], departmentId: string, manner: OfferManner): Promise<void> {
  const asked = names.map((name) => {
    const chatId = `341.1.${name}:1`;
    const wanted = personWanted(manner);
    const value = { ...wanted.value, departmentId, concurrentLimit: 500 };
    return { chatId, request: request(chatId, { ...wanted, value }, { organisationId }) };
  });
  await threads.insertMany(asked.map(({ chatId }, index) => waiting(chatId, departmentId, index)));
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
    store: createMongoStore(connection, DESKS),
    publish: (events) => producer.send(events.map(encodedRecord)),
  });
  const desk = createDeskUseCases({
    desks: other,
    asks: createAsks(connection),
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
      const stored = await connection.collection<{ _id: string }>(DESKS).findOne({ _id: organisationId });
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

it('CH-3 what was set aside is made good when another process takes the desk over', async () => {
  await comes('dan', 'night', 500);
  await ask(['lost'], 'night', OfferManner.OFFER_MANNER_ROUND_ROBIN);
  await eventually(
    () => {
      expect(offersOf('lost')).toHaveLength(1);
    },
    { timeoutMs: 30_000 },
  );
  // It is over, and another waits; the desk was told neither.
  const over = { 'chat.state': 'completed', deskCount: 2, want: null };
  await threads.updateOne({ _id: '341.1.lost' }, { $set: over });
  await threads.insertOne(waiting('341.1.unheard:1', 'night'));

  await routing.restart();

  await eventually(
    () => {
      const value = { operatorId: 'dan', cause: AssignmentCause.ASSIGNMENT_CAUSE_GIVEN };
      expect(offersOf('unheard')).toMatchObject([{ count: 1n, offer: { $case: 'assigned', value } }]);
    },
    { timeoutMs: 60_000 },
  );
  const again = await routing.client(DeskServiceService, olga);
  expect((await again.getDesk({})).operators.find(({ operatorId }) => operatorId === 'dan')).toMatchObject({ load: 1 });
});

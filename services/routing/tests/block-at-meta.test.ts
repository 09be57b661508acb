import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { CustomerBlocked, CustomerUnblocked, type ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { routingThreads } from '@switchboard/contracts/topics';
import { createGraphClient } from '@switchboard/graph-api';
import { createBlocklist } from '../src/adapters/meta/blocklist.js';
import { createBlockNews } from '../src/entrypoints/kafka/block-news.js';
import { createBlockAtMeta } from '../src/use-cases/blocks/block-at-meta.js';
import { NUMBER, threadEvent } from './support/bots-world.js';
import { at } from './support/threads.js';
import { memoryCustomers } from './support/twins.js';

/** `PF-3`: what was decided about blocking is done at Meta, over real HTTP on loopback; time is ours. */

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

type Answer = readonly [status: number, body: object];
const done: Answer = [200, { messaging_product: 'whatsapp', block_users: { added_users: [{ input: '1' }] } }];

async function start() {
  const calls: string[] = [];
  let answers: Answer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { block_users: users } = JSON.parse(Buffer.concat(chunks).toString()) as { block_users: object[] };
      calls.push(`${request.method} ${request.url} ${request.headers.authorization} ${JSON.stringify(users)}`);
      const [status, body] = answers.shift() ?? done;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const graph = createGraphClient({ baseUrl, version: 'v25.0' });
  stops.push(graph.close, async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const customers = memoryCustomers();
  const customer = (id: string, party: object) => ({
    ...{
      id,
      version: 0,
      number: NUMBER,
      aliases: [],
      party,
      flags: [],
      joined: null,
      absorbed: [],
      undone: [],
      createdAt: at(0),
    },
  });
  await customers.save([
    customer('ana', { phone: '12025550143', userId: 'US.1' }),
    customer('bob', { userId: 'US.2' }),
    customer('eve', {}),
  ]);
  const ended: string[] = [];
  const kept: string[] = [];
  const controller = new AbortController();
  const handle = createBlockNews({
    blockAtMeta: createBlockAtMeta({
      blocklist: createBlocklist(graph, { getMetaToken: () => Promise.resolve({ metaToken: 'EAAG', version: 1n }) }),
      customers,
      pause: () => Promise.resolve(),
      observe: (how, { eventId }) => ended.push(`${eventId.split('.')[2] ?? ''} ${how}`),
    }),
    keep: (_chunk, { offset }, reason) => {
      kept.push(`${offset} ${reason}`);
      return Promise.resolve();
    },
  });
  return {
    calls,
    ended,
    kept,
    controller,
    answers(...next: Answer[]) {
      answers = next;
    },
    async hear(...events: ThreadEvent[]) {
      const records = events.map((event, offset) => ({
        offset,
        key: NUMBER,
        value: routingThreads.encode(event),
        headers: {},
        timestamp: 0,
      }));
      const chunk = { topic: routingThreads.name, code: 't1', partition: 0, records };
      await (
        await handle(chunk, { signal: controller.signal })
      ).done;
    },
  };
}

const blocked = (who: string, sequence: number): ThreadEvent =>
  threadEvent(who, sequence, {
    customerId: who,
    event: { $case: 'customerBlocked', value: CustomerBlocked.decode(new Uint8Array()) },
  });
const unblocked = (who: string, sequence: number): ThreadEvent =>
  threadEvent(who, sequence, {
    customerId: who,
    event: { $case: 'customerUnblocked', value: CustomerUnblocked.decode(new Uint8Array()) },
  });
const error = (code: number): object => ({ error: { message: 'said', type: 'OAuthException', code } });

it('PF-3 blocks by phone where it is known, else by user id, and nothing else concerns it', async () => {
  const { hear, calls, ended } = await start();

  await hear(blocked('ana', 1), threadEvent('ana', 2));
  await hear(blocked('bob', 1));

  expect(calls).toEqual([
    `POST /v25.0/${NUMBER}/block_users Bearer EAAG [{"user":"12025550143"}]`,
    `POST /v25.0/${NUMBER}/block_users Bearer EAAG [{"user_id":"US.2"}]`,
  ]);
  expect(ended).toEqual(['ana:1 blocked', 'bob:1 blocked']);
});

it('PF-3 unblocks after it has blocked, however long that takes', async () => {
  const { hear, calls, ended, answers } = await start();
  answers([503, error(2)], [400, error(4)], [401, error(190)], [400, error(139_102)], done, done);

  await hear(blocked('ana', 1), unblocked('ana', 2));

  expect(calls.map((call) => call.split(' ')[0])).toEqual(['POST', 'POST', 'POST', 'POST', 'POST', 'DELETE']);
  expect(ended.filter((each) => !each.endsWith('waits'))).toEqual(['ana:1 blocked', 'ana:2 unblocked']);
});

it('PF-3 sets aside what Meta never will do, with Meta’s reason', async () => {
  const { hear, kept, ended, answers } = await start();
  const failed = [{ input: '12025550143', errors: [{ message: 'Re-engagement required', code: 131_047 }] }];
  answers([400, { ...error(139_100), block_users: { added_users: [], failed_users: failed } }], [400, error(139_101)]);

  await hear(blocked('ana', 1));
  await hear(blocked('bob', 1));
  await hear(blocked('eve', 1));

  expect(kept).toEqual([
    '0 meta.131047: Re-engagement required',
    '0 meta.139101: said',
    '0 the customer has neither phone nor user id',
  ]);
  expect(ended).toEqual(['ana:1 set-aside', 'bob:1 set-aside', 'eve:1 set-aside']);
});

it('rejects when the partition is given up, so that the event comes again', async () => {
  const { hear, controller } = await start();
  controller.abort(new Error('given up'));

  await expect(hear(blocked('ana', 1))).rejects.toThrow('given up');
});

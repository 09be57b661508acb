import { MessageServiceService, type MessageServiceServer } from '@switchboard/contracts/egress/v1/message_service';
import { Failure } from '@switchboard/errors';
import { grpcClient, grpcServer, localTokens, serviceTokens, unary } from '@switchboard/grpc';
import { jwtSecret } from '@switchboard/testing';
import { createCheckReply } from '../src/adapters/grpc/check-reply.js';
import { type CheckReply } from '../src/use-cases/ports.js';
import { at } from './support/threads.js';

/** What routing asks egress before a reply is queued, over real gRPC on loopback. */

const ignore = (): undefined => undefined;
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore } as never;
const reply: Parameters<CheckReply>[0] = {
  number: '341',
  customer: 'ana',
  last: { wamid: 'w1', at: at(1) },
  freeUntil: at(9),
  content: { kind: { $case: 'text', value: { body: 'hello' } } },
};

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function open(check: MessageServiceServer['check']): Promise<CheckReply> {
  const unused = unary(() => Promise.reject(new Error('not part of this test')));
  const server = grpcServer({
    port: 0,
    services: [
      {
        definition: MessageServiceService,
        implementation: {
          check,
          send: unused,
          sendBatch: unused,
          get: unused,
          list: unused,
          watch: () => undefined,
          resolve: unused,
          markRead: unused,
        },
        scopes: {
          check: 'egress.messages:read',
          send: 'x',
          sendBatch: 'x',
          get: 'x',
          list: 'x',
          watch: 'x',
          resolve: 'x',
          markRead: 'x',
        },
      },
    ],
    verify: localTokens(jwtSecret),
    logger: quiet,
    drainMs: 200,
  });
  await server.start();
  const token = serviceTokens(jwtSecret, 'routing', 'egress.messages:read');
  const client = grpcClient(MessageServiceService, `127.0.0.1:${server.port()}`, { token });
  stops.push(client.close, server.stop);
  return createCheckReply(client);
}

const verdict = {
  allowed: true,
  code: '',
  reason: '',
  remedy: '',
  opensAt: undefined,
  windowClosesAt: undefined,
  field: '',
};

it('asks with the number, the customer, what the customer wrote last and what would be said', async () => {
  const asked: unknown[] = [];
  const checkReply = await open(
    unary((request) => {
      asked.push(request);
      return Promise.resolve(verdict);
    }),
  );

  expect(await checkReply(reply)).toBeUndefined();
  expect(await checkReply({ ...reply, last: null, freeUntil: null })).toBeUndefined();

  expect(asked).toMatchObject([
    {
      phoneNumberId: '341',
      customerId: 'ana',
      lastInbound: { whatsappMessageId: 'w1', sentAt: at(1), freeEntryUntil: at(9) },
      content: { kind: { value: { body: 'hello' } } },
    },
    { lastInbound: undefined },
  ]);
});

it('gives the refusal as egress says it', async () => {
  const refusal = { code: 'egress.window-closed', reason: 'closed', remedy: 'use a template', field: 'content' };
  const checkReply = await open(unary(() => Promise.resolve({ ...verdict, ...refusal, allowed: false })));

  expect(await checkReply(reply)).toEqual(refusal);
});

it('is unavailable while egress is', async () => {
  const checkReply = await open(
    unary(() => Promise.reject(new Failure('unavailable', 'mongo.unreachable', 'the database does not answer'))),
  );

  await expect(checkReply(reply)).rejects.toMatchObject({ kind: 'unavailable' });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  ChatServiceService,
  type ChatServiceServer,
  type ReplyRequest,
} from '@switchboard/contracts/routing/v1/chat_service';
import { Failure } from '@switchboard/errors';
import { grpcServer, localTokens, signToken, unary } from '@switchboard/grpc';
import { jwtSecret } from '@switchboard/testing';
import { Webhook } from 'standardwebhooks';

/** The example bot as its users run it: a process that is posted to, and calls a routing that notes what it is asked. */

const webhookSecret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
const ignore = (): undefined => undefined;

const replies: ReplyRequest[] = [];
let refusal: Failure | undefined;
const notAsked = unary(() => Promise.reject(new Failure('not-found', 'test.not-asked', 'is not asked here')));
const implementation = {
  ...Object.fromEntries(Object.keys(ChatServiceService).map((name) => [name, notAsked])),
  reply: unary((request: ReplyRequest) => {
    if (refusal) return Promise.reject(refusal);
    replies.push(request);
    return Promise.resolve({ messageId: 't:1', sequence: 1n });
  }),
} as unknown as ChatServiceServer;
const server = grpcServer({
  port: 0,
  services: [
    {
      definition: ChatServiceService,
      implementation,
      scopes: Object.fromEntries(Object.keys(ChatServiceService).map((name) => [name, 'routing.chats:write'])),
    },
  ],
  verify: localTokens(jwtSecret),
  logger: { debug: ignore, info: ignore, warn: ignore, error: ignore } as never,
  drainMs: 200,
});
let bot: ChildProcess;
let url: string;

beforeAll(async () => {
  await server.start();
  const claims = { subject: 'echo', scope: 'routing.chats:write', organisationId: 'acme', botId: 'echo' };
  bot = spawn(process.execPath, [join(__dirname, '../../examples/echo-bot/echo-bot.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      WEBHOOK_SECRET: webhookSecret,
      ROUTING_GRPC: `127.0.0.1:${server.port()}`,
      TOKEN: await signToken(jwtSecret, { ...claims, ttlSeconds: 300 }),
    },
  });
  if (!bot.stdout) throw new Error('the bot has no output');
  const [line] = (await once(createInterface(bot.stdout), 'line')) as [string];
  url = line.replace('listening on ', '');
}, 60_000);
afterAll(async () => {
  bot.kill();
  await once(bot, 'exit');
  await server.stop();
});

async function post(event: object, { id = 'thread:1', secret = webhookSecret } = {}): Promise<number> {
  const [body, at] = [JSON.stringify(event), new Date()];
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
  return (await fetch(url, { method: 'POST', headers, body })).status;
}
const wrote = (body: string, author = 'AUTHOR_CUSTOMER') => ({
  chatId: 'c',
  messageAppended: { author, content: { text: { body } } },
});

it('BT-1 says back what a customer writes, by the id of the event', async () => {
  expect(await post(wrote('Olá'), { id: 'thread:7' })).toBe(204);

  expect(replies.splice(0)).toMatchObject([{ chatId: 'c', idempotencyKey: 'thread:7', text: 'You said: Olá' }]);
});

it('answers nobody else, and no event that is no message', async () => {
  expect(await post(wrote('Hi', 'AUTHOR_BOT'))).toBe(204);
  expect(await post({ chatId: 'c', chatCompleted: {} })).toBe(204);

  expect(replies).toEqual([]);
});

it('refuses what was signed by somebody else', async () => {
  expect(await post(wrote('Hi'), { secret: `whsec_${Buffer.alloc(32).toString('base64')}` })).toBe(401);

  expect(replies).toEqual([]);
});

it.each([
  ['asks for it again while routing is away', new Failure('unavailable', 'test.away', 'away'), 503],
  ['is done with it when the chat is completed', new Failure('conflict', 'routing.chat-completed', 'completed'), 204],
])('%s', async (_what, failure, status) => {
  refusal = failure;

  expect(await post(wrote('Hi'))).toBe(status);

  refusal = undefined;
});

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { BotServiceService, type WatchBotRequest } from '@switchboard/contracts/routing/v1/bot_service';
import { ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { type GrpcClient, grpcClient, grpcServer, localTokens, signToken } from '@switchboard/grpc';
import { createTestClock, jwtSecret } from '@switchboard/testing';
import { createVault } from '@switchboard/vault';
import { mayBeCalled } from '../../src/adapters/http/may-be-called.js';
import { type AttachedBot } from '../../src/domain/bots/attached-bot.js';
import { botServer, type WatchBot } from '../../src/entrypoints/grpc/bot-server.js';
import { type BotStore } from '../../src/use-cases/bots/ports.js';
import { createBotUseCases } from '../../src/use-cases/bots/bots.js';
import { memoryNumbers } from './twins.js';

const ignore = (): undefined => undefined;
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore } as never;

export const NUMBER = '341';
export const OTHERS_NUMBER = '342';
export const vault = createVault([{ id: 'first', key: randomBytes(32) }]);

/** In-memory twin of the store of bots; it passes the contract of the real one. */
export function memoryBots(): BotStore {
  const stored = new Map<string, AttachedBot>();
  return {
    find: (numbers) => Promise.resolve(numbers.flatMap((number) => stored.get(number) ?? [])),
    save(next) {
      if (next.version !== (stored.get(next.number)?.version ?? 0) + 1) return Promise.resolve(false);
      stored.set(next.number, next);
      return Promise.resolve(true);
    },
  };
}

export const attached = (more: Partial<AttachedBot> = {}): AttachedBot => ({
  number: NUMBER,
  organisationId: 'acme',
  botId: 'echo',
  name: 'Echo',
  webhookUrl: '',
  idleTime: { months: 0, days: 0, seconds: 900 },
  idleAction: 'close',
  answerTimeout: { months: 0, days: 0, seconds: 30 },
  departmentId: '',
  secret: null,
  isStopped: false,
  isRemoved: false,
  version: 1,
  changedAt: new Date('2026-11-25T12:00:00Z'),
  ...more,
});

const owned = (organisationId: string) => ({
  version: 1,
  spans: [{ from: 0, connection: 1, owner: { organisationId, brandId: 'shoes', departmentId: 'sales' } }],
});

/** Numbers of acme and of another organisation. */
export async function twoNumbers() {
  const numbers = memoryNumbers();
  await numbers.save(NUMBER, undefined, owned('acme'));
  await numbers.save(OTHERS_NUMBER, undefined, owned('globex'));
  return numbers;
}

/** Bots over real gRPC on loopback, with twins behind them. */
export async function serveBots({ allowsPrivate = false, watch }: { allowsPrivate?: boolean; watch?: WatchBot } = {}) {
  const clock = createTestClock();
  const store = memoryBots();
  const numbers = await twoNumbers();
  const givenBack: [number: string, bot: string][] = [];
  let made = 0;
  const bots = createBotUseCases({
    store,
    numbers,
    brands: { hasDepartment: (organisationId, id) => organisationId === 'acme' && id === 'care' },
    vault,
    mayBeCalled: mayBeCalled(allowsPrivate),
    newSecret: () => `whsec_${Buffer.alloc(32, (made += 1)).toString('base64')}`,
    giveBackChats: (number, bot) => {
      givenBack.push([number, bot?.botId ?? '']);
      return Promise.resolve();
    },
    now: clock.now,
  });
  const nothing = async function* ({ cursor }: WatchBotRequest) {
    yield await Promise.resolve({ cursor, threadEvent: undefined, reset: false });
  };
  const server = grpcServer({
    port: 0,
    services: [botServer(bots, watch ?? nothing)],
    verify: localTokens(jwtSecret),
    logger: quiet,
    drainMs: 200,
  });
  await server.start();
  const clients: GrpcClient<typeof BotServiceService>[] = [];
  return {
    bots,
    givenBack,
    store,
    numbers,
    clock,
    async client(organisationId?: string, { scope = 'routing.*', botId }: { scope?: string; botId?: string } = {}) {
      const claims = {
        subject: 'olga',
        scope,
        ttlSeconds: 60,
        ...(organisationId !== undefined && { organisationId }),
      };
      const token = await signToken(jwtSecret, { ...claims, ...(botId !== undefined && { botId }) });
      const client = grpcClient(BotServiceService, `127.0.0.1:${server.port()}`, { token });
      clients.push(client);
      return client;
    },
    async stop() {
      for (const client of clients) client.close();
      await server.stop();
    },
  };
}

export interface Received {
  readonly id: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A bot's own server on loopback. It answers 200 until it is told otherwise. */
export async function openWebhook() {
  const received: Received[] = [];
  const waits = new Set<() => void>();
  let answer: (call: Received, nth: number) => number | Promise<number> = () => 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const call = { id: headers['webhook-id'] ?? '', headers, body: Buffer.concat(chunks).toString() };
      received.push(call);
      for (const look of waits) look();
      void Promise.resolve(answer(call, received.length)).then((status) => {
        response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/bot`,
    port,
    received,
    ids: () => received.map(({ id }) => id),
    answers(next: typeof answer) {
      answer = next;
    },
    /** Resolves when so many calls have come. */
    async until(count: number) {
      await new Promise<void>((resolve) => {
        const look = (): void => {
          if (received.length < count) return;
          waits.delete(look);
          resolve();
        };
        waits.add(look);
        look();
      });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const threadEvent = (thread: string, sequence: number, more: Partial<ThreadEvent> = {}): ThreadEvent => ({
  ...ThreadEvent.decode(new Uint8Array()),
  threadId: `${NUMBER}.1.${thread}`,
  sequence: BigInt(sequence),
  phoneNumberId: NUMBER,
  organisationId: 'acme',
  chatId: `${NUMBER}.1.${thread}:1`,
  botId: 'echo',
  occurredAt: new Date('2026-11-25T12:00:00Z'),
  ...more,
});

import { MessageServiceService } from '@switchboard/contracts/egress/v1/message_service';
import { type GrpcClient, grpcClient, grpcServer, localTokens, signToken } from '@switchboard/grpc';
import { messageServer } from '../src/entrypoints/grpc/message-server.js';
import { createWorld, NUMBER, type World } from './support/world.js';

/** `MessageService` over real gRPC on loopback. */

const SECRET = 'a-secret-of-thirty-two-characters-or-more';
const ignore = () => undefined;
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore } as never;
type Client = GrpcClient<typeof MessageServiceService>;

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const content = { kind: { $case: 'text', value: { body: 'hello' } } } as const;
const send = {
  phoneNumberId: NUMBER,
  idempotencyKey: 'key',
  recipient: { phone: '+12025550188', userId: '' },
  text: 'hello',
};

describe('bad input', () => {
  const to = (phone: string, userId = '') => ({ recipient: { phone, userId } });
  const table: [string, (client: Client) => Promise<unknown>, string[]][] = [
    ['Check of nothing', (client) => client.check({}), ['phone_number_id', 'content']],
    ['Check of a phone for an id', (client) => client.check({ phoneNumberId: '+1202', content }), ['phone_number_id']],
    [
      'Check of a customer too long',
      (client) => client.check({ phoneNumberId: NUMBER, content, customerId: 'x'.repeat(129) }),
      ['customer_id'],
    ],
    [
      'Check with a last message without its time',
      (client) =>
        client.check({
          phoneNumberId: NUMBER,
          content,
          lastInbound: { whatsappMessageId: 'w', sentAt: undefined, freeEntryUntil: undefined },
        }),
      ['last_inbound.sent_at'],
    ],
    ['Send of nothing', (client) => client.send({}), ['phone_number_id', 'idempotency_key', 'recipient', 'text']],
    ['Send without a key', (client) => client.send({ ...send, idempotencyKey: '' }), ['idempotency_key']],
    [
      'Send with a key too long',
      (client) => client.send({ ...send, idempotencyKey: 'x'.repeat(129) }),
      ['idempotency_key'],
    ],
    ['Send to nobody', (client) => client.send({ ...send, ...to('') }), ['recipient']],
    ['Send to two', (client) => client.send({ ...send, ...to('12025550188', 'US.1') }), ['recipient']],
    ['Send to what is no phone', (client) => client.send({ ...send, ...to('0123') }), ['recipient.phone']],
    ['Send to a phone with spaces', (client) => client.send({ ...send, ...to('+1 202 555') }), ['recipient.phone']],
    ['Send to what is no user id', (client) => client.send({ ...send, ...to('', 'us-1') }), ['recipient.user_id']],
    ['Send of spaces', (client) => client.send({ ...send, text: ' \n' }), ['text']],
    ['Send of a text too long', (client) => client.send({ ...send, text: 'x'.repeat(4_097) }), ['text']],
    [
      'Send in answer to what is no message',
      (client) => client.send({ ...send, replyToWhatsappMessageId: 'x'.repeat(513) }),
      ['reply_to_whatsapp_message_id'],
    ],
    ['Get of nothing', (client) => client.get({}), ['message_id']],
    ['Get of an id too long', (client) => client.get({ messageId: 'x'.repeat(257) }), ['message_id']],
  ];

  it.each(table)('%s names every field that is wrong, with rule and remedy', async (_what, call, fields) => {
    const { client, world } = await serve();

    const failure = await call(client).catch((error: unknown) => error);

    expect(failure).toMatchObject({ kind: 'invalid', code: 'egress.bad-request' });
    const { violations } = failure as { violations: { field: string; description: string }[] };
    expect(violations.map(({ field }) => field)).toEqual(fields);
    for (const { description } of violations) expect(description).toMatch(/^must .+;/);
    expect(world.store.documents.size).toBe(0);
  });
});

describe('tokens', () => {
  it('are needed', async () => {
    const { open } = await serve();

    await expect(open('no token').get({ messageId: 'x' })).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  it('are needed with the scope of the call', async () => {
    const { open, token } = await serve();
    const reader = open(await token('egress.messages:read'));

    await expect(reader.send(send)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(reader.get({ messageId: 'x' })).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('Send', () => {
  it('TX-1 says why the gate refuses, what to do, and keeps nothing', async () => {
    const { client, world } = await serve();

    await expect(client.send(send)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'egress.window-closed',
      details: { remedy: expect.stringContaining('template') },
      violations: [{ field: 'recipient' }],
    });
    expect(world.store.documents.size).toBe(0);
  });

  it('TX-2 answers with the same message for the same key, and refuses other content', async () => {
    const { client, world } = await serve();
    knows(world);

    const first = await client.send(send);
    const again = await client.send(send);

    expect(again.message?.messageId).toBe(first.message?.messageId);
    await expect(client.send({ ...send, text: 'other' })).rejects.toMatchObject({ code: 'egress.key-reused' });
    await expect(client.send({ ...send, previewUrl: true })).rejects.toMatchObject({ code: 'egress.key-reused' });
  });

  it('TX-2 answers a repeated call with its message even after the number was stopped', async () => {
    const { client, world } = await serve();
    knows(world);
    const first = await client.send(send);

    world.numbers.set(NUMBER, { organisation: 'acme', version: 2, sending: 'stopped' });

    expect((await client.send(send)).message?.messageId).toBe(first.message?.messageId);
    await expect(client.send({ ...send, idempotencyKey: 'new' })).rejects.toMatchObject({
      code: 'egress.number-stopped',
    });
  });

  it('is dispatched by the owner of the partition, who is told by a wake', async () => {
    const { client, world, process } = await serve();
    knows(world);
    process.own();
    await world.settled();

    await client.send(send);
    await process.hearWake();
    await world.settled();

    expect(world.texts()).toEqual(['hello']);
  });

  it('is dispatched within five seconds even when the wake is lost', async () => {
    const { client, world, process } = await serve();
    knows(world);
    process.own();
    await world.settled();

    await client.send(send);
    await world.clock.advance(5_000);
    await world.settled();

    expect(world.texts()).toEqual(['hello']);
  });
});

async function serve() {
  const world = createWorld();
  const process = world.start();
  const server = grpcServer({
    port: 0,
    services: [messageServer(process.engine)],
    verify: localTokens(SECRET),
    logger: quiet,
    drainMs: 200,
  });
  await server.start();
  stops.push(server.stop);
  const open = (bearer: string): Client => {
    const client = grpcClient(MessageServiceService, `127.0.0.1:${server.port()}`, { token: bearer });
    stops.push(client.close);
    return client;
  };
  const token = (scope: string) => signToken(SECRET, { subject: 'test', scope, ttlSeconds: 60 });
  return { world, process, open, token, client: open(await token('egress.*')) };
}

/** The recipient has written a minute ago. */
function knows(world: World): void {
  const lastInboundAt = new Date(world.clock.now().getTime() - 60_000);
  const address = { phone: '12025550188' };
  world.resolved.set('12025550188', { customer: 'anna', thread: '555.1.anna', chat: '', address, lastInboundAt });
}

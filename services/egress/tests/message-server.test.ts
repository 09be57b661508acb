import { MessageState } from '@switchboard/contracts/egress/v1/events';
import {
  MessageClass,
  MessageServiceService,
  OutboundMessage,
  type SendOutcome,
  type WatchRequest,
} from '@switchboard/contracts/egress/v1/message_service';
import { type Interactive } from '@switchboard/contracts/whatsapp/v1/content';
import { type GrpcClient, grpcClient, grpcServer, localTokens, signToken } from '@switchboard/grpc';
import { jwtSecret } from '@switchboard/testing';
import { messageServer } from '../src/entrypoints/grpc/message-server.js';
import { createWorld, NUMBER, type World } from './support/world.js';

/** `MessageService` over real gRPC on loopback. */

const ignore = () => undefined;
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore } as never;
type Client = GrpcClient<typeof MessageServiceService>;

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const content = { kind: { $case: 'text', value: { body: 'hello' } } } as const;
const threeWrong: Interactive = {
  header: undefined,
  body: '',
  footer: '',
  action: {
    $case: 'list',
    value: { button: 'x'.repeat(21), sections: [{ title: '', rows: [{ id: '1', title: '', description: '' }] }] },
  },
};
const nothing = OutboundMessage.decode(new Uint8Array());
const message = { ...nothing, idempotencyKey: 'key', recipient: { phone: '+12025550188', userId: '' }, content };
const send = { phoneNumberId: NUMBER, message };
const saying = (body: string, previewUrl?: boolean) => ({
  ...send,
  message: { ...message, content: { kind: { $case: 'text', value: { body, previewUrl } } } as const },
});

describe('bad input', () => {
  const sending = (more: Partial<OutboundMessage>) => ({ ...send, message: { ...message, ...more } });
  const to = (phone: string, userId = '') => sending({ recipient: { phone, userId } });
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
    [
      'Check of somebody else than a phone',
      (client) => client.check({ phoneNumberId: NUMBER, content, recipient: { phone: 'x' } }),
      ['recipient.phone'],
    ],
    ['Send of nothing', (client) => client.send({}), ['phone_number_id', 'message']],
    [
      'Send of an empty message',
      (client) => client.send({ message: nothing }),
      ['phone_number_id', 'message.idempotency_key', 'message.recipient', 'message.content'],
    ],
    ['Send without a key', (client) => client.send(sending({ idempotencyKey: '' })), ['message.idempotency_key']],
    [
      'Send with a key too long',
      (client) => client.send(sending({ idempotencyKey: 'x'.repeat(129) })),
      ['message.idempotency_key'],
    ],
    ['Send to nobody', (client) => client.send(to('')), ['message.recipient']],
    ['Send to two', (client) => client.send(to('12025550188', 'US.1')), ['message.recipient']],
    ['Send to what is no phone', (client) => client.send(to('0123')), ['message.recipient.phone']],
    ['Send to a phone with spaces', (client) => client.send(to('+1 202 555')), ['message.recipient.phone']],
    ['Send to what is no user id', (client) => client.send(to('', 'us-1')), ['message.recipient.user_id']],
    [
      'TX-5 Send of what has three things wrong',
      (client) => client.send(sending({ content: { kind: { $case: 'interactive', value: threeWrong } } })),
      [
        'message.content.interactive.body',
        'message.content.interactive.list.button',
        'message.content.interactive.list.sections[0].rows[0].title',
      ],
    ],
    ['Send without content', (client) => client.send(sending({ content: undefined })), ['message.content']],
    ['Send in a class there is not', (client) => client.send(sending({ class: 7 as never })), ['message.class']],
    [
      'Send in answer to what is no message',
      (client) => client.send(sending({ replyToWhatsappMessageId: 'x'.repeat(513) })),
      ['message.reply_to_whatsapp_message_id'],
    ],
    [
      'Send that is worth it for too long',
      (client) => client.send(sending({ expiresAt: new Date(Date.now() + 10 * 365 * 86_400_000) })),
      ['message.expires_at'],
    ],
    ['SendBatch of nothing', (client) => client.sendBatch({}), ['phone_number_id', 'messages']],
    [
      'SendBatch of too many',
      (client) =>
        client.sendBatch({
          phoneNumberId: NUMBER,
          messages: Array.from({ length: 501 }, (_, index) => ({ ...message, idempotencyKey: `${index}` })),
        }),
      ['messages'],
    ],
    [
      'SendBatch with a key twice',
      (client) => client.sendBatch({ phoneNumberId: NUMBER, messages: [message, message] }),
      ['messages[1].idempotency_key'],
    ],
    ['List of whose', (client) => client.list({}), ['organisation_id']],
    [
      'List of what there is not',
      (client) =>
        client.list({
          organisationId: 'x'.repeat(65),
          phoneNumberId: '+1',
          customerId: 'x'.repeat(129),
          acceptedFrom: new Date(2),
          acceptedUntil: new Date(1),
          pageSize: 501,
          pageToken: 'WzEsMiwzXQ',
        }),
      ['organisation_id', 'phone_number_id', 'customer_id', 'accepted_until', 'page_size', 'page_token'],
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
    for (const { description } of violations) expect(description).toMatch(/^(must|is needed) .+;/);
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
      violations: [{ field: 'message.recipient' }],
    });
    expect(world.store.documents.size).toBe(0);
  });

  it('TX-2 answers with the same message for the same key, and refuses other content', async () => {
    const { client, world } = await serve();
    knows(world);

    const first = await client.send(send);
    const again = await client.send(send);

    expect(again.message?.messageId).toBe(first.message?.messageId);
    await expect(client.send(saying('other'))).rejects.toMatchObject({ code: 'egress.key-reused' });
    await expect(client.send(saying('hello', true))).rejects.toMatchObject({ code: 'egress.key-reused' });
  });

  it('TX-2 answers a repeated call with its message even after the number was stopped', async () => {
    const { client, world } = await serve();
    knows(world);
    const first = await client.send(send);

    world.numbers.set(NUMBER, { organisation: 'acme', version: 2, sending: 'stopped', waba: 'w' });

    expect((await client.send(send)).message?.messageId).toBe(first.message?.messageId);
    await expect(client.send({ ...send, message: { ...message, idempotencyKey: 'new' } })).rejects.toMatchObject({
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

describe('SendBatch', () => {
  const idOrCode = ({ outcome }: SendOutcome) =>
    outcome?.$case === 'message' ? outcome.value.messageId : outcome?.value.code;
  const batch = (...messages: Partial<OutboundMessage>[]) => ({
    phoneNumberId: NUMBER,
    messages: messages.map((more, index) => ({ ...message, idempotencyKey: `key-${index}`, ...more })),
  });

  it('TX-2 accepts each by itself, says in its place which one is refused and why, and may be repeated', async () => {
    const { client, world } = await serve();
    knows(world);
    const asked = batch(
      {},
      { recipient: { phone: 'x', userId: '' } },
      { recipient: { phone: '12025550199', userId: '' } },
      { content: { kind: { $case: 'text', value: { body: ' ' } } } },
      { class: MessageClass.MESSAGE_CLASS_BULK },
    );

    const { outcomes } = await client.sendBatch(asked);
    const again = await client.sendBatch(asked);

    expect(outcomes).toMatchObject([
      { outcome: { $case: 'message', value: { class: MessageClass.MESSAGE_CLASS_INTERACTIVE } } },
      {
        outcome: {
          value: { code: 'egress.bad-request', field: 'recipient.phone', remedy: expect.stringContaining('write it') },
        },
      },
      { outcome: { $case: 'refused', value: { code: 'egress.window-closed', field: 'recipient' } } },
      { outcome: { $case: 'refused', value: { code: 'egress.bad-request', field: 'content.text.body' } } },
      { outcome: { $case: 'message', value: { class: MessageClass.MESSAGE_CLASS_BULK } } },
    ]);
    expect(again.outcomes.map(idOrCode)).toEqual(outcomes.map(idOrCode));
    expect(world.store.documents.size).toBe(2);
  });

  it('TX-2 says in its place that a key belongs to another message', async () => {
    const { client, world } = await serve();
    knows(world);
    await client.sendBatch(batch({}));

    const { outcomes } = await client.sendBatch(
      batch({ content: { kind: { $case: 'text', value: { body: 'no' } } } }, {}),
    );

    expect(outcomes).toMatchObject([
      {
        outcome: {
          $case: 'refused',
          value: { code: 'egress.key-reused', field: 'idempotency_key', remedy: 'use a new key for a new message' },
        },
      },
      { outcome: { $case: 'message' } },
    ]);
  });

  it('a bulk message says nothing before it is sent, and then that it was accepted too', async () => {
    const { client, world, process } = await serve();
    knows(world);
    await client.sendBatch(batch({ class: MessageClass.MESSAGE_CLASS_BULK }));
    expect(world.said()).toEqual([]);

    process.own();
    await world.settled();

    expect(world.said()).toMatchObject([
      { sequence: 1n, event: { $case: 'accepted', value: { bulk: true } } },
      { sequence: 2n, event: { $case: 'sent' } },
    ]);
  });
});

describe('a message that is worth sending for a time only', () => {
  const inAnHour = (world: World) => new Date(world.clock.now().getTime() + 3_600_000);

  it('TX-3 expires when it still waits then', async () => {
    const { client, world, process } = await serve();
    knows(world);
    const { message: sent } = await client.send({ ...send, message: { ...message, expiresAt: inAnHour(world) } });
    await world.clock.advance(3_600_000);

    process.own();
    await world.settled();

    expect(world.texts()).toEqual([]);
    expect(await client.get({ messageId: sent?.messageId ?? '' })).toMatchObject({
      message: { state: MessageState.MESSAGE_STATE_EXPIRED, troubleCode: 'egress.expired' },
    });
    expect(world.said().at(-1)).toMatchObject({ event: { $case: 'refused', value: { code: 'egress.expired' } } });
  });

  it('TX-2 is refused when the time is over, but for a repeated call', async () => {
    const { client, world } = await serve();
    knows(world);
    const asked = { ...send, message: { ...message, expiresAt: inAnHour(world) } };
    await client.send(asked);
    await world.clock.advance(3_600_000);

    expect((await client.send(asked)).message?.state).toBe(MessageState.MESSAGE_STATE_ACCEPTED);
    await expect(client.send({ ...asked, message: { ...asked.message, idempotencyKey: 'new' } })).rejects.toMatchObject(
      { code: 'egress.expired', violations: [{ field: 'message.expires_at' }] },
    );
  });
});

describe('Watch', () => {
  const seen = async (client: Client, request: Partial<WatchRequest>) => {
    const kinds: (string | undefined)[] = [];
    let last = '';
    for await (const { cursor, change } of client.watch(request)) {
      last = cursor;
      kinds.push(change?.$case === 'event' ? change.value.event?.$case : change?.$case);
    }
    return { kinds, last };
  };

  it('tells what became of messages, goes on from its cursor, and says that it is alive', async () => {
    const { client, world, process } = await serve();
    knows(world);
    await client.send(send);
    const first = await seen(client, { cursor: '0' });

    process.own();
    await world.settled();

    expect(first.kinds).toEqual(['accepted', undefined]);
    expect((await seen(client, { cursor: first.last })).kinds).toEqual(['sent', undefined]);
    expect((await seen(client, {})).kinds).toEqual([undefined]);
    expect((await seen(client, { cursor: '0', phoneNumberId: '1' })).kinds).toEqual([undefined]);
    expect((await seen(client, { cursor: 'old' })).kinds).toEqual(['reset', 'accepted', 'sent', undefined]);
  });

  it('SE-1 shows an organisation its own alone', async () => {
    const { client, world, open, token } = await serve();
    knows(world);
    await client.send(send);
    const globex = open(await token('egress.*', 'globex'));

    expect((await seen(globex, { cursor: '0' })).kinds).toEqual([undefined]);
    await expect(seen(globex, { cursor: '0', organisationId: 'acme' })).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it.each([
    ['no cursor', { cursor: 'x' }, 'cursor'],
    ['a cursor too long', { cursor: '1'.repeat(9_000) }, 'cursor'],
    ['a heartbeat too quick', { heartbeatMs: 999 }, 'heartbeat_ms'],
    ['what is no number', { phoneNumberId: '+1' }, 'phone_number_id'],
    ['what is no organisation', { organisationId: 'x'.repeat(65) }, 'organisation_id'],
  ])('refuses %s', async (_what, request, field) => {
    const { client } = await serve();

    await expect(seen(client, request)).rejects.toMatchObject({ kind: 'invalid', violations: [{ field }] });
  });
});

describe('List', () => {
  const sendMany = async (client: Client, world: World, count: number) => {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const { message: sent } = await client.send({ ...send, message: { ...message, idempotencyKey: `l${index}` } });
      ids.unshift(sent?.messageId ?? '');
      await world.clock.advance(1_000);
    }
    return ids;
  };

  it('gives the messages of an organisation, newest first, in pages', async () => {
    const { client, world } = await serve();
    knows(world);
    const ids = await sendMany(client, world, 5);

    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await client.list({ organisationId: 'acme', pageSize: 2, pageToken });
      seen.push(...page.messages.map(({ messageId }) => messageId));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');

    expect(seen).toEqual(ids);
  });

  it('SE-1 shows an organisation its own alone, whatever it asks for', async () => {
    const { client, world, open, token } = await serve();
    knows(world);
    await sendMany(client, world, 1);
    const globex = open(await token('egress.*', 'globex'));

    expect(await globex.list({})).toEqual({ messages: [], nextPageToken: '' });
    expect((await open(await token('egress.*', 'acme')).list({})).messages).toHaveLength(1);
    await expect(globex.list({ organisationId: 'acme' })).rejects.toMatchObject({ code: 'egress.other-organisation' });
  });
});

async function serve() {
  const world = createWorld();
  const process = world.start();
  const server = grpcServer({
    port: 0,
    services: [messageServer({ ...process.engine, now: world.clock.now, tail: { subscribe: world.subscribe } })],
    verify: localTokens(jwtSecret),
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
  const token = (scope: string, organisationId?: string) =>
    signToken(jwtSecret, {
      subject: 'test',
      scope,
      ttlSeconds: 60,
      ...(organisationId !== undefined && { organisationId }),
    });
  return { world, process, open, token, client: open(await token('egress.*')) };
}

/** The recipient has written a minute ago. */
function knows(world: World): void {
  const lastInboundAt = new Date(world.clock.now().getTime() - 60_000);
  const address = { phone: '12025550188' };
  world.resolved.set('12025550188', { customer: 'anna', thread: '555.1.anna', chat: '', address, lastInboundAt });
}

import { DeliveryState } from '@switchboard/contracts/routing/v1/chat_service';
import { Author, ChatState } from '@switchboard/contracts/routing/v1/events';
import { Referral } from '@switchboard/contracts/whatsapp/v1/content';
import { Failure } from '@switchboard/errors';
import { createWorld, NUMBER, numberState, serve, wrote } from './support/world.js';

/** `ChatService` and `CustomerService` over real gRPC on loopback, with the stores in memory. */

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Somebody has written once to a number of acme. */
async function start() {
  const world = createWorld();
  const server = await serve(world);
  stops.push(server.stop);
  await world.hearNumbers(numberState(1));
  await world.hearMessages(wrote({ phone: '12025550143', userId: 'US.1' }, 'w1', world.clock.now()));
  const threadId = world.said()[0]?.threadId ?? '';
  const chatId = `${threadId}:1`;
  return {
    world,
    server,
    threadId,
    chatId,
    chats: await server.chats('acme'),
    customers: await server.customers('acme'),
  };
}

describe('ListChats', () => {
  it('pages through chats of one instant, each once, and says when there are no more', async () => {
    const { world, chats } = await start();
    const at = new Date(world.clock.now().getTime() + 1_000);
    await world.hearMessages(...[1, 2, 3, 4, 5].map((n) => wrote({ phone: `120255501${n}` }, `p${n}`, at)));
    const seen: string[] = [];
    const sizes: number[] = [];
    let pageToken = '';
    do {
      const page = await chats.listChats({ pageSize: 2, pageToken });
      seen.push(...page.chats.map(({ chatId }) => chatId));
      sizes.push(page.chats.length);
      pageToken = page.nextPageToken;
    } while (pageToken !== '' && sizes.length < 9);

    expect(sizes).toEqual([2, 2, 2]);
    expect(new Set(seen).size).toBe(6);
  });

  it('lists what is not completed where no state is named', async () => {
    const { chats, chatId } = await start();
    await chats.complete({ chatId });

    expect((await chats.listChats({})).chats).toEqual([]);
    expect((await chats.listChats({ states: [ChatState.CHAT_STATE_COMPLETED] })).chats).toMatchObject([{ chatId }]);
  });
});

describe('GetChat', () => {
  it('CH-13 shows the end of the window, and apart from it the end of the free entry of an answered advertisement', async () => {
    const { world, chats, chatId } = await start();
    const [wroteAt, day] = [world.clock.now(), 24 * 3_600_000];
    const end = { windowClosesAt: new Date(wroteAt.getTime() + day), freeEntryUntil: undefined };
    expect((await chats.getChat({ chatId })).chat).toMatchObject(end);

    await world.clock.advance(60_000);
    const clickedAt = world.clock.now();
    const referral = { ...Referral.decode(new Uint8Array()), sourceType: 'ad', sourceId: '1202' };
    await world.hearMessages(wrote({ phone: '12025550143' }, 'w2', clickedAt, { referral }));
    await chats.reply({ chatId, idempotencyKey: 'k', text: 'hello' });

    const { chat } = await chats.getChat({ chatId });
    expect(chat?.windowClosesAt).toEqual(new Date(clickedAt.getTime() + day));
    expect(chat?.freeEntryUntil).toEqual(new Date(clickedAt.getTime() + 3 * day));
    expect((await chats.listChats({})).chats).toMatchObject([{ windowClosesAt: chat?.windowClosesAt }]);
    await chats.complete({ chatId });
    expect((await chats.getChat({ chatId })).chat?.windowClosesAt).toBeUndefined();
  });
});

describe('Reply', () => {
  it('asks egress first: what is refused stands in no chat', async () => {
    const { world, chats, chatId, threadId } = await start();
    world.checkReply = () =>
      Promise.resolve({
        code: 'egress.window-closed',
        reason: 'the window is closed',
        remedy: 'use a template',
        field: '',
      });

    await expect(chats.reply({ chatId, idempotencyKey: 'k', text: 'hello' })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'egress.window-closed',
      violations: [{ field: 'text', description: 'the window is closed; use a template' }],
    });
    expect((await chats.listMessages({ threadId })).messages).toHaveLength(1);
    expect(world.asked).toMatchObject([{ number: NUMBER, last: { wamid: 'w1' } }]);
  });

  it('says so while egress is away, and keeps nothing', async () => {
    const { world, chats, chatId } = await start();
    world.checkReply = () => Promise.reject(new Failure('unavailable', 'grpc.unavailable', 'egress is away'));

    await expect(chats.reply({ chatId, idempotencyKey: 'k', text: 'hello' })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(world.said()).toHaveLength(3);
  });

  it('TX-2 is one message for one key, and asks egress once', async () => {
    const { world, chats, chatId } = await start();

    const first = await chats.reply({ chatId, idempotencyKey: 'k', text: 'hello' });
    const again = await chats.reply({ chatId, idempotencyKey: 'k', text: 'hello' });

    expect(again).toEqual(first);
    expect(world.asked).toHaveLength(1);
    await expect(chats.reply({ chatId, idempotencyKey: 'k', text: 'other' })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'routing.key-reused',
    });
  });

  it('is in the transcript at once, and counts as read', async () => {
    const { chats, chatId } = await start();

    const { messageId } = await chats.reply({ chatId, idempotencyKey: 'k', text: 'hello' });

    const { messages } = await chats.listMessages({ chatId });
    expect(messages.at(-1)).toMatchObject({
      messageId,
      author: Author.AUTHOR_OPERATOR,
      authorId: 'olga',
      deliveryState: DeliveryState.DELIVERY_STATE_ACCEPTED,
    });
    expect(messages[0]).toMatchObject({ deliveryState: DeliveryState.DELIVERY_STATE_UNSPECIFIED });
    expect((await chats.getChat({ chatId })).chat).toMatchObject({ state: ChatState.CHAT_STATE_ACTIVE, unread: 0 });
  });
});

describe('WatchChats', () => {
  it('goes on from its cursor, in order, with the organisation’s own events alone', async () => {
    const { world, server, chats, threadId } = await start();
    const read = async (client: typeof chats, cursor: string) => {
      const seen: bigint[] = [];
      let last = cursor;
      for await (const { change, cursor: next } of client.watchChats({ cursor })) {
        last = next;
        if (change?.$case === 'threadEvent' && change.value.threadId === threadId) seen.push(change.value.sequence);
      }
      return { seen, last };
    };

    const first = await read(chats, '0');
    await world.hearMessages(wrote({ userId: 'US.1' }, 'w2', world.clock.now()));

    expect(first.seen).toEqual([1n, 2n, 3n]);
    expect((await read(chats, first.last)).seen).toEqual([4n]);
    expect((await read(await server.chats('globex'), '0')).seen).toEqual([]);
  });
});

describe('SE-1 another organisation', () => {
  it('sees nothing, by any call', async () => {
    const { world, server, chatId, threadId } = await start();
    const [chats, customers] = [await server.chats('globex'), await server.customers('globex')];
    const customerId = world.said()[0]?.customerId ?? '';
    const notFound = { kind: 'not-found' };

    expect((await chats.listChats({})).chats).toEqual([]);
    await expect(chats.listChats({ organisationId: 'acme' })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(chats.getChat({ chatId })).rejects.toMatchObject(notFound);
    await expect(chats.listMessages({ chatId })).rejects.toMatchObject(notFound);
    await expect(chats.listMessages({ threadId })).rejects.toMatchObject(notFound);
    await expect(chats.reply({ chatId, idempotencyKey: 'k', text: 'x' })).rejects.toMatchObject(notFound);
    await expect(chats.complete({ chatId })).rejects.toMatchObject(notFound);
    await expect(customers.getCustomer({ customerId })).rejects.toMatchObject(notFound);
    await expect(customers.findCustomers({ phoneNumberId: NUMBER, alias: 'US.1' })).rejects.toMatchObject(notFound);
    await expect(
      customers.resolveBatch({ phoneNumberId: NUMBER, recipients: [{ phone: '12025550143', userId: '' }] }),
    ).rejects.toMatchObject(notFound);
    await expect(customers.undoJoin({ customerId })).rejects.toMatchObject(notFound);
    const watched = chats.watchChats({ organisationId: 'acme' })[Symbol.asyncIterator]();
    await expect(watched.next()).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('ResolveBatch', () => {
  it('answers in the order asked, makes those nobody knows, and tells the chat that is open', async () => {
    const { customers, chatId, threadId } = await start();
    const recipients = [
      { phone: '+1 (202) 555-0199', userId: '' },
      { phone: '', userId: 'US.1' },
      { phone: '+12025550199', userId: '' },
    ];

    const { recipients: resolved } = await customers.resolveBatch({ phoneNumberId: NUMBER, recipients });

    expect(resolved).toMatchObject([
      { address: { phone: '12025550199' }, openChatId: '', lastInbound: undefined },
      { threadId, openChatId: chatId, lastInbound: { whatsappMessageId: 'w1' } },
      { customerId: resolved[0]?.customerId },
    ]);
  });
});

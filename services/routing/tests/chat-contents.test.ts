import { DeliveryState } from '@switchboard/contracts/routing/v1/chat_service';
import { Author } from '@switchboard/contracts/routing/v1/events';
import { type Content, Media } from '@switchboard/contracts/whatsapp/v1/content';
import { createWorld, NUMBER, numberState, serve, wrote } from './support/world.js';

/** `Reply` with more than a text, and `MarkRead`, over real gRPC on loopback. */

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
  await world.hearMessages(wrote({ phone: '12025550143', userId: 'US.1' }, 'wamid.1', world.clock.now()));
  const threadId = world.said()[0]?.threadId ?? '';
  return { world, server, threadId, chatId: `${threadId}:1`, chats: await server.chats('acme') };
}

const file = (fileId: string, caption = ''): Content => ({
  kind: { $case: 'media', value: { ...Media.decode(new Uint8Array()), kind: 'document', fileId, caption } },
});
const template: Content = {
  kind: { $case: 'template', value: { name: 'order_ready', language: 'en', components: [], version: undefined } },
};
const location: Content = {
  kind: { $case: 'location', value: { latitude: 1, longitude: 2, name: 'Shop', address: undefined, url: undefined } },
};
const reaction: Content = { kind: { $case: 'reaction', value: { messageId: 'wamid.1', emoji: '👍' } } };
const buttons: Content = {
  kind: {
    $case: 'interactive',
    value: {
      header: undefined,
      body: 'Which one?',
      footer: '',
      action: { $case: 'replyButtons', value: { buttons: [{ id: '1', title: 'One' }] } },
    },
  },
};

describe('Reply', () => {
  it.each([
    ['a file', file('f-1', 'your invoice'), 'your invoice'],
    ['a file without a word', file('f-1'), '[document]'],
    ['a template', template, '[template order_ready]'],
    ['a place', location, 'Shop'],
    ['a reaction', reaction, '👍'],
    ['something to press', buttons, 'Which one?'],
  ])('TX-5 says %s, as it was asked for', async (_what, content, preview) => {
    const { world, chats, chatId, threadId } = await start();

    const { messageId } = await chats.reply({ chatId, idempotencyKey: 'k', content });

    expect(world.asked).toMatchObject([{ number: NUMBER, content }]);
    const queued = world.said().flatMap(({ event }) => (event?.$case === 'replyQueued' ? [event.value] : []));
    expect(queued).toMatchObject([{ messageId, content, author: Author.AUTHOR_OPERATOR }]);
    expect((await chats.listMessages({ threadId })).messages.at(-1)).toMatchObject({
      messageId,
      content,
      deliveryState: DeliveryState.DELIVERY_STATE_ACCEPTED,
    });
    expect((await chats.getChat({ chatId })).chat?.lastMessagePreview).toBe(preview);
  });

  it('TX-2 is one message for one key and content', async () => {
    const { world, chats, chatId } = await start();
    const first = await chats.reply({ chatId, idempotencyKey: 'k', content: file('f-1') });

    expect(await chats.reply({ chatId, idempotencyKey: 'k', content: file('f-1') })).toEqual(first);
    expect(world.asked).toHaveLength(1);
    for (const other of [{ content: file('f-2') }, { text: 'hello' }]) {
      await expect(chats.reply({ chatId, idempotencyKey: 'k', ...other })).rejects.toMatchObject({
        code: 'routing.key-reused',
      });
    }
  });

  it('TX-1 names the field as the caller wrote it', async () => {
    const { world, chats, chatId, threadId } = await start();
    const refusal = { code: 'egress.media-not-found', reason: 'no such file', remedy: 'upload it' };
    world.checkReply = () => Promise.resolve({ ...refusal, field: 'content.media.file_id' });

    await expect(chats.reply({ chatId, idempotencyKey: 'k', content: file('x') })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'egress.media-not-found',
      violations: [{ field: 'content.media.file_id', description: 'no such file; upload it' }],
    });
    expect((await chats.listMessages({ threadId })).messages).toHaveLength(1);
  });

  it('TX-1 names the field of a template that begins a chat as the caller wrote it', async () => {
    const { world, chats } = await start();
    const field = 'content.template.components[0].parameters[0].media.file_id';
    world.checkReply = () => Promise.resolve({ code: 'c', reason: 'r', remedy: 'm', field });
    const begun = { phoneNumberId: NUMBER, userId: 'US.1', idempotencyKey: 'k' };

    await expect(
      chats.start({ ...begun, template: { name: 'order_ready', language: 'en', components: [], version: undefined } }),
    ).rejects.toMatchObject({ violations: [{ field: 'template.components[0].parameters[0].media.file_id' }] });
  });

  const half = Buffer.from([0x66, 0xf0, 0x9f, 0x98]).toString();
  it.each<[string, { text?: string; content: Content }, string]>([
    ['a text and something else', { text: 'hello', content: file('f-1') }, 'content'],
    ['a content that says nothing', { content: { kind: undefined } }, 'content'],
    ['half a character', { content: file('f-1', half) }, 'content'],
    ['too much', { content: file('f-1', 'x'.repeat(65_536)) }, 'content'],
    [
      'a template of no name',
      { content: { kind: { ...template.kind!, value: { ...template.kind!.value, name: 'No' } } as Content['kind'] } },
      'content.template.name',
    ],
  ])('refuses %s', async (_what, said, field) => {
    const { world, chats, chatId } = await start();

    await expect(chats.reply({ chatId, idempotencyKey: 'k', ...said })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'routing.invalid-request',
      violations: [{ field }],
    });
    expect(world.asked).toEqual([]);
  });
});

describe('MarkRead', () => {
  it('TX-5 tells of the customer’s last message, for whoever has the chat, and changes nothing in it', async () => {
    const { world, server, chatId } = await start();
    const olga = await server.operator('olga');
    await olga.accept({ chatId });
    await world.hearOffers();
    await world.hearMessages(wrote({ phone: '12025550143' }, 'wamid.2', world.clock.now()));
    const before = (await olga.getChat({ chatId })).chat;

    await olga.markRead({ chatId });
    await olga.markRead({ chatId, typingIndicator: true });

    expect(world.receipts).toEqual([
      { number: NUMBER, wamid: 'wamid.2', isTyping: false },
      { number: NUMBER, wamid: 'wamid.2', isTyping: true },
    ]);
    expect((await olga.getChat({ chatId })).chat).toEqual(before);
    expect(before?.unread).toBe(2);
  });

  it('TX-5 is not for others, supervisors neither, nor while nobody has the chat', async () => {
    const { world, server, chatId } = await start();
    const [olga, omar] = [await server.operator('olga'), await server.operator('omar', 'routing.*')];
    await expect(olga.markRead({ chatId })).rejects.toMatchObject({ code: 'routing.chat-not-taken' });
    await olga.accept({ chatId });
    await world.hearOffers();

    await expect(omar.markRead({ chatId })).rejects.toMatchObject({ code: 'routing.chat-taken' });
    await expect((await server.bot('echo')).markRead({ chatId })).rejects.toMatchObject({ code: 'routing.chat-taken' });
    expect(world.receipts).toEqual([]);
  });

  it('TX-5 of a service is for any open chat of its organisation', async () => {
    const { world, server, chats, chatId } = await start();
    await chats.markRead({ chatId });
    expect(world.receipts).toHaveLength(1);

    await expect((await server.chats('globex')).markRead({ chatId })).rejects.toMatchObject({ kind: 'not-found' });
    await expect((await server.chats('acme', 'routing.chats:read')).markRead({ chatId })).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(chats.markRead({ chatId: 'x' })).rejects.toMatchObject({ violations: [{ field: 'chat_id' }] });
    await chats.complete({ chatId });
    await expect(chats.markRead({ chatId })).rejects.toMatchObject({ code: 'routing.chat-completed' });
    expect(world.receipts).toHaveLength(1);
  });

  it('TX-5 has nothing to tell where the customer has not written yet', async () => {
    const { world, chats } = await start();
    const template = { name: 'hello', language: 'en', components: [], version: undefined };
    const { chat } = await chats.start({ phoneNumberId: NUMBER, phone: '12025550199', idempotencyKey: 's', template });

    await chats.markRead({ chatId: chat?.chatId ?? '' });

    expect(world.receipts).toEqual([]);
  });
});

import { ChatState } from '@switchboard/contracts/routing/v1/events';
import { begin, lastOf, stopAll, typesOf } from './support/life.js';
import { NUMBER } from './support/world.js';

/** CH-8 a chat that our side begins, over gRPC. */

afterEach(stopAll);

const template = { name: 'order_ready', language: 'en_US', components: [] };
const begun = { phoneNumberId: NUMBER, phone: '+1 (202) 555-0199', idempotencyKey: 'k' };

describe('CH-8 starting a chat', () => {
  it('with a template opens one that is active and of who began it', async () => {
    const { world, server } = await begin({ isQuiet: true });
    const olga = await server.operator('olga');

    const { chat, messageId } = await olga.start({ ...begun, template });

    expect(typesOf(world)).toEqual(['chatOpened', 'chatAssigned', 'replyQueued']);
    expect(chat).toMatchObject({
      state: ChatState.CHAT_STATE_ACTIVE,
      operatorId: 'olga',
      userInitiated: false,
      customer: { phone: '12025550199' },
      lastMessagePreview: '[template order_ready]',
    });
    expect(lastOf(world, 'replyQueued')).toMatchObject({
      messageId,
      content: { kind: { $case: 'template', value: template } },
      recipient: { phone: '12025550199' },
      lastInbound: undefined,
    });
    expect(world.desk.claims).toMatchObject([{ chatId: chat?.chatId, operatorId: 'olga' }]);
    expect(world.asked).toMatchObject([{ last: null, content: { kind: { $case: 'template' } } }]);
  });

  it('TX-2 is one chat and one message for one key', async () => {
    const { world, chats } = await begin({ isQuiet: true });

    const first = await chats.start({ ...begun, template });
    const again = await chats.start({ ...begun, template });

    expect(again.messageId).toBe(first.messageId);
    expect(typesOf(world)).toEqual(['chatOpened', 'replyQueued']);
    await expect(chats.start({ ...begun, text: 'other' })).rejects.toMatchObject({ code: 'routing.key-reused' });
  });

  it('with an open chat answers that one', async () => {
    const { world, chats, chatId } = await begin();

    const { chat } = await chats.start({ phoneNumberId: NUMBER, userId: 'US.1', idempotencyKey: 'k', text: 'hi' });

    expect(chat).toMatchObject({ chatId, state: ChatState.CHAT_STATE_ACTIVE, userInitiated: true });
    expect(typesOf(world).filter((type) => type === 'chatOpened')).toHaveLength(1);
  });

  it('after a completed one opens another, linked to it, of a customer by their id', async () => {
    const { world, chats, chatId } = await begin();
    const customerId = world.said()[0]?.customerId ?? '';
    await chats.complete({ chatId });

    const { chat } = await chats.start({
      phoneNumberId: NUMBER,
      customerId,
      idempotencyKey: 'k',
      text: 'one more thing',
    });

    expect(chat).toMatchObject({ formerChatId: chatId, state: ChatState.CHAT_STATE_ACTIVE, userInitiated: false });
  });

  it('with a text needs an open window: what egress refuses opens nothing', async () => {
    const { world, chats } = await begin({ isQuiet: true });
    world.checkReply = () =>
      Promise.resolve({
        code: 'egress.window-closed',
        reason: 'the window is closed',
        remedy: 'use a template',
        field: '',
      });

    await expect(chats.start({ ...begun, text: 'hi' })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'egress.window-closed',
      violations: [{ field: 'text' }],
    });
    expect(world.said()).toEqual([]);
  });

  it('is refused at the operator’s limit, on a number of nobody, and for a customer of another number', async () => {
    const { world, server, chats } = await begin({ isQuiet: true });
    world.desk.atLimit.add('olga');
    const olga = await server.operator('olga');

    await expect(olga.start({ ...begun, template })).rejects.toMatchObject({ kind: 'exhausted' });
    await expect(chats.start({ ...begun, phoneNumberId: '999', template })).rejects.toMatchObject({
      kind: 'not-found',
    });
    await expect(
      chats.start({ phoneNumberId: NUMBER, customerId: 'nobody', idempotencyKey: 'k', template }),
    ).rejects.toMatchObject({ kind: 'not-found' });
    expect(world.said()).toEqual([]);
  });

  it('of a bot is refused while people have the chat', async () => {
    const { server } = await begin();

    await expect(
      (await server.bot('echo')).start({ phoneNumberId: NUMBER, userId: 'US.1', idempotencyKey: 'k', text: 'hi' }),
    ).rejects.toMatchObject({ code: 'routing.chat-taken' });
  });
});

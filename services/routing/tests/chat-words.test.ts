import { MessageKind, type MessageReceived } from '@switchboard/contracts/ingress/v1/events';
import { ChatState, CompletionReason } from '@switchboard/contracts/routing/v1/events';
import { type ProfanitySettings } from '../src/domain/flow/settings.js';
import { minutes } from './support/inputs.js';
import { begin, lastOf, MINUTE, stopAll, text, textsTold, typesOf } from './support/life.js';
import { type World, wrote } from './support/world.js';

/** Words of the brand's lists, blocks, and the rating after completion, over gRPC. */

afterEach(stopAll);

const profanity = (more: Partial<ProfanitySettings> = {}): ProfanitySettings => ({
  languages: [],
  words: ['darn'],
  allowedWords: [],
  limit: 2,
  warningText: 'Mind your words.',
  completeAtLimit: true,
  blockFor: null,
  ...more,
});
const day = { months: 0, days: 1, seconds: 0 };

describe('PF-1 words of the brand’s lists', () => {
  it('are warned of below the limit, and complete the chat at it', async () => {
    const { world, write, state } = await begin({ flow: { profanity: profanity() } });
    await write(text('darn you'));
    expect(await state()).toMatchObject({ state: ChatState.CHAT_STATE_WAITING, profanityCount: 1 });
    await write(text('I said D A R N'));

    expect(textsTold(world)).toEqual(['Mind your words.']);
    expect(lastOf(world, 'profanityFound')).toMatchObject({ whatsappMessageId: 'w3', count: 2, limit: 2 });
    expect(await state()).toMatchObject({
      completionReason: CompletionReason.COMPLETION_REASON_PROFANITY,
      profanityCount: 2,
    });
  });

  it('PF-2 are counted once per message, however often it is delivered', async () => {
    const { world, state } = await begin({ flow: { profanity: profanity() } });
    const rude = wrote({ phone: '12025550143' }, 'rude', world.clock.now(), text('darn'));

    await world.hearMessages(rude, rude);
    await world.hearMessages(rude);

    expect(typesOf(world).filter((type) => type === 'profanityFound')).toHaveLength(1);
    expect((await state()).profanityCount).toBe(1);
  });

  describe('PF-2 of a message that is edited', () => {
    const edited = (target: string, body: string, more: Partial<MessageReceived> = {}) => ({
      kind: MessageKind.MESSAGE_KIND_EDIT,
      content: {
        kind: { $case: 'edit' as const, value: { originalMessageId: target, content: text(body).content } },
      },
      ...more,
    });
    const found = (world: World) => typesOf(world).filter((type) => type === 'profanityFound');

    it('count when the edit brings them, and warn as those of a new one do', async () => {
      const { world, write, state } = await begin({ flow: { profanity: profanity() } });

      await write(edited('w1', 'you darn fool'));

      expect(lastOf(world, 'profanityFound')).toMatchObject({
        whatsappMessageId: 'w1',
        count: 1,
        spans: [{ start: 4, length: 4 }],
      });
      expect(textsTold(world)).toEqual(['Mind your words.']);
      expect((await state()).profanityCount).toBe(1);
    });

    it('count once, however often it is edited or delivered', async () => {
      const { world, write, state } = await begin({ flow: { profanity: profanity({ limit: 9 }) } });
      await write(text('darn'));
      const edit = wrote({ phone: '12025550143' }, 'e1', world.clock.now(), edited('w1', 'darn'));

      await world.hearMessages(edit, edit);
      await write(edited('w1', 'darn, darn'));
      await write(edited('w2', 'darn again'));

      expect(found(world)).toHaveLength(2);
      expect((await state()).profanityCount).toBe(2);
    });

    it('count once over the chats of a thread', async () => {
      const { world, chats, chatId, write, state } = await begin({ flow: { profanity: profanity() } });
      await write(text('darn'));
      await chats.complete({ chatId });
      await write(text('hello'));

      await write(edited('w2', 'darn you'));

      expect(found(world)).toHaveLength(1);
      expect((await state(2)).profanityCount).toBe(0);
    });

    it('complete the chat at the limit, and count nothing afterwards', async () => {
      const { world, write, state } = await begin({ flow: { profanity: profanity({ limit: 1 }) } });
      await write(edited('w1', 'darn'));
      await write(edited('w1', 'darn!'));

      expect(found(world)).toHaveLength(1);
      expect(await state()).toMatchObject({ completionReason: CompletionReason.COMPLETION_REASON_PROFANITY });
    });

    it('are no matter in what our side edits, nor in groups', async () => {
      const { world, write } = await begin({ flow: { profanity: profanity() } });

      await write(edited('w1', 'darn', { fromBusiness: true }));
      await write(edited('w1', 'darn', { groupId: 'g' }));

      expect(found(world)).toEqual([]);
    });
  });

  it('PF-2 are counted per chat, and shown where they stand', async () => {
    const { world, chats, chatId, write, state } = await begin({ flow: { profanity: profanity() } });
    await write(text('oh darn'));
    await chats.complete({ chatId });
    await write(text('darn'));

    expect(lastOf(world, 'profanityFound')).toMatchObject({ count: 1, spans: [{ start: 0, length: 4 }] });
    expect(await state(2)).toMatchObject({ state: ChatState.CHAT_STATE_WAITING });
  });

  it('block the customer for the brand’s time; then they may write again', async () => {
    const { world, write, state } = await begin({ flow: { profanity: profanity({ limit: 1, blockFor: day }) } });
    await write(text('darn'));
    expect(lastOf(world, 'customerBlocked')).toMatchObject({ blockedBy: '', spam: false });
    expect(await state()).toMatchObject({ blocked: true, state: ChatState.CHAT_STATE_COMPLETED });

    await write(text('hello?'));
    expect(lastOf(world, 'messageAppended')).toMatchObject({ blocked: true });
    expect(world.said().at(-1)?.chatId).toBe('');
    await world.pass(24 * 60 * MINUTE);
    expect(lastOf(world, 'customerUnblocked')).toEqual({ unblockedBy: '' });
    await write(text('hello!'));

    expect(await state(2)).toMatchObject({ state: ChatState.CHAT_STATE_WAITING, blocked: false });
  });

  it('are let go where the brand wants none of it', async () => {
    const { world, write } = await begin({ flow: { profanity: null } });
    await write(text('darn'));

    expect(typesOf(world)).not.toContain('profanityFound');
  });
});

describe('PF-3 blocking a customer', () => {
  it('completes the chat, and lasts until somebody unblocks', async () => {
    const { world, chats, chatId, write, state } = await begin();

    await chats.blockCustomer({ chatId, reason: 'abusive', duration: '', spam: true });
    await chats.blockCustomer({ chatId, reason: 'again', duration: 'P1D' });

    expect(typesOf(world).filter((type) => type === 'customerBlocked')).toHaveLength(1);
    expect(lastOf(world, 'customerBlocked')).toMatchObject({ reason: 'abusive', spam: true, until: undefined });
    expect(await state()).toMatchObject({
      completionReason: CompletionReason.COMPLETION_REASON_BLOCKED,
      blocked: true,
    });
    expect(world.timers.armed().size).toBe(0);
    await write();
    expect((await chats.listChats({})).chats).toEqual([]);
    await chats.unblockCustomer({ chatId });
    await write();
    expect((await chats.listChats({})).chats).toHaveLength(1);
  });

  it('waits for a supervisor where the brand wants that', async () => {
    const { world, server, chatId, state } = await begin({ flow: { blockNeedsApproval: true } });
    const olga = await server.operator('olga');
    const sue = await server.operator('sue', 'routing.*');

    await olga.blockCustomer({ chatId, reason: 'abusive', duration: 'P3D' });
    expect(await state()).toMatchObject({ blocked: false, blockRequested: true, state: ChatState.CHAT_STATE_WAITING });
    await sue.decideBlock({ chatId, approve: false });
    expect(await state()).toMatchObject({ blockRequested: false });
    await olga.blockCustomer({ chatId, reason: 'abusive', duration: 'P3D' });
    await sue.decideBlock({ chatId, approve: true });

    expect(lastOf(world, 'customerBlocked')).toEqual({
      blockedBy: 'sue',
      reason: 'abusive',
      spam: false,
      until: new Date(world.clock.now().getTime() + 3 * 24 * 60 * MINUTE),
    });
    expect(lastOf(world, 'blockDeclined')).toEqual({ declinedBy: 'sue' });
  });

  it('keeps everybody from starting a chat with them', async () => {
    const { chats, chatId } = await begin();
    await chats.blockCustomer({ chatId });

    await expect(
      chats.start({ phoneNumberId: '341', userId: 'US.1', idempotencyKey: 'k', text: 'hi' }),
    ).rejects.toMatchObject({ kind: 'conflict', code: 'routing.customer-blocked' });
  });
});

describe('CH-11 a rating', () => {
  const star = (id: string, title: string) => ({ id, title, description: '' });
  const rating = { questionText: 'How was {brand}?', thanksText: 'Thank you!' };
  const choose = (chatId: string, stars: number) => ({
    content: {
      kind: {
        $case: 'interactiveReply' as const,
        value: { type: 'list_reply', id: `rating:${chatId}:${stars}`, title: '★' },
      },
    },
  });
  async function served(more: { flow?: object } = {}) {
    const begun = await begin({ flow: { rating, ...more.flow } });
    const olga = await begun.server.operator('olga');
    await olga.reply({ chatId: begun.chatId, idempotencyKey: 'k', text: 'done' });
    await olga.complete({ chatId: begun.chatId });
    return begun;
  }

  it('is asked for as a list after completion, and its answer opens no chat', async () => {
    const { world, chats, chatId, write, state } = await served();
    expect(lastOf(world, 'replyQueued')?.content?.kind).toMatchObject({
      $case: 'interactive',
      value: {
        body: 'How was Acme Shoes?',
        action: {
          $case: 'list',
          value: { sections: [{ rows: expect.arrayContaining([star(`rating:${chatId}:5`, '★★★★★')]) }] },
        },
      },
    });

    await write(choose(chatId, 4));

    expect(typesOf(world).slice(-3)).toEqual(['messageAppended', 'chatRated', 'replyQueued']);
    expect(await state()).toMatchObject({ ratingStars: 4, state: ChatState.CHAT_STATE_COMPLETED });
    expect(textsTold(world).at(-1)).toBe('Thank you!');
    expect((await chats.listChats({})).chats).toEqual([]);
    expect((await chats.listMessages({ chatId })).messages.at(-2)).toMatchObject({ chatId });
  });

  it('may be changed by another choice; thanks are said once', async () => {
    const { world, chatId, write, state } = await served();
    await write(choose(chatId, 4));
    await write(choose(chatId, 2));

    expect((await state()).ratingStars).toBe(2);
    expect(textsTold(world).filter((said) => said === 'Thank you!')).toHaveLength(1);
  });

  it('may be a bare digit for an hour, also one of full width; later it opens a chat', async () => {
    const soon = await served();
    await soon.write(text(' ５ '));
    expect((await soon.state()).ratingStars).toBe(5);
    await soon.write(text('5'));
    expect((await soon.state(2)).state).toBe(ChatState.CHAT_STATE_WAITING);

    const late = await served();
    await late.world.pass(61 * MINUTE);
    await late.write(text('5'));
    expect((await late.state(2)).state).toBe(ChatState.CHAT_STATE_WAITING);
  });

  it('is not asked for of a chat that nobody served, nor when the window is closed, nor of a rude one', async () => {
    const unserved = await begin({ flow: { rating } });
    await unserved.chats.complete({ chatId: unserved.chatId });
    expect(textsTold(unserved.world)).toEqual([]);

    const late = await begin({
      flow: { rating, idleClose: { customerOwes: minutes(1_440), operatorOwes: minutes(1_440) } },
    });
    await late.world.pass(MINUTE);
    await (await late.server.operator('olga')).reply({ chatId: late.chatId, idempotencyKey: 'k', text: 'done' });
    await late.world.pass(1_440 * MINUTE);
    expect((await late.state()).state).toBe(ChatState.CHAT_STATE_COMPLETED);
    expect(textsTold(late.world)).toEqual([]);
  });
});

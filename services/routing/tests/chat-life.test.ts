import { MessageKind } from '@switchboard/contracts/ingress/v1/events';
import { ChatDeadline } from '@switchboard/contracts/routing/v1/chat_service';
import { ChatState, CompletionReason, HandOverCause } from '@switchboard/contracts/routing/v1/events';
import { type Hours } from '../src/domain/flow/hours.js';
import { echo, flow, minutes } from './support/inputs.js';
import { ana, begin, lastOf, MINUTE, stopAll, text, textsTold, typesOf } from './support/life.js';
import { NUMBER, wrote } from './support/world.js';

/** A chat from its first message to its completion, over gRPC, with timers that fire at their time. */

afterEach(stopAll);

const offer = (threadId: string, sequence: number, count: number) => ({
  organisationId: 'acme',
  threadId,
  chatId: `${threadId}:1`,
  phoneNumberId: NUMBER,
  occurredAt: new Date(0),
  sequence: BigInt(sequence),
  count: BigInt(count),
});

describe('a chat that waits for a person', () => {
  it('CH-2 asks the desk for whom the rules choose, and says which rule it was', async () => {
    const target = { kind: 'operators' as const, operatorIds: ['olga'], departmentId: '' };
    const { world, threadId, state } = await begin({
      flow: {
        rules: [
          {
            ruleId: 'vip',
            name: 'VIP',
            conditions: [{ subject: 'text', attribute: '', operator: 'contains', values: ['W1'] }],
            target,
            manner: 'one-by-one',
            offerTimeout: { months: 0, days: 0, seconds: 20 },
          },
        ],
      },
    });

    expect(lastOf(world, 'chatRouted')).toMatchObject({ ruleId: 'vip', ruleName: 'VIP', settingsVersion: 1n });
    expect(world.desk.asked()).toMatchObject([
      {
        threadId,
        count: 1n,
        request: {
          $case: 'personWanted',
          value: { departmentId: 'sales', offerTimeoutMs: 20_000, target: { operatorIds: ['olga'] } },
        },
      },
    ]);
    expect(await state()).toMatchObject({ ruleId: 'vip', waitingSince: world.clock.now() });
  });

  it('CH-2 of a rule for nobody asks no desk', async () => {
    const nobody = { kind: 'nobody' as const, operatorIds: [], departmentId: '' };
    const rule = { ruleId: 'none', name: 'None', conditions: [], target: nobody, manner: 'all-at-once' as const };
    const { world } = await begin({ flow: { rules: [{ ...rule, offerTimeout: minutes(1) }] } });

    expect(lastOf(world, 'chatRouted')).toMatchObject({ ruleId: 'none' });
    expect(world.desk.asked()).toEqual([]);
  });

  it('CH-3 shows to whom it is offered, and no longer when the offer is over', async () => {
    const { world, threadId, state } = await begin();
    const until = new Date(world.clock.now().getTime() + 30_000);
    const offered = { $case: 'offered' as const, value: { operatorIds: ['olga', 'otto'], until } };

    await world.hearOffers({ ...offer(threadId, 1, 1), offer: offered });
    expect(await state()).toMatchObject({ state: ChatState.CHAT_STATE_WAITING, offeredOperatorIds: ['olga', 'otto'] });

    const ended = { $case: 'offerEnded' as const, value: { operatorIds: ['olga', 'otto'], timedOut: true } };
    await world.hearOffers({ ...offer(threadId, 2, 1), offer: ended });
    expect(await state()).toMatchObject({ offeredOperatorIds: [] });
    expect(lastOf(world, 'chatOfferEnded')).toMatchObject({ timedOut: true });
  });

  it('CH-3 is whose the desk says; what the desk says of an earlier request takes no place for good', async () => {
    const { world, threadId, chats, chatId, state } = await begin();
    await chats.complete({ chatId });
    const released = world.desk.asked().at(-1);
    const assigned = { $case: 'assigned', value: { operatorId: 'olga', cause: 2 } } as const;

    await world.hearOffers({ ...offer(threadId, 1, 1), offer: assigned });

    expect(released).toMatchObject({ count: 2n, request: { $case: 'chatReleased' } });
    expect(world.desk.asked().at(-1)).toMatchObject({ chatId, count: 1n, request: { $case: 'chatReleased' } });
    expect(await state()).toMatchObject({ state: ChatState.CHAT_STATE_COMPLETED, operatorId: '' });
  });

  it('CH-4 is missed when nobody took it in time, and not a moment before', async () => {
    const { world, state } = await begin();

    await world.pass(5 * MINUTE - 1);
    expect(await state()).toMatchObject({
      state: ChatState.CHAT_STATE_WAITING,
      deadline: ChatDeadline.CHAT_DEADLINE_MISSED,
    });
    await world.pass(1);

    expect(await state()).toMatchObject({
      state: ChatState.CHAT_STATE_MISSED,
      deadline: ChatDeadline.CHAT_DEADLINE_MISSED_CLOSE,
      deadlineAt: new Date(world.clock.now().getTime() + 60 * MINUTE),
    });
    expect(world.desk.asked().at(-1)).toMatchObject({ request: { $case: 'chatReleased' } });
    expect((await world.chatRows.find((await state()).chatId, 'acme'))?.longestWaitMs).toBe(5 * MINUTE);
  });

  it('CH-4 is never missed where no waiting time is set: no timer is armed', async () => {
    const { world, state } = await begin({ flow: { waiting: null } });

    expect(world.timers.armed().size).toBe(0);
    expect(await state()).toMatchObject({ deadline: ChatDeadline.CHAT_DEADLINE_UNSPECIFIED, deadlineAt: undefined });
  });

  it('CH-4 is missed by its first message: further ones do not make it wait longer', async () => {
    const { world, write, state } = await begin();
    await world.pass(4 * MINUTE);
    await write();
    await world.pass(MINUTE);

    expect((await state()).state).toBe(ChatState.CHAT_STATE_MISSED);
  });
});

describe('a missed chat', () => {
  it('CH-5 closes itself, with the brand’s last word', async () => {
    const { world, state } = await begin({ flow: { closingText: 'Goodbye {customer}, {brand}' } });

    await world.pass(65 * MINUTE);

    expect(await state()).toMatchObject({
      state: ChatState.CHAT_STATE_COMPLETED,
      completionReason: CompletionReason.COMPLETION_REASON_MISSED,
    });
    expect(textsTold(world)).toEqual(['Goodbye , Acme Shoes']);
    expect(world.timers.armed().size).toBe(0);
  });

  it('CH-5 is active when somebody replies, and idle by then', async () => {
    const { world, chats, chatId, state } = await begin();
    await world.pass(30 * MINUTE);

    await chats.reply({ chatId, idempotencyKey: 'k', text: 'sorry' });
    expect(await state()).toMatchObject({
      state: ChatState.CHAT_STATE_ACTIVE,
      deadline: ChatDeadline.CHAT_DEADLINE_IDLE_CLOSE,
      deadlineAt: new Date(world.clock.now().getTime() + 20 * MINUTE),
    });
    await world.pass(20 * MINUTE);

    expect(await state()).toMatchObject({ completionReason: CompletionReason.COMPLETION_REASON_IDLE });
    expect(await world.chatRows.find(chatId, 'acme')).toMatchObject({
      missedForMs: 25 * MINUTE,
      longestIdleCustomerMs: 20 * MINUTE,
    });
  });
});

describe('an active chat', () => {
  it('CH-6, CH-10 closes when nobody writes: the time starts anew with any message of either side, by who owes the answer', async () => {
    const { world, chats, chatId, write, state } = await begin();
    await chats.reply({ chatId, idempotencyKey: 'a', text: 'hi' });
    await world.pass(19 * MINUTE);
    await write();
    await world.pass(9 * MINUTE);
    await chats.reply({ chatId, idempotencyKey: 'b', text: 'yes' });
    await world.pass(19 * MINUTE);
    expect((await state()).state).toBe(ChatState.CHAT_STATE_ACTIVE);
    await write();

    await world.pass(10 * MINUTE);

    expect(await state()).toMatchObject({ completionReason: CompletionReason.COMPLETION_REASON_IDLE });
  });

  it('CH-6 goes on with an echo: what was written on the phone is our side’s', async () => {
    const { world, chats, chatId, write, state } = await begin();
    await chats.reply({ chatId, idempotencyKey: 'a', text: 'hi' });
    await world.pass(19 * MINUTE);

    await write({ kind: MessageKind.MESSAGE_KIND_ECHO, fromBusiness: true });
    await world.pass(19 * MINUTE);

    expect((await state()).state).toBe(ChatState.CHAT_STATE_ACTIVE);
  });

  it('CH-10 warns once before it closes; a word takes both back', async () => {
    const warning = { before: minutes(2), text: 'Are you still there?' };
    const { world, chats, chatId, write, state } = await begin({ flow: { warning, closingText: 'Bye' } });
    await chats.reply({ chatId, idempotencyKey: 'a', text: 'hi' });

    await world.pass(18 * MINUTE);
    expect(textsTold(world)).toEqual(['Are you still there?']);
    expect(lastOf(world, 'idleWarned')).toEqual({ closesAt: new Date(world.clock.now().getTime() + 2 * MINUTE) });
    await write();
    await chats.reply({ chatId, idempotencyKey: 'b', text: 'yes' });
    await world.pass(20 * MINUTE);

    expect(textsTold(world)).toEqual(['Are you still there?', 'Are you still there?', 'Bye']);
    expect((await state()).state).toBe(ChatState.CHAT_STATE_COMPLETED);
  });

  it('CH-10 is closed without a word when the window is closed', async () => {
    const day = 24 * 60;
    const idleClose = { customerOwes: minutes(day), operatorOwes: minutes(day) };
    const { world, chats, chatId, state } = await begin({ flow: { closingText: 'Bye', idleClose } });
    await world.pass(MINUTE);
    await chats.reply({ chatId, idempotencyKey: 'a', text: 'hi' });

    await world.pass(day * MINUTE);

    expect((await state()).state).toBe(ChatState.CHAT_STATE_COMPLETED);
    expect(textsTold(world)).toEqual([]);
  });
});

describe('CH-9 changed settings', () => {
  it('hold from the next message or change of state', async () => {
    const { world, write, state } = await begin();
    const before = (await state()).deadlineAt;
    world.flow = flow({ version: 2, waiting: minutes(9) });

    expect((await state()).deadlineAt).toEqual(before);
    await write();

    expect((await state()).deadlineAt).toEqual(new Date(world.clock.now().getTime() + 9 * MINUTE));
  });

  it('hold at once where they are applied; a fire that was under way then does nothing', async () => {
    const { world, threadId, state } = await begin();
    const [armed] = world.timers.armed().values();
    world.flow = flow({ version: 2, waiting: minutes(9) });
    const command = { $case: 'applySettings', value: { brandId: 'brand', version: 2n } } as const;

    await world.hearCommands({ commandId: 'c', partition: 0, occurredAt: world.clock.now(), command });
    const about = { owner: 'routing', timerKey: threadId, dueAt: armed?.due, payload: Buffer.alloc(0) };
    await world.hearFires({ ...about, version: armed?.version ?? 0n });

    expect(await state()).toMatchObject({
      state: ChatState.CHAT_STATE_WAITING,
      deadlineAt: new Date(world.clock.now().getTime() + 9 * MINUTE),
    });
    expect(world.timers.armed().size).toBe(1);
  });

  it('that nobody made are set aside, and hold nobody up', async () => {
    const { world } = await begin();
    const apply = (version: bigint) => ({
      commandId: 'c',
      partition: 0,
      occurredAt: world.clock.now(),
      command: { $case: 'applySettings' as const, value: { brandId: 'brand', version } },
    });

    await world.hearCommands(apply(7n), apply(1n));

    expect(world.kept).toEqual([expect.stringContaining('routing.no-such-settings')]);
  });
});

describe('CH-7, BT-1 a chat that a bot attends to', () => {
  it('is the bot’s from its first message: nobody else is asked', async () => {
    const { world, server, chatId, state } = await begin({ bot: echo });

    expect(await state()).toMatchObject({ state: ChatState.CHAT_STATE_BOT, botId: 'echo' });
    expect(world.desk.asked()).toEqual([]);
    await (await server.bot('echo')).reply({ chatId, idempotencyKey: 'k', text: 'hello' });

    expect(lastOf(world, 'replyQueued')).toMatchObject({ author: 3, authorId: 'echo' });
    expect(await state()).toMatchObject({
      state: ChatState.CHAT_STATE_BOT,
      deadline: ChatDeadline.CHAT_DEADLINE_BOT_IDLE,
      deadlineAt: new Date(world.clock.now().getTime() + 15 * MINUTE),
    });
  });

  it('goes to people when the bot does not answer in time, and waits as long as any other then', async () => {
    const { world, write, state } = await begin({ bot: echo });
    await world.pass(20_000);
    await write();
    await world.pass(10_000);

    expect(lastOf(world, 'chatHandedOver')).toMatchObject({ cause: HandOverCause.HAND_OVER_CAUSE_TIMED_OUT });
    expect(await state()).toMatchObject({
      state: ChatState.CHAT_STATE_WAITING,
      botId: '',
      deadline: ChatDeadline.CHAT_DEADLINE_MISSED,
      deadlineAt: new Date(world.clock.now().getTime() + 5 * MINUTE),
    });
    expect(world.desk.asked()).toMatchObject([{ request: { $case: 'personWanted' } }]);
  });

  it.each([
    ['close', ChatState.CHAT_STATE_COMPLETED, CompletionReason.COMPLETION_REASON_IDLE],
    ['hand-over', ChatState.CHAT_STATE_WAITING, CompletionReason.COMPLETION_REASON_UNSPECIFIED],
  ] as const)(
    'has the bot’s own idle time, not the channel’s: then %s',
    async (idleAction, after, completionReason) => {
      const bot = { ...echo, idleAction, idleTime: minutes(25) };
      const { world, server, chatId, state } = await begin({ bot });
      await (await server.bot('echo')).reply({ chatId, idempotencyKey: 'k', text: 'hello' });

      await world.pass(24 * MINUTE);
      expect((await state()).state).toBe(ChatState.CHAT_STATE_BOT);
      await world.pass(MINUTE);

      expect(await state()).toMatchObject({ state: after, completionReason });
    },
  );

  it('is handed over by it, to a department, with a note; after that the channel’s idle time holds', async () => {
    const { world, server, chats, chatId, state } = await begin({ bot: echo });
    const bot = await server.bot('echo');

    await bot.handOver({ chatId, departmentId: 'care', note: 'wants a refund' });
    await bot.handOver({ chatId, departmentId: 'care', note: 'wants a refund' });

    expect(typesOf(world).filter((type) => type === 'chatHandedOver')).toHaveLength(1);
    expect(lastOf(world, 'chatHandedOver')).toEqual({
      botId: 'echo',
      cause: HandOverCause.HAND_OVER_CAUSE_BOT,
      departmentId: 'care',
      note: 'wants a refund',
    });
    expect(await state()).toMatchObject({ state: ChatState.CHAT_STATE_WAITING, departmentId: 'care' });
    await expect(bot.reply({ chatId, idempotencyKey: 'k', text: 'x' })).rejects.toMatchObject({
      code: 'routing.chat-taken',
    });
    await chats.reply({ chatId, idempotencyKey: 'p', text: 'a person' });
    expect((await state()).deadlineAt).toEqual(new Date(world.clock.now().getTime() + 20 * MINUTE));
  });

  it('is completed by it', async () => {
    const { server, chatId, state } = await begin({ bot: echo });

    await (await server.bot('echo')).complete({ chatId });

    expect(await state()).toMatchObject({ completionReason: CompletionReason.COMPLETION_REASON_BOT, botId: 'echo' });
  });

  it('goes to people at once when the bot is detached, or another is attached; its own again changes nothing', async () => {
    const { world, state } = await begin({ bot: echo });

    await world.giveBackChats(NUMBER, { ...echo, idleTime: minutes(1) });
    expect((await state()).state).toBe(ChatState.CHAT_STATE_BOT);
    await world.giveBackChats(NUMBER, { ...echo, botId: 'other' });
    await world.giveBackChats(NUMBER, null);

    expect(typesOf(world).filter((type) => type === 'chatHandedOver')).toHaveLength(1);
    expect(await state()).toMatchObject({ state: ChatState.CHAT_STATE_WAITING, botId: '' });
    expect(world.desk.asked()).toMatchObject([{ request: { $case: 'personWanted' } }]);
  });

  it('goes to people when the bot is not there any more', async () => {
    const { world, state } = await begin({ bot: echo });
    world.bot = null;

    await world.pass(MINUTE);

    expect(lastOf(world, 'chatHandedOver')).toMatchObject({ cause: HandOverCause.HAND_OVER_CAUSE_DETACHED });
    expect((await state()).state).toBe(ChatState.CHAT_STATE_WAITING);
  });
});

describe('CH-14 a chat that begins out of hours', () => {
  const closed: Hours = { timeZone: 'UTC', weekly: new Map(), holidays: new Map(), outOfHoursText: 'We open at 9.' };

  it('is told so, once, and moves no time by it', async () => {
    const { world, write, state } = await begin({ flow: { hours: closed } });
    await write();

    expect(textsTold(world)).toEqual(['We open at 9.']);
    expect(await state()).toMatchObject({
      state: ChatState.CHAT_STATE_WAITING,
      unread: 2,
      lastMessagePreview: 'w2',
      deadlineAt: new Date(world.clock.now().getTime() + 5 * MINUTE),
    });
  });

  it('with a bot is told so when the bot hands it over', async () => {
    const { world, server, chatId } = await begin({ flow: { hours: closed }, bot: echo });
    expect(textsTold(world)).toEqual([]);

    await (await server.bot('echo')).handOver({ chatId, departmentId: '', note: '' });

    expect(textsTold(world)).toEqual(['We open at 9.']);
  });
});

it('CH-8 the next message after completion opens a new chat, linked to the former, which waits anew', async () => {
  const { world, chats, chatId, write, state } = await begin();
  await chats.complete({ chatId });

  await write(text('again'));

  expect(await state(2)).toMatchObject({
    formerChatId: chatId,
    state: ChatState.CHAT_STATE_WAITING,
    deadlineAt: new Date(world.clock.now().getTime() + 5 * MINUTE),
  });
  expect(await state(1)).toMatchObject({ state: ChatState.CHAT_STATE_COMPLETED, deadlineAt: undefined });
});

it('RX-4 a chunk that ends one chat and begins the next shows both', async () => {
  const profanity = {
    languages: [],
    words: ['darn'],
    allowedWords: [],
    limit: 1,
    warningText: '',
    completeAtLimit: true,
    blockFor: null,
  };
  const { world, chats } = await begin({ flow: { profanity }, isQuiet: true });
  const now = world.clock.now();

  await world.hearMessages(wrote(ana, 'a', now, text('darn')), wrote(ana, 'b', now, text('sorry')));

  const all = await chats.listChats({ states: [ChatState.CHAT_STATE_COMPLETED, ChatState.CHAT_STATE_WAITING] });
  expect(all.chats).toMatchObject([
    { state: ChatState.CHAT_STATE_WAITING },
    { state: ChatState.CHAT_STATE_COMPLETED, completionReason: CompletionReason.COMPLETION_REASON_PROFANITY },
  ]);
});

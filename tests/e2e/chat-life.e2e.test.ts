import { ChatState, CompletionReason, type ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { type Chat, ChatServiceService } from '@switchboard/contracts/routing/v1/chat_service';
import { grpcClient, signToken } from '@switchboard/grpc';
import { BotIdleAction } from '@switchboard/contracts/routing/v1/bot_service';
import type { FlowSettings } from '@switchboard/contracts/routing/v1/settings';
import { eventually } from '@switchboard/testing';
import { startSystem, type System } from './support/system.js';
import { newWamid, oneMessage, type Person, post, text } from './support/webhooks.js';

/**
 * What becomes of chats in time, on the real stack: its clocks are moved ahead, and short times are waited for. Each journey
 * has a brand and a number of its own, so that none hears of another's settings.
 */

jest.setTimeout(240_000);

const MINUTE_MS = 60_000;

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 300_000);
afterAll(async () => {
  await (system as System | undefined)?.stop();
});

describe('a chat that nobody takes', () => {
  it('CH-4, CH-5: is missed after its waiting time, and completed after its missed time, not before', async () => {
    const { number, person } = await brandWith({ waitingTime: 'PT1S', missedClose: 'PT15M' });

    await write(person, number, 'Is anybody there?');
    await becomes(number, ChatState.CHAT_STATE_MISSED);
    await advance(14 * MINUTE_MS);
    expect((await chatOf(number)).state).toBe(ChatState.CHAT_STATE_MISSED);
    await advance(2 * MINUTE_MS);

    await becomes(number, ChatState.CHAT_STATE_COMPLETED);
    expect((await chatOf(number)).completionReason).toBe(CompletionReason.COMPLETION_REASON_MISSED);
  });

  it('CH-4, CH-6: is answered though missed; either side’s message keeps it; silence completes it', async () => {
    const { number, person } = await brandWith({ waitingTime: 'PT1S', idleCloseCustomerOwes: 'PT10M' });
    await write(person, number, 'Hello?');
    const { chatId } = await becomes(number, ChatState.CHAT_STATE_MISSED);

    await reply(chatId, 'Sorry for the wait!');
    await becomes(number, ChatState.CHAT_STATE_ACTIVE);
    await advance(9 * MINUTE_MS);
    await write(person, number, 'No problem.');
    await eventually(async () => {
      expect((await chatOf(number)).unread).toBe(1);
    });
    await advance(9 * MINUTE_MS);
    await reply(chatId, 'How can I help?');
    await advance(9 * MINUTE_MS);
    expect((await chatOf(number)).state).toBe(ChatState.CHAT_STATE_ACTIVE);
    await advance(2 * MINUTE_MS);

    await becomes(number, ChatState.CHAT_STATE_COMPLETED);
    expect((await chatOf(number)).completionReason).toBe(CompletionReason.COMPLETION_REASON_IDLE);
  });

  it('CH-8: is not answered once it is completed; the next message opens another, linked to it', async () => {
    const { number, person } = await brandWith({});
    await write(person, number, 'First');
    const { chatId } = await becomes(number, ChatState.CHAT_STATE_WAITING);
    await system.chats.complete({ chatId });

    await expect(reply(chatId, 'Too late')).rejects.toMatchObject({ code: 'routing.chat-completed' });
    await write(person, number, 'Second');

    await eventually(async () => {
      expect(await chatOf(number)).toMatchObject({ formerChatId: chatId, state: ChatState.CHAT_STATE_WAITING });
    });
  });

  it('CH-6: short times are kept by the clock on the wall too', async () => {
    const { number, person } = await brandWith({ idleCloseCustomerOwes: 'PT1M' });
    await write(person, number, 'Quick question');
    const { chatId } = await becomes(number, ChatState.CHAT_STATE_WAITING);
    await reply(chatId, 'Quick answer');
    const answeredAt = Date.now();

    await eventually(
      async () => {
        expect((await chatOf(number)).state).toBe(ChatState.CHAT_STATE_COMPLETED);
      },
      { timeoutMs: 120_000, everyMs: 250 },
    );

    expect(Date.now() - answeredAt).toBeGreaterThanOrEqual(MINUTE_MS - 1_000);
  });
});

describe('changed settings', () => {
  it('CH-9: hold from the next message of a chat, and at once when they are applied now', async () => {
    const { brandId, number, person } = await brandWith({ idleCloseCustomerOwes: 'PT20H' });
    await write(person, number, 'Hello');
    const { chatId } = await becomes(number, ChatState.CHAT_STATE_WAITING);
    await reply(chatId, 'Hi');
    await becomes(number, ChatState.CHAT_STATE_ACTIVE);

    await setFlow(brandId, { idleCloseCustomerOwes: 'PT5M' });
    await advance(6 * MINUTE_MS);
    expect((await chatOf(number)).state).toBe(ChatState.CHAT_STATE_ACTIVE);
    await system.settings.applyNow({ brandId });

    await becomes(number, ChatState.CHAT_STATE_COMPLETED);
  });
});

describe('a chat that a bot has', () => {
  it('CH-7: is completed after the bot’s idle time, though the channel’s is longer', async () => {
    const { number, person } = await brandWith({ idleCloseCustomerOwes: 'PT20H' });
    // The number may not have come to routing yet.
    await eventually(() =>
      system.bots.putBot({
        bot: {
          phoneNumberId: number,
          botId: 'helper',
          name: 'Helper',
          webhookUrl: '',
          idleTime: 'PT5M',
          idleAction: BotIdleAction.BOT_IDLE_ACTION_CLOSE,
          answerTimeout: 'PT15M',
          departmentId: '',
          version: 0n,
          changedAt: undefined,
          stopped: false,
        },
      }),
    );
    // The bot of a number is looked up once a second at most.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await write(person, number, 'Opening hours?');
    const { chatId } = await becomes(number, ChatState.CHAT_STATE_BOT);
    await asBot('helper', chatId, 'Nine to five.');
    await advance(4 * MINUTE_MS);
    expect((await chatOf(number)).state).toBe(ChatState.CHAT_STATE_BOT);
    await advance(2 * MINUTE_MS);

    await becomes(number, ChatState.CHAT_STATE_COMPLETED);
    expect((await chatOf(number)).completionReason).toBe(CompletionReason.COMPLETION_REASON_IDLE);
  });
});

describe('words of the brand’s lists', () => {
  it('PF-1: complete the chat at the limit, once, though each webhook came three times', async () => {
    const { number, person } = await brandWith({
      profanity: {
        languages: [],
        words: ['blockhead'],
        allowedWords: [],
        limit: 2,
        warningText: '',
        completeAtLimit: true,
        blockFor: '',
      },
    });
    const [once, again] = [newWamid(), newWamid()];

    for (const [wamid, words] of [
      [once, 'You blockhead'],
      [again, 'BLOCKHEAD!'],
    ] as const)
      for (let times = 0; times < 3; times += 1) await write(person, number, words, wamid);

    await becomes(number, ChatState.CHAT_STATE_COMPLETED);
    const chat = await chatOf(number);
    expect(chat).toMatchObject({
      completionReason: CompletionReason.COMPLETION_REASON_PROFANITY,
      profanityCount: 2,
    });
    await system.settled();
    const events = await eventsOf(chat.threadId);
    expect(events.filter(({ event }) => event?.$case === 'chatCompleted')).toHaveLength(1);
    expect(events.filter(({ event }) => event?.$case === 'profanityFound')).toHaveLength(2);
  });
});

let made = 0;

/** A brand of its own with these settings, a number, and a customer nobody has seen. */
async function brandWith(flow: Partial<FlowSettings>) {
  const label = `${Date.now() % 1e8}${(made += 1)}`;
  const { organisationId } = system.demo;
  const [brandId, departmentId] = [`brand-${label}`, `dept-${label}`];
  await system.accounts.createBrand({ organisationId, brandId, name: 'Brand' });
  await system.accounts.createDepartment({ brandId, departmentId, name: 'Sales' });
  await eventually(() => setFlow(brandId, flow));
  const number = await system.newNumber({ brandId, departmentId });
  const person: Person = { waId: `1202${label}`.slice(0, 14), userId: `US.7${label}`, name: `Person ${made}` };
  return { brandId, number, person };
}

/** A customer's message, told by Meta at the time the moved clocks show. */
async function write(person: Person, number: string, words: string, wamid = newWamid()): Promise<void> {
  const timestamp = String(Math.floor((Date.now() + system.stack.aheadMs()) / 1_000));
  const message = oneMessage(number, person, text(person, words, wamid, { timestamp }));
  expect(await post(system.webhookUrls[0]!, message, system.appSecret)).toBe(200);
}

/** What is not named keeps its default. */
async function setFlow(brandId: string, flow: Partial<FlowSettings>): Promise<void> {
  const { settings } = await system.settings.getSettings({ brandId });
  if (!settings?.flow) throw new Error('no settings yet');
  const whole = { ...settings.flow, ...flow };
  await system.settings.updateSettings({ brandId, expectedVersion: settings.version, flow: whole });
}

/** Moves all clocks, and gives what became due the time to happen. */
async function advance(ms: number): Promise<void> {
  await system.stack.advance(ms);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
}

async function chatOf(phoneNumberId: string): Promise<Chat> {
  const { organisationId } = system.demo;
  const { chats } = await system.chats.listChats({
    organisationId,
    phoneNumberId,
    states: [
      ChatState.CHAT_STATE_BOT,
      ChatState.CHAT_STATE_WAITING,
      ChatState.CHAT_STATE_MISSED,
      ChatState.CHAT_STATE_ACTIVE,
      ChatState.CHAT_STATE_COMPLETED,
    ],
  });
  const [newest] = [...chats].sort((a, b) => b.chatId.localeCompare(a.chatId, 'en', { numeric: true }));
  if (!newest) throw new Error('no chat yet');
  return newest;
}

const becomes = (phoneNumberId: string, state: ChatState): Promise<Chat> =>
  eventually(
    async () => {
      const chat = await chatOf(phoneNumberId);
      expect(chat.state).toBe(state);
      return chat;
    },
    { timeoutMs: 30_000 },
  );

let presses = 0;
const reply = (chatId: string, words: string) =>
  system.chats.reply({ chatId, idempotencyKey: `press-${(presses += 1)}`, text: words });

/** With a token that speaks for the bot. */
async function asBot(botId: string, chatId: string, words: string): Promise<void> {
  const { organisationId } = system.demo;
  const claims = { subject: botId, scope: 'routing.chats:write', organisationId, botId, ttlSeconds: 300 };
  const token = await signToken(system.stack.secrets.jwtSecret, claims);
  const bot = grpcClient(ChatServiceService, system.stack.grpc('routing'), { token });
  try {
    await bot.reply({ chatId, idempotencyKey: `bot-${(presses += 1)}`, text: words });
  } finally {
    bot.close();
  }
}

async function eventsOf(threadId: string): Promise<ThreadEvent[]> {
  const events = await system.allThreadEvents();
  const seen = new Map(events.filter((each) => each.threadId === threadId).map((each) => [each.sequence, each]));
  return [...seen.values()];
}

import { ChatState, CompletionReason } from '@switchboard/contracts/routing/v1/events';
import { BotIdleAction } from '@switchboard/contracts/routing/v1/bot_service';
import { eventually } from '@switchboard/testing';
import { createJourney, type Journey, MINUTE_MS } from './support/journey.js';
import { startSystem, type System } from './support/system.js';
import { newWamid } from './support/webhooks.js';

/**
 * What becomes of chats in time, on the real stack: its clocks are moved ahead, and short times are waited for. Each journey
 * has a brand and a number of its own.
 */

jest.setTimeout(240_000);

let system: System;
let journey: Journey;
beforeAll(async () => {
  system = await startSystem();
  journey = createJourney(system);
}, 300_000);
afterAll(async () => {
  await (system as System | undefined)?.stop();
});

describe('a chat that nobody takes', () => {
  it('CH-4, CH-5: is missed after its waiting time, and completed after its missed time, not before', async () => {
    const { number, person } = await journey.brandWith({ waitingTime: 'PT1S', missedClose: 'PT15M' });

    await journey.write(person, number, 'Is anybody there?');
    await journey.becomes(number, ChatState.CHAT_STATE_MISSED);
    await journey.advance(14 * MINUTE_MS);
    expect((await journey.chatOf(number)).state).toBe(ChatState.CHAT_STATE_MISSED);
    await journey.advance(2 * MINUTE_MS);

    await journey.becomes(number, ChatState.CHAT_STATE_COMPLETED);
    expect((await journey.chatOf(number)).completionReason).toBe(CompletionReason.COMPLETION_REASON_MISSED);
  });

  it('CH-4, CH-6: is answered though missed; either side’s message keeps it; silence completes it', async () => {
    const { number, person } = await journey.brandWith({ waitingTime: 'PT1S', idleCloseCustomerOwes: 'PT10M' });
    await journey.write(person, number, 'Hello?');
    const { chatId } = await journey.becomes(number, ChatState.CHAT_STATE_MISSED);

    await journey.reply(chatId, 'Sorry for the wait!');
    await journey.becomes(number, ChatState.CHAT_STATE_ACTIVE);
    await journey.advance(9 * MINUTE_MS);
    await journey.write(person, number, 'No problem.');
    await eventually(async () => {
      expect((await journey.chatOf(number)).unread).toBe(1);
    });
    await journey.advance(9 * MINUTE_MS);
    await journey.reply(chatId, 'How can I help?');
    await journey.advance(9 * MINUTE_MS);
    expect((await journey.chatOf(number)).state).toBe(ChatState.CHAT_STATE_ACTIVE);
    await journey.advance(2 * MINUTE_MS);

    await journey.becomes(number, ChatState.CHAT_STATE_COMPLETED);
    expect((await journey.chatOf(number)).completionReason).toBe(CompletionReason.COMPLETION_REASON_IDLE);
  });

  it('CH-8: is not answered once it is completed; the next message opens another, linked to it', async () => {
    const { number, person } = await journey.brandWith({});
    await journey.write(person, number, 'First');
    const { chatId } = await journey.becomes(number, ChatState.CHAT_STATE_WAITING);
    await system.chats.complete({ chatId });

    await expect(journey.reply(chatId, 'Too late')).rejects.toMatchObject({ code: 'routing.chat-completed' });
    await journey.write(person, number, 'Second');

    await eventually(async () => {
      expect(await journey.chatOf(number)).toMatchObject({ formerChatId: chatId, state: ChatState.CHAT_STATE_WAITING });
    });
  });

  it('CH-6: short times are kept by the clock on the wall too', async () => {
    const { number, person } = await journey.brandWith({ idleCloseCustomerOwes: 'PT1M' });
    await journey.write(person, number, 'Quick question');
    const { chatId } = await journey.becomes(number, ChatState.CHAT_STATE_WAITING);
    await journey.reply(chatId, 'Quick answer');
    const answeredAt = Date.now();

    await eventually(
      async () => {
        expect((await journey.chatOf(number)).state).toBe(ChatState.CHAT_STATE_COMPLETED);
      },
      { timeoutMs: 120_000, everyMs: 250 },
    );

    expect(Date.now() - answeredAt).toBeGreaterThanOrEqual(MINUTE_MS - 1_000);
  });
});

describe('changed settings', () => {
  it('CH-9: hold from the next message of a chat, and at once when they are applied now', async () => {
    const { brandId, number, person } = await journey.brandWith({ idleCloseCustomerOwes: 'PT20H' });
    await journey.write(person, number, 'Hello');
    const { chatId } = await journey.becomes(number, ChatState.CHAT_STATE_WAITING);
    await journey.reply(chatId, 'Hi');
    await journey.becomes(number, ChatState.CHAT_STATE_ACTIVE);

    await journey.setFlow(brandId, { idleCloseCustomerOwes: 'PT5M' });
    await journey.advance(6 * MINUTE_MS);
    expect((await journey.chatOf(number)).state).toBe(ChatState.CHAT_STATE_ACTIVE);
    await system.settings.applyNow({ brandId });

    await journey.becomes(number, ChatState.CHAT_STATE_COMPLETED);
  });
});

describe('a chat that a bot has', () => {
  it('CH-7: is completed after the bot’s idle time, though the channel’s is longer', async () => {
    const { number, person } = await journey.brandWith({ idleCloseCustomerOwes: 'PT20H' });
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
    await journey.write(person, number, 'Opening hours?');
    const { chatId } = await journey.becomes(number, ChatState.CHAT_STATE_BOT);
    await journey.as({ botId: 'helper' }, (chats) =>
      chats.reply({ chatId, idempotencyKey: 'bot-1', text: 'Nine to five.' }),
    );
    await journey.advance(4 * MINUTE_MS);
    expect((await journey.chatOf(number)).state).toBe(ChatState.CHAT_STATE_BOT);
    await journey.advance(2 * MINUTE_MS);

    await journey.becomes(number, ChatState.CHAT_STATE_COMPLETED);
    expect((await journey.chatOf(number)).completionReason).toBe(CompletionReason.COMPLETION_REASON_IDLE);
  });
});

describe('words of the brand’s lists', () => {
  it('PF-1: complete the chat at the limit, once, though each webhook came three times', async () => {
    const { number, person } = await journey.brandWith({
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
      for (let times = 0; times < 3; times += 1) await journey.write(person, number, words, wamid);

    await journey.becomes(number, ChatState.CHAT_STATE_COMPLETED);
    const chat = await journey.chatOf(number);
    expect(chat).toMatchObject({
      completionReason: CompletionReason.COMPLETION_REASON_PROFANITY,
      profanityCount: 2,
    });
    await system.settled();
    const events = await journey.eventsOf(chat.threadId);
    expect(events.filter(({ event }) => event?.$case === 'chatCompleted')).toHaveLength(1);
    expect(events.filter(({ event }) => event?.$case === 'profanityFound')).toHaveLength(2);
  });
});

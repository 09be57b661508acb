import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BotIdleAction, BotServiceService, type WatchBotResponse } from '@switchboard/contracts/routing/v1/bot_service';
import type { Chat } from '@switchboard/contracts/routing/v1/chat_service';
import { ChatState, CompletionReason, HandOverCause } from '@switchboard/contracts/routing/v1/events';
import { grpcClient, signToken } from '@switchboard/grpc';
import { type RunningProgram, startEchoBot, takePort } from '@switchboard/stack';
import { type Brand, createJourney, type Customer, type Journey, MINUTE_MS, soon } from './support/journey.js';
import { type Chronicle, startChronicle } from './support/chronicle.js';
import { startSystem, type System } from './support/system.js';

/** Bots on the real stack: the example bot by its webhook, and one that watches a stream; each has a number of its own. */

jest.setTimeout(180_000);

const logs = mkdtempSync(join(tmpdir(), 'switchboard-bots-'));

let system: System;
let journey: Journey;
let chronicle: Chronicle;
beforeAll(async () => {
  system = await startSystem();
  journey = createJourney(system);
  chronicle = await startChronicle(system, system.chats);
}, 300_000);
afterAll(async () => {
  await (chronicle as Chronicle | undefined)?.stop();
  await (system as System | undefined)?.stop();
  rmSync(logs, { recursive: true, force: true });
});

describe('the example bot', () => {
  let bot: RunningProgram;
  let brand: Brand;
  let echo: { readonly botId: string; readonly webhookSecret: string; readonly port: number; readonly logFile: string };
  const restart = async (): Promise<void> => {
    bot = await startEchoBot(system.stack, echo);
  };
  beforeAll(async () => {
    const port = await takePort();
    brand = await journey.brandWith({ idleCloseCustomerOwes: 'PT20H' });
    const webhookSecret = await attach(brand, { botId: 'echo', webhookUrl: `http://127.0.0.1:${port}/` });
    echo = { botId: 'echo', webhookSecret, port, logFile: join(logs, 'echo.log') };
    await restart();
  }, 120_000);
  afterAll(() => (bot as RunningProgram | undefined)?.stop());

  it('BT-1, BT-2: answers each of many messages once and in order, and gives the chat to people when asked to', async () => {
    const person = journey.newPerson();
    const words = ['one', 'two', 'three', 'four', 'five'];
    for (const word of words) await journey.write(person, brand.number, word);
    await hasHeard(
      person,
      words.map((word) => `You said: ${word}`),
    );
    expect(await journey.chatOf(brand.number, person)).toMatchObject({
      state: ChatState.CHAT_STATE_BOT,
      botId: 'echo',
      unread: 0,
    });

    await journey.write(person, brand.number, 'A human, please');

    const { chatId } = await journey.becomes(brand.number, ChatState.CHAT_STATE_WAITING, person);
    await isHandedOver(chatId, { cause: HandOverCause.HAND_OVER_CAUSE_BOT, note: 'asked for a human' });
    await journey.write(person, brand.number, 'Is anybody there?');
    await soon(async () => {
      expect((await journey.chatOf(brand.number, person)).unread).toBe(2);
    });
    await journey.reply(chatId, 'I am.');
    await hasHeard(person, [...words.map((word) => `You said: ${word}`), 'I am.']);
    const late = journey.as({ botId: 'echo' }, (chats) =>
      chats.reply({ chatId, idempotencyKey: 'late', text: 'Me too.' }),
    );
    await expect(late).rejects.toMatchObject({ code: 'routing.chat-taken' });
  });

  it('BT-1: hears what it missed while its webhook was down, in order', async () => {
    const person = journey.newPerson();
    await bot.kill();
    await journey.write(person, brand.number, 'first');
    await journey.write(person, brand.number, 'second');
    const { chatId } = await journey.becomes(brand.number, ChatState.CHAT_STATE_BOT, person);
    await soon(async () => {
      expect((await journey.chatOf(brand.number, person)).unread).toBe(2);
    });

    await restart();

    await hasHeard(person, ['You said: first', 'You said: second']);
    expect(handedOver(chatId)).toEqual([]);
  });

  it('BT-1, CH-7: people get the chat when it is down for longer than its time-out; idle times of people hold then', async () => {
    const person = journey.newPerson();
    await bot.kill();
    await system.simulator.write(person, brand.number, 'Hello?');
    const { chatId } = await journey.becomes(brand.number, ChatState.CHAT_STATE_BOT, person);
    await journey.advance(4 * MINUTE_MS);
    expect(await journey.chatOf(brand.number, person)).toMatchObject({ state: ChatState.CHAT_STATE_BOT });

    await journey.advance(2 * MINUTE_MS);

    await journey.becomes(brand.number, ChatState.CHAT_STATE_WAITING, person);
    await isHandedOver(chatId, { cause: HandOverCause.HAND_OVER_CAUSE_TIMED_OUT });
    await journey.reply(chatId, 'A person is here.');
    await journey.becomes(brand.number, ChatState.CHAT_STATE_ACTIVE, person);
    await journey.advance(30 * MINUTE_MS);
    expect(await journey.chatOf(brand.number, person)).toMatchObject({ state: ChatState.CHAT_STATE_ACTIVE });
    await restart();
    await hasHeard(person, ['A person is here.']);
  });

  it('CH-7, BT-1: a chat that is idle with it goes to people, where its settings say so', async () => {
    const person = journey.newPerson();
    await system.simulator.write(person, brand.number, 'Hello');
    await hasHeard(person, ['You said: Hello']);

    await journey.advance(21 * MINUTE_MS);

    const { chatId } = await journey.becomes(brand.number, ChatState.CHAT_STATE_WAITING, person);
    await isHandedOver(chatId, { cause: HandOverCause.HAND_OVER_CAUSE_IDLE });
  });

  const handedOver = (chatId: string) =>
    chronicle.all(brand.number, 'chatHandedOver').filter((each) => each.chatId === chatId);
  /** Lists may know before the stream has told. */
  const isHandedOver = (chatId: string, how: { cause: HandOverCause; note?: string }) =>
    soon(() => {
      expect(handedOver(chatId)).toMatchObject([{ botId: 'echo', ...how }]);
    });
});

describe('a bot that watches', () => {
  it('BT-1, BT-2: goes on where it stopped, and hears of its own chats alone', async () => {
    const brand = await journey.brandWith({});
    const { number, person } = brand;
    await attach(brand, { botId: 'watcher', webhookUrl: '' });
    const { organisationId } = system.demo;
    const claims = {
      subject: 'watcher',
      botId: 'watcher',
      organisationId,
      scope: 'routing.bots:read',
      ttlSeconds: 600,
    };
    const token = await signToken(system.stack.secrets.jwtSecret, claims);
    const bots = grpcClient(BotServiceService, system.stack.grpc('routing'), { token });
    const asItself = <T>(act: (chats: System['chats']) => Promise<T>) => journey.as({ botId: 'watcher' }, act);
    try {
      const start = await listen(bots.watchBot({ phoneNumberId: number }), () => true);
      await journey.write(person, number, 'before');
      const first = await listen(bots.watchBot({ phoneNumberId: number, cursor: start.cursor }), saysOf('before'));
      const { chatId } = await journey.chatOf(number);
      await asItself((chats) => chats.reply({ chatId, idempotencyKey: 'first', text: 'I hear you.' }));
      await journey.write(person, number, 'meanwhile');
      await journey.write(person, number, 'after');

      const second = await listen(bots.watchBot({ phoneNumberId: number, cursor: first.cursor }), saysOf('after'));

      expect(wordsIn(second.heard)).toEqual(['I hear you.', 'meanwhile', 'after']);
      await asItself((chats) => chats.complete({ chatId }));
      const last = await listen(
        bots.watchBot({ phoneNumberId: number, cursor: second.cursor }),
        ({ threadEvent }) => threadEvent?.event?.$case === 'chatCompleted',
      );
      const sequences = [...first.heard, ...second.heard, ...last.heard].map(
        ({ threadEvent }) => threadEvent!.sequence,
      );
      expect(sequences).toEqual(sequences.map((_sequence, index) => BigInt(index + 1)));
      const chat: Chat = await journey.becomes(number, ChatState.CHAT_STATE_COMPLETED);
      expect(chat.completionReason).toBe(CompletionReason.COMPLETION_REASON_BOT);
      await hasHeard(person, ['I hear you.']);
    } finally {
      bots.close();
    }
  });
});

/** Attaches it to the brand's number; resolves, with its secret, when chats go to it. */
async function attach({ number }: Brand, about: { botId: string; webhookUrl: string }): Promise<string> {
  const { webhookSecret } = await soon(() =>
    system.bots.putBot({
      bot: {
        ...about,
        phoneNumberId: number,
        name: 'Bot',
        idleTime: 'PT20M',
        idleAction: BotIdleAction.BOT_IDLE_ACTION_HAND_OVER,
        answerTimeout: 'PT5M',
        departmentId: '',
        version: 0n,
        changedAt: undefined,
        stopped: false,
      },
    }),
  );
  // The bot of a number is looked up once a second at most.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  return webhookSecret;
}

const hasHeard = (person: Customer, words: readonly string[]) =>
  soon(async () => {
    expect(await journey.saidTo(person)).toEqual(words);
  });

/** What comes until it is enough, and the cursor to go on from. */
async function listen(stream: AsyncIterable<WatchBotResponse>, isEnough: (response: WatchBotResponse) => boolean) {
  const heard: WatchBotResponse[] = [];
  for await (const response of stream) {
    if (response.reset) throw new Error('the watch lost its place');
    if (response.threadEvent) heard.push(response);
    if (isEnough(response)) return { heard, cursor: response.cursor };
  }
  throw new Error('the stream ended');
}

const wordsOf = ({ threadEvent }: WatchBotResponse): string | undefined => {
  const event = threadEvent?.event;
  if (event?.$case !== 'messageAppended' && event?.$case !== 'replyQueued') return undefined;
  const kind = event.value.content?.kind;
  return kind?.$case === 'text' ? kind.value.body : undefined;
};
const saysOf = (words: string) => (response: WatchBotResponse) => wordsOf(response) === words;
const wordsIn = (heard: readonly WatchBotResponse[]) => heard.map(wordsOf).filter((words) => words !== undefined);

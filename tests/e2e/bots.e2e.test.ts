import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { BotIdleAction, BotServiceService } from '@switchboard/contracts/routing/v1/bot_service';
import { Author, ChatState } from '@switchboard/contracts/routing/v1/events';
import { grpcClient, signToken } from '@switchboard/grpc';
import { eventually, freePort } from '@switchboard/testing';
import { createJourney, type Journey } from './support/journey.js';
import { startSystem, type System } from './support/system.js';

/** Bots on the real stack: the example bot as a process of its own, one that is down, and one that reads the stream. */

jest.setTimeout(240_000);

let system: System;
let journey: Journey;
const programs: ChildProcess[] = [];
beforeAll(async () => {
  system = await startSystem();
  journey = createJourney(system);
}, 300_000);
afterAll(async () => {
  for (const program of programs) {
    if (program.exitCode !== null) continue;
    program.kill();
    await once(program, 'exit');
  }
  await (system as System | undefined)?.stop();
});

async function attach(phoneNumberId: string, botId: string, webhookUrl: string, answerTimeout: string) {
  const bot = {
    phoneNumberId,
    botId,
    name: botId,
    webhookUrl,
    idleTime: 'PT10M',
    idleAction: BotIdleAction.BOT_IDLE_ACTION_CLOSE,
    answerTimeout,
    departmentId: '',
    version: 0n,
    changedAt: undefined,
    stopped: false,
  };
  const { webhookSecret } = await eventually(() => system.bots.putBot({ bot, webhookSecret: '' }));
  // The bot of a number is looked up once a second at most.
  await new Promise((resume) => setTimeout(resume, 1_500));
  return webhookSecret;
}

const tokenOf = (botId: string): Promise<string> => {
  const { organisationId } = system.demo;
  const scope = 'routing.chats:write routing.chats:read routing.bots:read';
  return signToken(system.stack.secrets.jwtSecret, { subject: botId, botId, organisationId, scope, ttlSeconds: 600 });
};

async function startEchoBot(port: number, webhookSecret: string): Promise<void> {
  const script = join(resolve(__dirname, '../..'), 'examples/echo-bot/echo-bot.mjs');
  const program = spawn(process.execPath, [script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      WEBHOOK_SECRET: webhookSecret,
      ROUTING_GRPC: system.stack.grpc('routing').split(',')[0],
      TOKEN: await tokenOf('echo'),
    },
  });
  programs.push(program);
  await once(program.stdout, 'data');
}

describe('the example bot', () => {
  it('BT-1, BT-2: answers every message in order, and gives the chat to people when asked for a human', async () => {
    const { number, person } = await journey.brandWith({});
    const port = await freePort();
    const secret = await attach(number, 'echo', `http://127.0.0.1:${port}/`, 'PT1M');
    await startEchoBot(port, secret);

    const words = ['One', 'Two', 'Three'];
    await Promise.all(words.map((each, nth) => pause(nth * 100).then(() => journey.write(person, number, each))));

    const { chatId } = await journey.becomes(number, ChatState.CHAT_STATE_BOT);
    await eventually(
      async () => {
        const { messages } = await system.chats.listMessages({ chatId });
        const said = messages.flatMap(({ author, content }) =>
          author === Author.AUTHOR_BOT && content?.kind?.$case === 'text' ? [content.kind.value.body] : [],
        );
        expect(said).toHaveLength(3);
        for (const [nth, each] of words.entries()) expect(said[nth]).toContain(each);
      },
      { timeoutMs: 30_000 },
    );

    await journey.write(person, number, 'A human, please');
    await journey.looks(number, { state: ChatState.CHAT_STATE_WAITING, chatId });
    // Meta's times are whole seconds: the newest message is the one of a later one.
    await pause(1_100);
    await journey.write(person, number, 'Thanks');
    await journey.looks(number, { state: ChatState.CHAT_STATE_WAITING, lastMessagePreview: 'Thanks' });
  });
});

describe('a bot that is down', () => {
  it('BT-1: loses the chat to people after its time, and hears all of it when it is back', async () => {
    const { number, person } = await journey.brandWith({});
    const port = await freePort();
    const secret = await attach(number, 'echo', `http://127.0.0.1:${port}/`, 'PT5S');

    await journey.write(person, number, 'Is anybody there?');
    const { chatId } = await journey.becomes(number, ChatState.CHAT_STATE_BOT);
    await journey.looks(number, { state: ChatState.CHAT_STATE_WAITING, chatId });

    await journey.reply(chatId, 'I am, sorry for the wait.');
    await journey.looks(number, { state: ChatState.CHAT_STATE_ACTIVE });
    // Back again it is told what happened; the chat is not its own any more, so nothing is answered.
    await startEchoBot(port, secret);
    await pause(3_000);
    const { messages } = await system.chats.listMessages({ chatId });
    expect(messages.filter(({ author }) => author === Author.AUTHOR_BOT)).toEqual([]);
  });
});

describe('a bot that reads the stream', () => {
  it('BT-1, BT-2: goes on where it was, and misses nothing', async () => {
    const { number, person } = await journey.brandWith({});
    await attach(number, 'reader', '', 'PT10M');
    const bots = grpcClient(BotServiceService, system.stack.grpc('routing'), { token: await tokenOf('reader') });
    const heard: string[] = [];
    /** Reads until so many messages of the customer were heard, from a cursor; answers the newest one. */
    const read = async (cursor: string, count: number): Promise<string> => {
      const stop = new AbortController();
      let last = cursor;
      for await (const response of bots.watchBot({ phoneNumberId: number, cursor }, { signal: stop.signal })) {
        last = response.cursor;
        const event = response.threadEvent?.event;
        if (event?.$case === 'messageAppended') {
          const kind = event.value.content?.kind;
          if (kind?.$case === 'text') heard.push(kind.value.body);
        }
        if (heard.length >= count) break;
      }
      stop.abort();
      return last;
    };
    try {
      const first = read('', 1);
      // The stream begins now: what is written from here on is in it.
      await pause(1_000);
      await journey.write(person, number, 'One');
      const cursor = await first;
      await journey.write(person, number, 'Two');
      await journey.write(person, number, 'Three');
      await journey.looks(number, { lastMessagePreview: 'Three' });

      await read(cursor, 3);

      expect(heard).toEqual(['One', 'Two', 'Three']);
    } finally {
      bots.close();
    }
  });
});

const pause = (ms: number): Promise<void> => new Promise((resume) => setTimeout(resume, ms));

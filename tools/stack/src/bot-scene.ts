import { join } from 'node:path';
import { BotIdleAction } from '@switchboard/contracts/routing/v1/bot_service';
import { type Chat } from '@switchboard/contracts/routing/v1/chat_service';
import { Author, ChatState } from '@switchboard/contracts/routing/v1/events';
import { demo, type StackClients } from './demo.js';
import { startEchoBot } from './echo-bot.js';
import type { Say } from './log.js';
import { takePort } from './ports.js';
import { pause } from './process.js';
import type { RunningStack } from './stack.js';

const number = { phoneNumberId: '341280095512346', display: '15550140078' };
/** Somebody new in each run: whom people serve already, no bot attends to. */
const customer = { waId: `1202555${String(Date.now()).slice(-4)}`, name: 'Ben Okafor' };
const BOT = 'echo';
const IDLE_MINUTES = 11;
const BOT_KNOWN_MS = 1_500;

/**
 * The example bot on a number of its own: it answers a customer, gives the chat to people when asked to, and a chat in
 * which nobody writes is closed once the clocks have moved. The bot is taken away again at the end.
 */
export async function playBotScene(
  stack: RunningStack,
  clients: StackClients,
  directory: string,
  say: Say,
): Promise<void> {
  const { phoneNumberId } = number;
  const { brandId, departmentId } = demo;
  await addNumber(stack, clients);
  const port = await takePort();
  const { webhookSecret } = await sooner('the bot is attached', () =>
    clients.bots.putBot({
      bot: {
        phoneNumberId,
        botId: BOT,
        name: 'Echo',
        webhookUrl: `http://127.0.0.1:${port}/`,
        idleTime: 'PT10M',
        idleAction: BotIdleAction.BOT_IDLE_ACTION_CLOSE,
        answerTimeout: 'PT30S',
        departmentId,
        version: 0n,
        changedAt: undefined,
        stopped: false,
      },
      webhookSecret: '',
    }),
  );
  const { settings } = await clients.settings.getSettings({ brandId });
  if (settings?.flow && settings.version === 0n) {
    const flow = { ...settings.flow, idleCloseCustomerOwes: 'PT10M' };
    await clients.settings.updateSettings({ brandId, expectedVersion: 0n, flow });
  }
  const logFile = join(directory, 'logs', 'echo-bot.log');
  const bot = await startEchoBot(stack, { botId: BOT, webhookSecret, port, logFile });
  try {
    // Routing looks bots up once a second at most.
    await pause(BOT_KNOWN_MS);
    const words = 'When do you open?';
    await write(stack, words);
    say(`customer   ${customer.name} writes to the number with the bot: ${words}`);
    const answered = await chatWhere(
      clients,
      'the bot answers',
      ({ lastMessageAuthor }) => lastMessageAuthor === Author.AUTHOR_BOT,
    );
    say(`bot        answers: ${answered.lastMessagePreview}`);
    await write(stack, 'A human, please!');
    const waiting = await chatWhere(
      clients,
      'people get the chat',
      ({ state }) => state === ChatState.CHAT_STATE_WAITING,
    );
    say('bot        gives the chat to people: it waits for an operator');
    await clients.chats.reply({
      chatId: waiting.chatId,
      idempotencyKey: `scene-${Date.now()}`,
      text: 'From nine to five.',
    });
    await chatWhere(clients, 'the operator has it', ({ state }) => state === ChatState.CHAT_STATE_ACTIVE);
    await stack.advance(IDLE_MINUTES * 60_000);
    await chatWhere(clients, 'the idle chat is closed', ({ state }) => state === ChatState.CHAT_STATE_COMPLETED);
    say(`timer      ${IDLE_MINUTES} minutes later, by clocks that were moved: nobody wrote, the chat is closed`);
  } finally {
    await bot.stop();
    await clients.bots.removeBot({ phoneNumberId });
  }
}

async function addNumber(stack: RunningStack, { accounts }: StackClients): Promise<void> {
  const { wabaId, brandId, departmentId } = demo;
  const { phoneNumberId, display } = number;
  // A number that the simulator has already is no mistake: the run before this one added it.
  await post(stack, '/control/numbers', {
    phone_number_id: phoneNumberId,
    waba_id: wabaId,
    display_phone_number: display,
    verified_name: 'Demo',
  }).catch(() => undefined);
  await accounts.registerNumber({
    phoneNumberId,
    wabaId,
    portfolioId: '9001',
    displayPhoneNumber: `+${display}`,
    verifiedName: 'Demo Trading',
    metaToken: 'demo-token',
  });
  await accounts.connectNumber({ phoneNumberId, brandId, departmentId });
}

/** The newest chat of the number, when it is what is waited for. */
const chatWhere = (clients: StackClients, what: string, isSo: (chat: Chat) => boolean): Promise<Chat> =>
  sooner(what, async () => {
    const { chats } = await clients.chats.listChats({
      organisationId: demo.organisationId,
      phoneNumberId: number.phoneNumberId,
      states: [
        ChatState.CHAT_STATE_BOT,
        ChatState.CHAT_STATE_WAITING,
        ChatState.CHAT_STATE_ACTIVE,
        ChatState.CHAT_STATE_COMPLETED,
      ],
    });
    const newest = chats.reduce<Chat | undefined>(
      (last, chat) => (last?.openedAt && chat.openedAt && last.openedAt > chat.openedAt ? last : chat),
      undefined,
    );
    if (!newest || !isSo(newest)) throw new Error('not yet');
    return newest;
  });

const PATIENCE_MS = 60_000;

/** Asks again until it works; throws what was wrong last when it does not. */
async function sooner<T>(what: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() - began > PATIENCE_MS) {
        throw new Error(`the scene waited in vain until ${what}; see .switchboard/logs`, { cause: error });
      }
    }
    await pause(200);
  }
}

const write = (stack: RunningStack, text: string): Promise<void> =>
  post(stack, `/control/customers/${customer.waId}/messages`, {
    text,
    name: customer.name,
    phone_number_id: number.phoneNumberId,
  });

async function post(stack: RunningStack, path: string, body: object): Promise<void> {
  const response = await fetch(`${stack.urls().simulator}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
}

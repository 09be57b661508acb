import type { WatchChatsResponse } from '@switchboard/contracts/routing/v1/chat_service';
import { playBotScene } from './bot-scene.js';
import { playFileScene } from './file-scene.js';
import { playTemplateScene } from './template-scene.js';
import { playPaidScene, playWalletScene } from './wallet-scene.js';
import { clientsOf, demo, type StackClients } from './demo.js';
import type { Say } from './log.js';
import { pause } from './process.js';
import type { RunningStack } from './stack.js';

const customer = { waId: '12025550143', name: 'Ana Pereira' };

/**
 * The main job, once, on real parts: a customer writes, an operator's client sees the chat, the operator answers, and the
 * answer is sent, delivered and read; then a document, the example bot, a chat that goes idle, a template, a wallet, and a
 * message that is paid. Throws when a step does not come to pass.
 */
export async function playScene(stack: RunningStack, token: string, directory: string, say: Say): Promise<void> {
  const clients = clientsOf(stack, token);
  const watching = new AbortController();
  try {
    const chatId = await play(stack, clients, watching.signal, say);
    await playFileScene(stack, clients, { chatId, waId: customer.waId }, say);
    await playBotScene(stack, clients, directory, say);
    const messageId = await playTemplateScene(clients, stack.urls().simulator, say);
    await playWalletScene(clients, say);
    await playPaidScene(clients, messageId, say);
  } finally {
    watching.abort();
    clients.close();
  }
}

async function play(stack: RunningStack, clients: StackClients, signal: AbortSignal, say: Say): Promise<string> {
  const { organisationId, phoneNumberId } = demo;
  const watch = clients.chats.watchChats({ organisationId, heartbeatMs: 1_000 }, { signal })[Symbol.asyncIterator]();
  // The first response, a sign of life, says that the stream stands: what happens from here on is seen.
  await within(30_000, 'the operator’s client watches', watch.next());

  const words = 'Hello! Is my order #4821 ready?';
  await write(stack, words);
  say(`customer   ${customer.name} writes: ${words}`);

  const opened = await until(watch, 'the chat is seen', (response) => {
    const event = response.change?.$case === 'threadEvent' ? response.change.value : undefined;
    if (event?.event?.$case !== 'messageAppended') return undefined;
    const { content } = event.event.value;
    return content?.kind?.$case === 'text' && content.kind.value.body === words ? event : undefined;
  });
  const { chat } = await clients.chats.getChat({ chatId: opened.chatId });
  say(`operator   sees the chat of ${chat?.customer?.profileName ?? 'a customer'}, ${chat?.unread ?? 0} unread`);

  const text = 'It is ready since this morning. Come by any time!';
  const { messageId } = await clients.chats.reply({
    chatId: opened.chatId,
    idempotencyKey: `scene-${Date.now()}`,
    text,
  });
  say(`operator   answers: ${text}`);

  for (const [state, words_] of [
    [3, 'sent: Meta has it'],
    [4, 'delivered: on the device'],
    [5, 'read'],
  ] as const) {
    await until(watch, `the answer is ${words_}`, (response) => {
      const progress = response.change?.$case === 'messageProgress' ? response.change.value : undefined;
      // Meta may skip a state, and may tell them in another order.
      return progress?.messageId === messageId && progress.deliveryState >= state ? progress : undefined;
    });
    say(`message    ${words_}`);
  }
  const { messages } = await clients.chats.listMessages({ chatId: opened.chatId });
  say(`transcript ${messages.length} messages on ${phoneNumberId}, in order`);
  return opened.chatId;
}

let held: WatchChatsResponse | undefined;

/** Reads the stream until a response is what is waited for; the one found is looked at again by the next wait. */
async function until<T>(
  watch: AsyncIterator<WatchChatsResponse>,
  what: string,
  find: (response: WatchChatsResponse) => T | undefined,
): Promise<T> {
  const search = async (): Promise<T> => {
    for (;;) {
      const again = held;
      held = undefined;
      const response = again ?? ((await watch.next()).value as WatchChatsResponse);
      const found = find(response);
      if (found === undefined) continue;
      held = response;
      return found;
    }
  };
  return within(60_000, what, search());
}

async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  const late = pause(ms).then(() => {
    throw new Error(`the scene waited ${ms / 1000} s in vain until ${what}; see .switchboard/logs`);
  });
  return Promise.race([promise, late]);
}

async function write(stack: RunningStack, text: string): Promise<void> {
  const url = `${stack.urls().simulator}/control/customers/${customer.waId}/messages`;
  const body = JSON.stringify({ text, name: customer.name, phone_number_id: demo.phoneNumberId });
  const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
}

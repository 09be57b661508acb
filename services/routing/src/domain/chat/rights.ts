import { Failure } from '@switchboard/errors';
import { isOpenChat, type Thread } from '../thread.js';
import type { Actor } from '../thread-inputs.js';
import type { Chat } from './chat.js';

interface Asked {
  readonly chatId: string;
  readonly organisationId: string;
}

/** A chat there is or was in the thread, of the organisation that asks (SE-1). */
export function someChatOf({ chat, chats, owner }: Thread, { chatId, organisationId }: Asked): Chat {
  const isThere = chat !== null && Number(chatId.split(':').at(-1)) <= chats;
  if (!isThere || owner?.organisationId !== organisationId) throw chatNotFound();
  return chat;
}

/** CH-8: a completed chat cannot be answered, nor one that is not its thread's last. */
export function openChatOf(thread: Thread, asked: Asked): Chat {
  const chat = someChatOf(thread, asked);
  if (chat.id === asked.chatId && isOpenChat(chat)) return chat;
  throw new Failure(
    'conflict',
    'routing.chat-completed',
    'the chat is completed, for good; the customer’s next message opens a new one, or start one with a template',
    { details: { chat_id: asked.chatId, last_chat_id: chat.id } },
  );
}

export const chatNotFound = (): Failure => new Failure('not-found', 'routing.chat-not-found', 'there is no such chat');

/** Associates act in their chats and in those that nobody has; bots in those they attend to; supervisors and services in all. */
export function mustBeTheirs(chat: Chat, actor: Actor): void {
  const isTheirs =
    actor.bot !== ''
      ? chat.state === 'bot' && chat.bot === actor.bot
      : actor.mayIntervene || chat.operator === '' || chat.operator === actor.operator;
  if (!isTheirs) throw chatTaken(chat);
}

/** People and bots speak for whoever has the chat, and for nobody before somebody does; services in all. */
export function mustHaveIt(chat: Chat, actor: Actor): void {
  if (actor.operator === '' || chat.operator === actor.operator) mustBeTheirs(chat, actor);
  else if (chat.operator === '' && chat.state !== 'bot') throw notTaken();
  else throw chatTaken(chat);
}

const notTaken = (): Failure =>
  new Failure('conflict', 'routing.chat-not-taken', 'nobody has the chat yet; take it first');

export const chatTaken = ({ operator, bot }: Pick<Chat, 'operator' | 'bot'>): Failure =>
  new Failure('conflict', 'routing.chat-taken', 'somebody else has the chat; have it transferred or assigned to you', {
    details: { operator_id: operator, bot_id: bot },
  });

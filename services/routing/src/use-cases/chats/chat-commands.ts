import type { Result } from '../../domain/fold.js';
import { threadOfChat } from '../../domain/spans.js';
import { isOpenChat, type Thread } from '../../domain/thread.js';
import type { Actor, Around, Command } from '../../domain/thread-inputs.js';
import type { LookAround } from '../threads/around.js';
import type { Clock, Threads } from '../ports.js';
import type { SeenChats, SeenThread, Tenant } from './seen-chats.js';

type Said = 'at' | 'organisationId' | 'chatId' | 'actor';
type Plain<C> = C extends Command ? Omit<C, Said> : never;

export interface FoundChat extends SeenThread {
  readonly around: Around;
}

export type ChatCommands = ReturnType<typeof createChatCommands>;

/** Finds the thread of a chat, with what holds around it, and gives it commands. */
export function createChatCommands(deps: { threads: Threads; seen: SeenChats; lookAround: LookAround; now: Clock }) {
  const { threads, seen, lookAround, now } = deps;

  async function find(tenant: Tenant, chatId: string): Promise<FoundChat> {
    const thread = await seen.thread(tenant, threadOfChat(chatId));
    const place = { number: thread.state.number, owner: thread.state.owner };
    return { ...thread, around: (await lookAround([place]))(place) };
  }

  const give = (
    { threadId, organisationId, around }: Omit<FoundChat, 'state' | 'sequence'>,
    chatId: string,
    actor: Actor,
    command: Plain<Command>,
  ): Promise<Result> =>
    threads.command(threadId, { ...command, at: now(), organisationId, chatId, actor, ...around } as Command & Around);

  return {
    find,
    give,
    /** Finds, gives, and answers with the chat as it is then. */
    async change(tenant: Tenant, chatId: string, actor: Actor, command: Plain<Command>) {
      await give(await find(tenant, chatId), chatId, actor, command);
      return seen.chat(tenant, chatId);
    },
  };
}

/** What the desk has to know of the chat that a place is for; of one that is about to begin as well. */
export const placeOf = (
  { number, owner, chat, deskCount: count }: Pick<Thread, 'number' | 'owner' | 'chat' | 'deskCount'>,
  organisationId: string,
  concurrentLimit: number,
) => {
  const departmentId = (isOpenChat(chat) && chat.department) || (owner?.departmentId ?? '');
  const isFree = !isOpenChat(chat) || chat.operator === '';
  return { organisationId, number, facts: { count, departmentId, concurrentLimit, isFree } };
};

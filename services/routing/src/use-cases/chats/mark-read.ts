import { mustHaveIt, openChatOf } from '../../domain/chat/rights.js';
import { threadOfChat } from '../../domain/spans.js';
import type { Actor } from '../../domain/thread-inputs.js';
import type { TellRead } from '../ports.js';
import type { SeenChats, Tenant } from './seen-chats.js';

export type MarkRead = ReturnType<typeof createMarkRead>;

/** Whoever has a chat has read what its customer wrote, and may be writing an answer (TX-5): the customer is shown that. */
export function createMarkRead({ seen, tellRead }: { seen: SeenChats; tellRead: TellRead }) {
  return async function markRead(tenant: Tenant, chatId: string, isTyping: boolean, actor: Actor): Promise<void> {
    const { state, organisationId } = await seen.thread(tenant, threadOfChat(chatId));
    mustHaveIt(openChatOf(state, { chatId, organisationId }), actor);
    const { number, last } = state;
    // With the last message all before it are read.
    if (last) await tellRead({ number, wamid: last.wamid, isTyping });
  };
}

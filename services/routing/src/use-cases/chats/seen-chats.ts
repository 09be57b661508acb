import { chatNotFound } from '../../domain/chat/rights.js';
import { threadOfChat } from '../../domain/spans.js';
import type { Thread } from '../../domain/thread.js';
import type { ChatRow, ChatRows, Threads } from '../ports.js';

/** Whose data a caller may see: one organisation, or all of them for internal services. */
export type Tenant = string | undefined;

export interface SeenThread {
  readonly threadId: string;
  readonly sequence: number;
  readonly state: Thread;
  readonly organisationId: string;
}

export type SeenChats = ReturnType<typeof createSeenChats>;

/** Threads and chats as a majority has them, of those that a tenant may see (SE-1). */
export function createSeenChats(deps: {
  threads: Pick<Threads, 'read'>;
  chatRows: Pick<ChatRows, 'find'>;
  rowOf: (threadId: string, sequence: number, thread: Thread) => ChatRow | undefined;
}) {
  const { threads, chatRows, rowOf } = deps;

  async function thread(tenant: Tenant, threadId: string | undefined): Promise<SeenThread> {
    const snapshot = threadId === undefined ? null : await threads.read(threadId);
    const organisationId = snapshot?.state.owner?.organisationId;
    if (!snapshot || organisationId === undefined || (tenant !== undefined && tenant !== organisationId)) {
      throw chatNotFound();
    }
    const { aggregateId, sequence, state } = snapshot;
    return { threadId: aggregateId, sequence, state, organisationId };
  }

  return {
    thread,
    async chat(tenant: Tenant, chatId: string): Promise<ChatRow> {
      const { threadId, sequence, state, organisationId } = await thread(tenant, threadOfChat(chatId));
      const current = rowOf(threadId, sequence, state);
      const row = current?.id === chatId ? current : await chatRows.find(chatId, organisationId);
      if (!row) throw chatNotFound();
      return row;
    },
  };
}

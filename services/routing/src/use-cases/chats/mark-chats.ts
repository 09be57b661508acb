import type { Actor } from '../../domain/thread-inputs.js';
import type { ChatCommands } from './chat-commands.js';
import type { Digest } from '../ports.js';
import type { Tenant } from './seen-chats.js';

export type MarkChats = ReturnType<typeof createMarkChats>;

/** What is said of a chat without a word to the customer: its end, notes, tags, blocks. */
export function createMarkChats({ commands, digest }: { commands: ChatCommands; digest: Digest }) {
  return {
    complete: (tenant: Tenant, chatId: string, actor: Actor) =>
      commands.change(tenant, chatId, actor, { kind: 'complete' }),

    async addNote(
      tenant: Tenant,
      {
        chatId,
        idempotencyKey,
        text,
      }: { readonly chatId: string; readonly idempotencyKey: string; readonly text: string },
      actor: Actor,
    ): Promise<number> {
      const contentHash = digest(JSON.stringify([chatId, text]));
      const note = { kind: 'add-note', idempotencyKey, contentHash, text } as const;
      return (await commands.give(await commands.find(tenant, chatId), chatId, actor, note)).sequence;
    },

    setTags: (tenant: Tenant, chatId: string, tags: readonly string[], actor: Actor) =>
      commands.change(tenant, chatId, actor, { kind: 'set-tags', tags }),

    block: (
      tenant: Tenant,
      chatId: string,
      how: { readonly reason: string; readonly duration: string; readonly spam: boolean },
      actor: Actor,
    ) => commands.change(tenant, chatId, actor, { kind: 'block', ...how }),

    decideBlock: (tenant: Tenant, chatId: string, approve: boolean, actor: Actor) =>
      commands.change(tenant, chatId, actor, { kind: 'decide-block', approve }),

    unblock: (tenant: Tenant, chatId: string, actor: Actor) =>
      commands.change(tenant, chatId, actor, { kind: 'unblock' }),
  };
}

import { Failure } from '@switchboard/errors';
import { isFor } from '../../domain/chat/offers.js';
import { chatTaken, openChatOf } from '../../domain/chat/rights.js';
import type { AssignmentCause } from '../../domain/thread-events.js';
import type { Actor } from '../../domain/thread-inputs.js';
import { type ChatCommands, type FoundChat, placeOf } from './chat-commands.js';
import type { ChatRow, ClaimPlace } from '../ports.js';
import type { SeenChats, Tenant } from './seen-chats.js';

export type HandChats = ReturnType<typeof createHandChats>;

/** How long an answer waits for the desk's word to be in the thread. */
const SETTLED_MS = 2_000;
const STEP_MS = 20;

/**
 * Chats go from hand to hand (CH-3, CH-11). Whoever gets one has a place at the desk first; the desk tells the thread, so
 * that there is one order of who had it.
 */
export function createHandChats(deps: {
  commands: ChatCommands;
  seen: SeenChats;
  claimPlace: ClaimPlace;
  pause: (ms: number) => Promise<void>;
}) {
  const { commands, seen, claimPlace, pause } = deps;

  async function claim(found: FoundChat, chatId: string, operatorId: string, cause: AssignmentCause): Promise<void> {
    const { state, organisationId, around } = found;
    const place = placeOf(state, organisationId, around.flow.concurrentLimit);
    await claimPlace({ ...place, chatId, operatorId, cause });
  }

  /** The chat, as soon as it is theirs; or as it stands when that takes longer. */
  async function settled(tenant: Tenant, chatId: string, operator: string): Promise<ChatRow> {
    for (let waited = 0; ; waited += STEP_MS) {
      const row = await seen.chat(tenant, chatId);
      if (row.operator === operator || row.state === 'completed' || waited >= SETTLED_MS) return row;
      await pause(STEP_MS);
    }
  }

  async function assigned(tenant: Tenant, chatId: string, operator: string, cause: 'taken' | 'assigned') {
    const found = await commands.find(tenant, chatId);
    const chat = openChatOf(found.state, { chatId, organisationId: found.organisationId });
    if (chat.operator === operator) return seen.chat(tenant, chatId);
    if (cause === 'taken' && chat.operator !== '') throw chatTaken(chat);
    await claim(found, chatId, operator, cause);
    return settled(tenant, chatId, operator);
  }

  return {
    accept: (tenant: Tenant, chatId: string, operator: string) => assigned(tenant, chatId, operator, 'taken'),

    assign: (tenant: Tenant, chatId: string, operator: string) => assigned(tenant, chatId, operator, 'assigned'),

    refuse: (tenant: Tenant, chatId: string, operator: string, actor: Actor) =>
      commands.change(tenant, chatId, actor, { kind: 'refuse', operator }),

    transfer: (
      tenant: Tenant,
      chatId: string,
      to: { readonly toOperator: string; readonly toDepartment: string; readonly note: string },
      actor: Actor,
    ) => commands.change(tenant, chatId, actor, { kind: 'transfer', ...to }),

    /** The place moves at the desk only now; the desk's word ends the transfer. */
    async acceptTransfer(tenant: Tenant, chatId: string, operator: string): Promise<ChatRow> {
      const found = await commands.find(tenant, chatId);
      const chat = openChatOf(found.state, { chatId, organisationId: found.organisationId });
      const { transfer } = chat;
      if (!transfer) {
        if (chat.operator === operator) return seen.chat(tenant, chatId);
        throw new Failure('conflict', 'routing.no-transfer', 'no transfer of this chat waits for an answer');
      }
      if (!isFor(transfer, operator) || chat.operator === operator) {
        const why = 'only the operator it is meant for, or of the department it is meant for, may accept it';
        throw new Failure('conflict', 'routing.transfer-of-others', why);
      }
      await claim(found, chatId, operator, 'transferred');
      return settled(tenant, chatId, operator);
    },

    answerTransfer: (tenant: Tenant, chatId: string, answer: 'refuse' | 'withdraw', operator: string, actor: Actor) =>
      commands.change(tenant, chatId, actor, { kind: 'answer-transfer', answer, operator }),

    handOver: (
      tenant: Tenant,
      chatId: string,
      to: { readonly department: string; readonly note: string },
      actor: Actor,
    ) => commands.change(tenant, chatId, actor, { kind: 'hand-over', ...to }),
  };
}

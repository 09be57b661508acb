import { Failure } from '@switchboard/errors';
import { addressOf, type Customer } from '../../domain/customer.js';
import { mustBeTheirs, openChatOf } from '../../domain/chat/rights.js';
import { currentSpan, threadIdOf } from '../../domain/spans.js';
import { emptyThread, isOpenChat, type Content, type Thread } from '../../domain/thread.js';
import type { Actor } from '../../domain/thread-inputs.js';
import type { LookAround } from '../threads/around.js';
import { type ChatCommands, placeOf } from './chat-commands.js';
import type { CustomerUseCases } from '../customers/customers.js';
import type { CheckReply, ChatRow, ClaimPlace, Clock, Digest, NumberStore, Threads } from '../ports.js';
import type { SeenChats, Tenant } from './seen-chats.js';

export interface Reply {
  readonly chatId: string;
  readonly idempotencyKey: string;
  readonly content: Content;
  /** Of what is said: another one under the same key is a conflict. */
  readonly fingerprint: string | { readonly content: string };
  readonly preview: string;
  readonly replyTo: string;
  /** What is wrong with it is told of this field. */
  readonly field: 'text' | 'content';
}

export interface Start extends Omit<Reply, 'chatId' | 'replyTo' | 'fingerprint' | 'field'> {
  readonly number: string;
  /** Exactly one of them. */
  readonly customer: { readonly id: string } | { readonly phone: string } | { readonly userId: string };
  /** What is wrong with it is told of this field. */
  readonly field: 'text' | 'template';
}

export type WriteToCustomer = ReturnType<typeof createWriteToCustomer>;

/** Answers and first words of our side (CH-8): egress says whether they may go before anything stands in a chat. */
export function createWriteToCustomer(deps: {
  commands: ChatCommands;
  seen: SeenChats;
  threads: Threads;
  numbers: NumberStore;
  customers: Pick<CustomerUseCases, 'resolveBatch' | 'getCustomer'>;
  lookAround: LookAround;
  checkReply: CheckReply;
  claimPlace: ClaimPlace;
  digest: Digest;
  now: Clock;
}) {
  const { commands, seen, threads, numbers, lookAround, checkReply, claimPlace, digest, now } = deps;

  async function mayGo(
    state: Pick<Thread, 'number' | 'customer' | 'last' | 'freeUntil'>,
    content: Content,
    field: Reply['field'] | Start['field'],
  ) {
    const { number, customer, last, freeUntil } = state;
    const refusal = await checkReply({ number, customer, last, freeUntil, content });
    if (!refusal) return;
    const { code, reason, remedy, field: within } = refusal;
    throw new Failure('invalid', code, `${reason}; ${remedy}`, {
      violations: [{ field: fieldOf(field, within), description: `${reason}; ${remedy}` }],
    });
  }

  async function customerOf(tenant: Tenant, { number, customer: named }: Start): Promise<Customer> {
    if ('id' in named) {
      const customer = await deps.customers.getCustomer(tenant, named.id);
      if (customer.number !== number) {
        throw new Failure('not-found', 'routing.customer-not-found', 'the number has no such customer');
      }
      return customer.joined ? deps.customers.getCustomer(tenant, customer.joined.into) : customer;
    }
    const [found] = await deps.customers.resolveBatch(tenant, number, [named]);
    if (!found) throw new Failure('unavailable', 'routing.customer-moved', 'the names are just changing; try again');
    return found.customer;
  }

  return {
    /** Asks egress whether it may go, then appends it: what is refused never stands in a chat. */
    async reply(tenant: Tenant, reply: Reply, actor: Actor): Promise<{ messageId: string; sequence: number }> {
      const { chatId, idempotencyKey, content, fingerprint, preview, replyTo, field } = reply;
      const found = await commands.find(tenant, chatId);
      const { threadId, state, organisationId, around } = found;
      const contentHash = digest(JSON.stringify([chatId, fingerprint, replyTo]));
      if (!state.keys.some(({ key }) => key === idempotencyKey)) {
        const chat = openChatOf(state, { chatId, organisationId });
        mustBeTheirs(chat, actor);
        await mayGo(state, content, field);
        // Who answers a chat that nobody has takes it, and there must be room for it (CH-3).
        if (actor.operator !== '' && chat.operator === '') {
          await claimPlace({
            ...placeOf(state, organisationId, around.flow.concurrentLimit),
            chatId,
            operatorId: actor.operator,
            cause: 'taken',
          });
        }
      }
      const said = { kind: 'reply', idempotencyKey, contentHash, content, preview, replyTo } as const;
      const { sequence } = await commands.give(found, chatId, actor, said);
      return { messageId: `${threadId}:${sequence}`, sequence };
    },

    /** Begins a chat, or answers the one that is open. */
    async start(tenant: Tenant, start: Start, actor: Actor): Promise<{ messageId: string; chat: ChatRow }> {
      const { number, idempotencyKey, content, preview, field } = start;
      const customer = await customerOf(tenant, start);
      const { connection, owner } = currentSpan((await numbers.find([number])).get(number));
      if (!owner) {
        throw new Failure('not-found', 'routing.number-not-found', 'no such number is connected to the organisation');
      }
      const { organisationId } = owner;
      const threadId = threadIdOf(number, connection, customer.id);
      const whose = { number, connection, customer: customer.id, owner };
      const around = (await lookAround([whose]))(whose);
      const state = (await threads.read(threadId))?.state ?? { ...emptyThread(), ...whose };
      if (!state.keys.some(({ key }) => key === idempotencyKey)) {
        const { chat } = state;
        if (isOpenChat(chat)) mustBeTheirs(chat, actor);
        await mayGo({ ...state, number, customer: customer.id }, content, field);
        if (actor.operator !== '' && (!isOpenChat(chat) || chat.operator === '')) {
          const chatId = isOpenChat(chat) ? chat.id : `${threadId}:${state.chats + 1}`;
          const place = placeOf({ ...state, number, owner }, organisationId, around.flow.concurrentLimit);
          await claimPlace({ ...place, chatId, operatorId: actor.operator, cause: 'taken' });
        }
      }
      const contentHash = digest(JSON.stringify([number, customer.id, content]));
      const said = { idempotencyKey, contentHash, content, preview, replyTo: '' };
      const { sequence, thread } = await threads.command(threadId, {
        kind: 'start',
        at: now(),
        organisationId,
        actor,
        whose,
        address: addressOf(customer),
        ...said,
        ...around,
      });
      const chat = await seen.chat(tenant, thread.chat?.id ?? '');
      return { messageId: `${threadId}:${sequence}`, chat };
    },
  };
}

/** Egress names a field within the content; the caller has set that, its template, or a text alone. */
function fieldOf(named: Reply['field'] | Start['field'], within: string): string {
  if (named === 'text' || !within.startsWith('content')) return named;
  return named === 'content' ? within : within.replace(/^content\./, '');
}

import {
  type ChatServiceServer,
  ChatServiceService,
  type ListChatsRequest,
  type ListMessagesRequest,
  type ReplyRequest,
} from '@switchboard/contracts/routing/v1/chat_service';
import { type ServedService, serverStream, unary } from '@switchboard/grpc';
import type { Author } from '../../domain/thread.js';
import type { ChatUseCases } from '../../use-cases/chats.js';
import { aChatState, chatToProto, statesFrom } from './chat-view.js';
import { viewOf } from './message-view.js';
import {
  aChatId,
  aCustomerId,
  aKey,
  anIdOrNone,
  aNumber,
  aPageSize,
  aText,
  aThreadId,
  aWamidOrNone,
  chatPlace,
  demand,
  fromToken,
  messagePlace,
  oneOrganisationOf,
  toToken,
} from './requests.js';
import type { Watch } from './watch.js';

/** Chats: list, read, answer, complete, watch. */
export function chatServer(useCases: ChatUseCases, watch: Watch): ServedService {
  const implementation: ChatServiceServer = {
    listChats: unary(async (request: ListChatsRequest, { caller }) => {
      const { phoneNumberId: number, departmentId, brandId, customerId: customer } = request;
      const { place: after, violation } = fromToken('page_token', request.pageToken, chatPlace);
      demand(
        ...request.states.map((state, index) => aChatState(`states[${index}]`, state)),
        number === '' ? undefined : aNumber('phone_number_id', number),
        anIdOrNone('department_id', departmentId),
        anIdOrNone('brand_id', brandId),
        customer === '' ? undefined : aCustomerId('customer_id', customer),
        aPageSize('page_size', request.pageSize),
        violation,
        anIdOrNone('organisation_id', request.organisationId),
      );
      const organisationId = oneOrganisationOf(caller.organisationId, request.organisationId);
      const size = request.pageSize || 50;
      const filter = {
        organisationId,
        states: statesFrom(request.states),
        ...given({ number, departmentId, brandId, customer }),
      };
      const rows = await useCases.listChats(filter, after, size + 1);
      const page = rows.slice(0, size);
      const last = page.at(-1);
      const nextPageToken = rows.length > size && last ? toToken({ lastAt: last.lastAt.getTime(), id: last.id }) : '';
      return { chats: page.map(chatToProto), nextPageToken };
    }),

    getChat: unary(async ({ chatId }, { caller }) => {
      demand(aChatId('chat_id', chatId));
      return { chat: chatToProto(await useCases.getChat(caller.organisationId, chatId)) };
    }),

    listMessages: unary(async (request: ListMessagesRequest, { caller }) => {
      const { chatId, threadId, pageSize } = request;
      const { place: before, violation } = fromToken('page_token', request.pageToken, messagePlace);
      demand(
        chatId !== '' && threadId !== ''
          ? { field: 'thread_id', description: 'must be empty when chat_id is given; ask for one of them' }
          : undefined,
        chatId === '' ? aThreadId('thread_id', threadId) : aChatId('chat_id', chatId),
        aPageSize('page_size', pageSize),
        violation,
      );
      const page = await useCases.listMessages(caller.organisationId, { chatId, threadId }, before, pageSize || 100);
      const { next } = page;
      const nextPageToken = next ? toToken({ at: next.at.getTime(), t: next.threadId, s: next.sequence }) : '';
      return { messages: await viewOf(page), nextPageToken };
    }),

    reply: unary(async (request: ReplyRequest, { caller }) => {
      const { chatId, idempotencyKey, text, replyToWhatsappMessageId: replyTo } = request;
      demand(
        aChatId('chat_id', chatId),
        aKey('idempotency_key', idempotencyKey),
        aText('text', text, 4_096),
        aWamidOrNone('reply_to_whatsapp_message_id', replyTo),
      );
      const author: Author = 'operator';
      const content = { kind: { $case: 'text', value: { body: text } } };
      const reply = { chatId, idempotencyKey, content, text, replyTo, author, authorId: caller.subject };
      const { messageId, sequence } = await useCases.reply(caller.organisationId, reply);
      return { messageId, sequence: BigInt(sequence) };
    }),

    complete: unary(async ({ chatId }, { caller }) => {
      demand(aChatId('chat_id', chatId));
      return { chat: chatToProto(await useCases.complete(caller.organisationId, chatId, caller.subject)) };
    }),

    watchChats: serverStream(watch),
  };
  return {
    definition: ChatServiceService,
    implementation,
    scopes: {
      listChats: 'routing.chats:read',
      getChat: 'routing.chats:read',
      listMessages: 'routing.chats:read',
      watchChats: 'routing.chats:read',
      reply: 'routing.chats:write',
      complete: 'routing.chats:write',
    },
  };
}

/** Only what is not empty. */
const given = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));

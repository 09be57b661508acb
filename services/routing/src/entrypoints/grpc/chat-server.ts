import {
  type ChatServiceServer,
  ChatServiceService,
  type ListChatsRequest,
  type ListMessagesRequest,
} from '@switchboard/contracts/routing/v1/chat_service';
import { type ServedService, serverStream, unary } from '@switchboard/grpc';
import type { ReadChats } from '../../use-cases/chats/read-chats.js';
import { type ChatCommandUseCases, chatCommands, commandScopes } from './chat-commands-server.js';
import { aChatState, chatToProto, statesFrom } from './chat-view.js';
import { viewOf } from './message-view.js';
import {
  aChatId,
  aCustomerId,
  anIdOrNone,
  aNumber,
  aPageSize,
  aTextOrNone,
  aThreadId,
  chatPlace,
  demand,
  fromToken,
  messagePlace,
  oneOrganisationOf,
  toToken,
} from './requests.js';
import type { Watch } from './watch.js';

/** Chats: list, read, watch; and all that is done with them. */
export function chatServer(reads: ReadChats, commands: ChatCommandUseCases, watch: Watch): ServedService {
  const implementation: ChatServiceServer = {
    listChats: unary(async (request: ListChatsRequest, { caller }) => {
      const { phoneNumberId: number, departmentId, brandId, customerId: customer, operatorId: operator, tag } = request;
      const { place: after, violation } = fromToken('page_token', request.pageToken, chatPlace);
      demand(
        ...request.states.map((state, index) => aChatState(`states[${index}]`, state)),
        number === '' ? undefined : aNumber('phone_number_id', number),
        anIdOrNone('department_id', departmentId),
        anIdOrNone('brand_id', brandId),
        customer === '' ? undefined : aCustomerId('customer_id', customer),
        anIdOrNone('operator_id', operator),
        aTextOrNone('tag', tag, 64),
        aPageSize('page_size', request.pageSize),
        violation,
        anIdOrNone('organisation_id', request.organisationId),
      );
      const organisationId = oneOrganisationOf(caller.organisationId, request.organisationId);
      const size = request.pageSize || 50;
      const filter = {
        organisationId,
        states: statesFrom(request.states),
        ...given({ number, departmentId, brandId, customer, operator, tag }),
      };
      const rows = await reads.listChats(filter, after, size + 1);
      const page = rows.slice(0, size);
      const last = page.at(-1);
      const nextPageToken = rows.length > size && last ? toToken({ lastAt: last.lastAt.getTime(), id: last.id }) : '';
      return { chats: page.map(chatToProto), nextPageToken };
    }),

    getChat: unary(async ({ chatId }, { caller }) => {
      demand(aChatId('chat_id', chatId));
      return { chat: chatToProto(await reads.getChat(caller.organisationId, chatId)) };
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
      const page = await reads.listMessages(caller.organisationId, { chatId, threadId }, before, pageSize || 100);
      const { next } = page;
      const nextPageToken = next ? toToken({ at: next.at.getTime(), t: next.threadId, s: next.sequence }) : '';
      return { messages: await viewOf(page), nextPageToken };
    }),

    ...chatCommands(commands),

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
      ...commandScopes,
    },
  };
}

/** Only what is not empty. */
const given = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));

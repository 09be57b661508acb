import {
  type ChatServiceServer,
  type ReplyRequest,
  type StartRequest,
  TransferAnswer,
} from '@switchboard/contracts/routing/v1/chat_service';
import type { Content } from '@switchboard/contracts/whatsapp/v1/content';
import { unary } from '@switchboard/grpc';
import { previewOfContent } from '../../preview.js';
import type { HandChats } from '../../use-cases/chats/hand-chats.js';
import type { MarkChats } from '../../use-cases/chats/mark-chats.js';
import type { MarkRead } from '../../use-cases/chats/mark-read.js';
import type { Start, WriteToCustomer } from '../../use-cases/chats/write-to-customer.js';
import { actorOf, operatorOf, SUPERVISE, WRITE } from './actors.js';
import { chatToProto } from './chat-view.js';
import {
  aBlockTime,
  aChatId,
  aCustomerId,
  aKey,
  anIdOrNone,
  aNumber,
  aPhone,
  aText,
  aTextOrNone,
  aUserId,
  demand,
  oneOf,
  theTags,
} from './requests.js';
import { readReply } from './replies.js';
import { theTemplate } from './templates.js';

/** What each call needs. */
export const commandScopes = {
  reply: WRITE,
  markRead: WRITE,
  start: WRITE,
  complete: WRITE,
  accept: WRITE,
  refuse: WRITE,
  assign: SUPERVISE,
  transfer: WRITE,
  answerTransfer: WRITE,
  handOver: WRITE,
  addNote: WRITE,
  setTags: WRITE,
  blockCustomer: WRITE,
  decideBlock: SUPERVISE,
  unblockCustomer: WRITE,
} as const;

type Commands = Pick<ChatServiceServer, keyof typeof commandScopes>;

export interface ChatCommandUseCases {
  readonly write: WriteToCustomer;
  readonly hand: HandChats;
  readonly mark: MarkChats;
  readonly markRead: MarkRead;
}

const NOTE = 1_024;

/** What people, bots and services do with chats. */
export function chatCommands({ write, hand, mark, markRead }: ChatCommandUseCases): Commands {
  return {
    reply: unary(async (request: ReplyRequest, { caller }) => {
      const { messageId, sequence } = await write.reply(caller.organisationId, readReply(request), actorOf(caller));
      return { messageId, sequence: BigInt(sequence) };
    }),

    markRead: unary(async ({ chatId, typingIndicator }, { caller }) => {
      demand(aChatId('chat_id', chatId));
      await markRead(caller.organisationId, chatId, typingIndicator, actorOf(caller));
      return {};
    }),

    start: unary(async (request: StartRequest, { caller }) => {
      const { messageId, chat } = await write.start(caller.organisationId, readStart(request), actorOf(caller));
      return { messageId, chat: chatToProto(chat) };
    }),

    complete: unary(async ({ chatId }, { caller }) => {
      demand(aChatId('chat_id', chatId));
      return { chat: chatToProto(await mark.complete(caller.organisationId, chatId, actorOf(caller))) };
    }),

    accept: unary(async ({ chatId, operatorId }, { caller }) => {
      demand(aChatId('chat_id', chatId), anIdOrNone('operator_id', operatorId));
      const operator = operatorOf(actorOf(caller), operatorId);
      return { chat: chatToProto(await hand.accept(caller.organisationId, chatId, operator)) };
    }),

    refuse: unary(async ({ chatId, operatorId }, { caller }) => {
      demand(aChatId('chat_id', chatId), anIdOrNone('operator_id', operatorId));
      const actor = actorOf(caller);
      const operator = operatorOf(actor, operatorId);
      return { chat: chatToProto(await hand.refuse(caller.organisationId, chatId, operator, actor)) };
    }),

    assign: unary(async ({ chatId, operatorId }, { caller }) => {
      demand(aChatId('chat_id', chatId), anIdOrNone('operator_id', operatorId));
      const operator = operatorOf(actorOf(caller), operatorId);
      return { chat: chatToProto(await hand.assign(caller.organisationId, chatId, operator)) };
    }),

    transfer: unary(async ({ chatId, toOperatorId, toDepartmentId, note }, { caller }) => {
      demand(
        aChatId('chat_id', chatId),
        oneOf({ to_operator_id: toOperatorId !== '', to_department_id: toDepartmentId !== '' }),
        anIdOrNone('to_operator_id', toOperatorId),
        anIdOrNone('to_department_id', toDepartmentId),
        aTextOrNone('note', note, NOTE),
      );
      const to = { toOperator: toOperatorId, toDepartment: toDepartmentId, note };
      return { chat: chatToProto(await hand.transfer(caller.organisationId, chatId, to, actorOf(caller))) };
    }),

    answerTransfer: unary(async ({ chatId, answer, operatorId }, { caller }) => {
      const said = answers[answer];
      demand(
        aChatId('chat_id', chatId),
        said ? undefined : { field: 'answer', description: 'must be accept, refuse or withdraw; name one' },
        anIdOrNone('operator_id', operatorId),
      );
      const actor = actorOf(caller);
      const operator = said === 'withdraw' ? operatorId || actor.operator : operatorOf(actor, operatorId);
      const chat =
        said === 'accept' || said === undefined
          ? await hand.acceptTransfer(caller.organisationId, chatId, operator)
          : await hand.answerTransfer(caller.organisationId, chatId, said, operator, actor);
      return { chat: chatToProto(chat) };
    }),

    handOver: unary(async ({ chatId, departmentId, note }, { caller }) => {
      demand(aChatId('chat_id', chatId), anIdOrNone('department_id', departmentId), aTextOrNone('note', note, NOTE));
      const to = { department: departmentId, note };
      return { chat: chatToProto(await hand.handOver(caller.organisationId, chatId, to, actorOf(caller))) };
    }),

    addNote: unary(async ({ chatId, idempotencyKey, text }, { caller }) => {
      demand(aChatId('chat_id', chatId), aKey('idempotency_key', idempotencyKey), aText('text', text, 4_096));
      const note = { chatId, idempotencyKey, text };
      return { sequence: BigInt(await mark.addNote(caller.organisationId, note, actorOf(caller))) };
    }),

    setTags: unary(async ({ chatId, tags }, { caller }) => {
      demand(aChatId('chat_id', chatId), ...theTags('tags', tags));
      return { chat: chatToProto(await mark.setTags(caller.organisationId, chatId, tags, actorOf(caller))) };
    }),

    blockCustomer: unary(async ({ chatId, reason, duration, spam }, { caller }) => {
      demand(aChatId('chat_id', chatId), aTextOrNone('reason', reason, NOTE), aBlockTime('duration', duration));
      const how = { reason, duration, spam };
      return { chat: chatToProto(await mark.block(caller.organisationId, chatId, how, actorOf(caller))) };
    }),

    decideBlock: unary(async ({ chatId, approve }, { caller }) => {
      demand(aChatId('chat_id', chatId));
      return { chat: chatToProto(await mark.decideBlock(caller.organisationId, chatId, approve, actorOf(caller))) };
    }),

    unblockCustomer: unary(async ({ chatId }, { caller }) => {
      demand(aChatId('chat_id', chatId));
      return { chat: chatToProto(await mark.unblock(caller.organisationId, chatId, actorOf(caller))) };
    }),
  };
}

const answers: Partial<Record<TransferAnswer, 'accept' | 'refuse' | 'withdraw'>> = {
  [TransferAnswer.TRANSFER_ANSWER_ACCEPT]: 'accept',
  [TransferAnswer.TRANSFER_ANSWER_REFUSE]: 'refuse',
  [TransferAnswer.TRANSFER_ANSWER_WITHDRAW]: 'withdraw',
};

function readStart(request: StartRequest): Start {
  const { phoneNumberId: number, customerId, phone, userId, idempotencyKey, text, template } = request;
  demand(
    aNumber('phone_number_id', number),
    oneOf({ customer_id: customerId !== '', phone: phone !== '', user_id: userId !== '' }),
    customerId === '' ? undefined : aCustomerId('customer_id', customerId),
    phone === '' ? undefined : aPhone('phone', phone),
    userId === '' ? undefined : aUserId('user_id', userId),
    aKey('idempotency_key', idempotencyKey),
    oneOf({ text: text !== '', template: template !== undefined }),
    text === '' ? undefined : aText('text', text, 4_096),
    ...(template ? theTemplate('template', template) : []),
  );
  const customer =
    customerId !== '' ? { id: customerId } : phone !== '' ? { phone: phone.replace(/\D/g, '') } : { userId };
  const content: Content = template
    ? { kind: { $case: 'template', value: template } }
    : { kind: { $case: 'text', value: { body: text } } };
  const field = template ? 'template' : 'text';
  return { number, customer, idempotencyKey, content, preview: previewOfContent(content), field };
}

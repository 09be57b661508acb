import { Failure } from '@switchboard/errors';

export const operatorNotFound = (operatorId: string): Failure =>
  new Failure(
    'not-found',
    'routing.operator-not-found',
    'there is no such operator in this organisation; add them in account',
    {
      details: { operator_id: operatorId },
    },
  );

export const chatTaken = (chatId: string, operatorId: string): Failure =>
  new Failure('conflict', 'routing.chat-taken', 'somebody else has the chat, or is being asked; take another one', {
    details: { chat_id: chatId, operator_id: operatorId },
  });

export const notWaiting = (chatId: string): Failure =>
  new Failure('conflict', 'routing.chat-not-waiting', 'the chat does not wait for a person; look at its state', {
    details: { chat_id: chatId },
  });

export const atLimit = (operatorId: string, limit: number): Failure =>
  new Failure(
    'exhausted',
    'routing.operator-at-limit',
    `the operator has ${limit} chats, as many as they may; complete one first, or raise the limit`,
    { details: { operator_id: operatorId, limit: String(limit) } },
  );

export const notTheirs = (chatId: string, operatorId: string): Failure =>
  new Failure(
    'forbidden',
    'routing.not-in-department',
    'associates take chats of their departments, or what is offered to them; ask a supervisor to assign it',
    { details: { chat_id: chatId, operator_id: operatorId } },
  );

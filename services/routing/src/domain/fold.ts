import { Failure } from '@switchboard/errors';
import { answered, foldReceived, type Folding, say } from './fold-received.js';
import { foldSent, foldTroubled } from './fold-sent.js';
import type { Owner } from './spans.js';
import {
  type Chat,
  type Completion,
  FREE_ENTRY_MS,
  isOpenChat,
  rememberKey,
  type Thread,
  WINDOW_MS,
} from './thread.js';
import type { ThreadEvent } from './thread-events.js';
import type { CompleteCommand, ReplyCommand, ThreadInput, Whose } from './thread-inputs.js';

export interface Folded {
  readonly state: Thread;
  readonly events: readonly ThreadEvent[];
  readonly result: Result;
}

/** For the caller of a command. */
export interface Result {
  /** The sequence of the reply, new or remembered. */
  readonly sequence: number;
  readonly thread: Thread;
}

/** A thread and an input make a thread and what is to be told. Pure; throws only what a command's caller is told. */
export function foldThread(state: Thread, input: ThreadInput, { nextSequence }: { nextSequence: number }): Folded {
  const folding: Folding = { thread: state, events: [] };
  let sequence = 0;
  switch (input.kind) {
    case 'received':
      begin(folding, input.whose);
      adopt(folding, input.whose.owner, input.at);
      foldReceived(folding, input);
      break;
    case 'adopt':
      adopt(folding, input.owner, input.at);
      break;
    case 'disconnected':
      complete(folding, 'number-disconnected', '', input.at);
      break;
    case 'joined-into':
      begin(folding, input.whose);
      if (folding.thread.into !== input.intoThread) {
        complete(folding, 'joined', '', input.at);
        folding.thread = { ...folding.thread, into: input.intoThread };
        const { intoThread, intoCustomer } = input;
        say(folding, input.at, { type: 'thread-joined', intoThread, intoCustomer });
      }
      break;
    case 'parted':
      if (folding.thread.into !== null) {
        const from = folding.thread.into;
        folding.thread = { ...folding.thread, into: null };
        say(folding, input.at, { type: 'thread-parted', from });
      }
      break;
    case 'sent':
      begin(folding, input.whose);
      adopt(folding, input.whose.owner, input.at);
      foldSent(folding, input);
      break;
    case 'troubled':
      begin(folding, input.whose);
      foldTroubled(folding, input);
      break;
    case 'reply':
      sequence = reply(folding, input, nextSequence);
      break;
    case 'complete':
      completeByCommand(folding, input);
  }
  return { state: folding.thread, events: folding.events, result: { sequence, thread: folding.thread } };
}

function begin(folding: Folding, { number, connection, customer }: Whose): void {
  if (folding.thread.number === '') folding.thread = { ...folding.thread, number, connection, customer };
}

/** A thread of a number that was nobody's finds its organisation: by the sweep, or by the next thing that happens in it. */
function adopt(folding: Folding, owner: Owner | null, at: Date): void {
  const { thread } = folding;
  if (owner === null || thread.owner?.departmentId === owner.departmentId) return;
  if (thread.owner !== null) {
    // Moved to another department of its brand: open chats follow, nothing is adopted.
    folding.thread = { ...thread, owner };
    return;
  }
  const isNew = thread.ring.length === 0 && thread.chat === null;
  folding.thread = { ...thread, owner };
  if (!isNew) say(folding, at, { type: 'thread-adopted', owner });
}

function complete(folding: Folding, reason: Completion, by: string, at: Date): void {
  const { thread } = folding;
  if (!isOpenChat(thread.chat)) return;
  const { id } = thread.chat;
  folding.thread = {
    ...thread,
    chat: { ...thread.chat, state: 'completed', completedAt: at, completion: reason, unread: 0 },
  };
  say(folding, at, { type: 'chat-completed', reason, by }, id);
}

/** CH-8: a completed chat cannot be answered, nor one that is not this thread's last. */
function openChatOf(thread: Thread, chatId: string, organisationId: string): Chat {
  const { chat, owner } = thread;
  const isThere = chat !== null && Number(chatId.split(':').at(-1)) <= thread.chats;
  if (!isThere || owner?.organisationId !== organisationId) throw chatNotFound();
  if (chat.id !== chatId || !isOpenChat(chat)) {
    throw new Failure(
      'conflict',
      'routing.chat-completed',
      'the chat is completed, for good; the customer’s next message opens a new one, or start one with a template',
      { details: { chat_id: chatId, last_chat_id: chat.id } },
    );
  }
  return chat;
}

export const chatNotFound = (): Failure => new Failure('not-found', 'routing.chat-not-found', 'there is no such chat');

function reply(folding: Folding, input: ReplyCommand, nextSequence: number): number {
  const { thread } = folding;
  const { idempotencyKey, contentHash, chatId, at } = input;
  const known =
    thread.owner?.organisationId === input.organisationId
      ? thread.keys.find(({ key }) => key === idempotencyKey)
      : undefined;
  if (known) {
    if (known.hash === contentHash) return known.seq;
    throw new Failure(
      'conflict',
      'routing.key-reused',
      'this idempotency key was used for another reply; take a new key for each press of the button',
      { details: { idempotency_key: idempotencyKey } },
    );
  }
  openChatOf(thread, chatId, input.organisationId);
  answered(folding, at, input.preview, input.author === 'bot' ? 'bot' : 'operator');
  const { adAt } = thread;
  const opensFreeEntry = adAt !== null && at.getTime() - adAt.getTime() <= WINDOW_MS;
  const freeUntil = opensFreeEntry ? new Date(at.getTime() + FREE_ENTRY_MS) : thread.freeUntil;
  const keys = rememberKey(thread.keys, { key: idempotencyKey, hash: contentHash, seq: nextSequence, at });
  folding.thread = { ...folding.thread, keys, adAt: opensFreeEntry ? null : adAt, freeUntil };
  const { author, authorId, content, replyTo } = input;
  const detail = { author, authorId, content, replyTo, recipient: thread.address, lastInbound: thread.last };
  say(folding, at, { type: 'reply-queued', ...detail, freeUntil, idempotencyKey });
  return nextSequence;
}

/** Completing what is completed is no mistake. */
function completeByCommand(folding: Folding, { chatId, organisationId, by, at }: CompleteCommand): void {
  const { chat, owner } = folding.thread;
  if (chat?.id === chatId && owner?.organisationId === organisationId && !isOpenChat(chat)) return;
  openChatOf(folding.thread, chatId, organisationId);
  complete(folding, 'operator', by, at);
}

import { Failure } from '@switchboard/errors';
import { blockCustomer, isBlocked, unblockCustomer } from './chat/blocking.js';
import { mustBeTheirs, openChatOf, someChatOf } from './chat/rights.js';
import { answered, complete, endTransfer, handOver, hold, open, take } from './chat/life.js';
import { withdrawOffer } from './chat/offers.js';
import { queue } from './chat/texts.js';
import { after, parseDuration } from './flow/duration.js';
import { askDesk, changeChat, type Folding, nextSequence, say } from './folding.js';
import { isOpenChat, rememberKey } from './thread.js';
import type {
  Actor,
  AddNoteCommand,
  AnswerTransferCommand,
  BlockCommand,
  Command,
  CompleteCommand,
  DecideBlockCommand,
  ReplyCommand,
  SetTagsCommand,
  StartCommand,
  TransferCommand,
} from './thread-inputs.js';

/** What people, bots and services ask for. Answers with the sequence of what was written, 0 where nothing was. */
export function foldCommand(folding: Folding, command: Command): number {
  switch (command.kind) {
    case 'reply':
      return reply(folding, command);
    case 'start':
      return start(folding, command);
    case 'add-note':
      return addNote(folding, command);
    case 'complete':
      completeByCommand(folding, command);
      return 0;
    case 'refuse': {
      const chat = openChatOf(folding.thread, command);
      if (!chat.offered.includes(command.operator)) return 0;
      withdrawOffer(folding, [command.operator], false);
      const { deskCount } = folding.thread;
      askDesk(folding, chat.id, { type: 'offer-refused', operatorId: command.operator }, deskCount);
      return 0;
    }
    case 'transfer':
      transfer(folding, command);
      return 0;
    case 'answer-transfer':
      answerTransfer(folding, command);
      return 0;
    case 'hand-over': {
      const chat = openChatOf(folding.thread, command);
      if (chat.state === 'bot') mustBeTheirs(chat, command.actor);
      // With people it is where it should be.
      handOver(folding, 'bot', command.department, command.note);
      return 0;
    }
    case 'set-tags':
      setTags(folding, command);
      return 0;
    case 'block':
      block(folding, command);
      return 0;
    case 'decide-block':
      decideBlock(folding, command);
      return 0;
    case 'unblock':
      someChatOf(folding.thread, command);
      unblockCustomer(folding, command.actor.id);
      return 0;
  }
}

/** The sequence a key was answered with before; undefined when it is new. */
function remembered(folding: Folding, key: string, hash: string, organisationId: string): number | undefined {
  const { keys, owner } = folding.thread;
  const known = owner?.organisationId === organisationId ? keys.find((each) => each.key === key) : undefined;
  if (known === undefined || known.hash === hash) return known?.seq;
  throw new Failure(
    'conflict',
    'routing.key-reused',
    'this idempotency key was used for something else; take a new key for each press of the button',
    { details: { idempotency_key: key } },
  );
}

function remember(folding: Folding, key: string, hash: string, seq: number, at: Date): number {
  const { thread } = folding;
  folding.thread = { ...thread, keys: rememberKey(thread.keys, { key, hash, seq, at }) };
  return seq;
}

function reply(folding: Folding, input: ReplyCommand): number {
  const { idempotencyKey: key, contentHash: hash, at, actor } = input;
  const known = remembered(folding, key, hash, input.organisationId);
  if (known !== undefined) return known;
  mustBeTheirs(openChatOf(folding.thread, input), actor);
  return send(folding, input, at, actor);
}

function send(folding: Folding, input: ReplyCommand | StartCommand, at: Date, actor: Actor): number {
  const { content, preview, replyTo, idempotencyKey, contentHash } = input;
  const author = actor.bot === '' ? 'operator' : 'bot';
  answered(folding, at, preview, author, actor.operator);
  const sequence = queue(folding, at, { author, authorId: actor.id, content, replyTo, idempotencyKey });
  return remember(folding, idempotencyKey, contentHash, sequence, at);
}

/** A chat that our side begins (CH-8). Where one is open already, that one is answered. */
function start(folding: Folding, input: StartCommand): number {
  const { idempotencyKey: key, contentHash: hash, at, actor, organisationId, preview, address } = input;
  const known = remembered(folding, key, hash, organisationId);
  if (known !== undefined) return known;
  const { thread } = folding;
  if (thread.owner?.organisationId !== organisationId) {
    throw new Failure('not-found', 'routing.number-not-found', 'no such number is connected to the organisation');
  }
  if (isBlocked(thread, folding.around.now)) {
    throw new Failure('conflict', 'routing.customer-blocked', 'the customer is blocked; unblock them first');
  }
  if (isOpenChat(thread.chat)) mustBeTheirs(thread.chat, actor);
  else {
    // Of somebody who never wrote nothing else is known.
    folding.thread = { ...thread, party: { ...address, ...thread.party }, address: { ...thread.address, ...address } };
    const { former } = open(folding, at, { byUser: false, lastPreview: preview, ad: '' });
    const { party: customer } = folding.thread;
    say(folding, at, { type: 'chat-opened', former, byUser: false, referral: undefined, customer });
    if (actor.operator !== '') {
      take(folding, actor.operator, 'taken');
      hold(folding, actor.operator);
    }
  }
  return send(folding, input, at, actor);
}

/** Completing what is completed is no mistake. */
function completeByCommand(folding: Folding, input: CompleteCommand): void {
  const { chat, owner } = folding.thread;
  const { chatId, organisationId, actor, at } = input;
  if (chat?.id === chatId && owner?.organisationId === organisationId && !isOpenChat(chat)) return;
  mustBeTheirs(openChatOf(folding.thread, input), actor);
  complete(folding, actor.bot === '' ? 'operator' : 'bot', actor.id, at);
}

function transfer(folding: Folding, input: TransferCommand): void {
  const { actor, toOperator, toDepartment, note } = input;
  const chat = openChatOf(folding.thread, input);
  mustBeTheirs(chat, actor);
  if (chat.state !== 'active') {
    const why = 'only a chat that somebody has can be transferred; assign it, or let it be taken';
    throw new Failure('conflict', 'routing.chat-not-active', why);
  }
  const { transfer: pending } = chat;
  if (pending?.toOperator === toOperator && pending.toDepartment === toDepartment) return;
  if (pending) {
    throw new Failure('conflict', 'routing.transfer-pending', 'a transfer waits for its answer; take that back first');
  }
  if (toOperator !== '' && toOperator === chat.operator) {
    throw new Failure('conflict', 'routing.chat-theirs', 'the operator has the chat already; name another');
  }
  const { now, flow } = folding.around;
  const until = after(now, flow.transferTimeout, flow.timeZone);
  const asked = { toOperator, toDepartment, by: actor.operator || actor.id, until, note };
  changeChat(folding, { transfer: asked });
  say(folding, now, { type: 'transfer-requested', ...asked });
  folding.stirred = true;
}

function answerTransfer(folding: Folding, input: AnswerTransferCommand): void {
  const { actor, answer, operator } = input;
  const chat = openChatOf(folding.thread, input);
  const { transfer: pending } = chat;
  if (!pending) {
    throw new Failure('conflict', 'routing.no-transfer', 'no transfer of this chat waits for an answer');
  }
  const who = operator || actor.id;
  const isTheirs = answer === 'withdraw' ? pending.by === who : pending.toOperator === who;
  if (!isTheirs && !actor.mayIntervene) {
    const why =
      answer === 'withdraw'
        ? 'only who asked for the transfer may take it back'
        : 'only the operator it is meant for may refuse it; one to a department is accepted or times out';
    throw new Failure('conflict', 'routing.transfer-of-others', why);
  }
  endTransfer(folding, answer === 'withdraw' ? 'withdrawn' : 'refused', who);
}

function addNote(folding: Folding, input: AddNoteCommand): number {
  const { idempotencyKey, contentHash: hash, text, at, actor, chatId } = input;
  someChatOf(folding.thread, input);
  // Notes and replies have keys of their own.
  const key = `note ${idempotencyKey}`;
  const known = remembered(folding, key, hash, input.organisationId);
  if (known !== undefined) return known;
  const sequence = nextSequence(folding);
  say(folding, at, { type: 'note-added', text, authorId: actor.id, idempotencyKey }, chatId);
  return remember(folding, key, hash, sequence, at);
}

function setTags(folding: Folding, input: SetTagsCommand): void {
  someChatOf(folding.thread, input);
  const { thread } = folding;
  const tags = [...input.tags].sort();
  if (tags.length === thread.tags.length && tags.every((tag, index) => tag === thread.tags[index])) return;
  folding.thread = { ...thread, tags };
  say(folding, input.at, { type: 'tags-changed', tags, by: input.actor.id }, input.chatId);
}

/** Blocks, or asks a supervisor to where the brand wants that (PF-3). */
function block(folding: Folding, input: BlockCommand): void {
  const { actor, reason, spam, duration, at, chatId } = input;
  const { now, flow } = folding.around;
  someChatOf(folding.thread, input);
  const { thread } = folding;
  if (isOpenChat(thread.chat)) mustBeTheirs(thread.chat, actor);
  if (isBlocked(thread, now)) return;
  if (!flow.blockNeedsApproval || (actor.mayIntervene && actor.bot === '')) {
    blockCustomer(folding, { until: untilOf(folding, duration), by: actor.id, reason, spam }, chatId, 'blocked');
    return;
  }
  if (thread.blockRequest) return;
  const request = { by: actor.id, reason, spam, duration };
  folding.thread = { ...thread, blockRequest: request };
  say(folding, at, { type: 'block-requested', ...request }, chatId);
}

function decideBlock(folding: Folding, input: DecideBlockCommand): void {
  const { actor, approve, at, chatId } = input;
  someChatOf(folding.thread, input);
  const { thread } = folding;
  const { blockRequest: request } = thread;
  if (!request) {
    if (approve === isBlocked(thread, folding.around.now)) return;
    throw new Failure('conflict', 'routing.no-block-request', 'nobody asks to block this customer');
  }
  if (approve) {
    const { duration, reason, spam } = request;
    blockCustomer(folding, { until: untilOf(folding, duration), by: actor.id, reason, spam }, chatId, 'blocked');
    return;
  }
  folding.thread = { ...thread, blockRequest: null };
  say(folding, at, { type: 'block-declined', by: actor.id }, chatId);
}

function untilOf({ around }: Folding, text: string): Date | null {
  const duration = parseDuration(text);
  return duration ? after(around.now, duration, around.flow.timeZone) : null;
}

import { after } from '../flow/duration.js';
import { askDesk, changeChat, type Folding, say } from '../folding.js';
import { isOpenChat } from '../thread.js';
import type { AssignmentCause, HandOverCause, TransferOutcome } from '../thread-events.js';
import { type Author, type Chat, type Completion, newChat, owesAnswer, shown } from './chat.js';
import { askRating } from './rating.js';
import { route, tellClosed } from './route.js';

/** The states of a chat and how it comes from one to the next; whatever happens here is looked at by its timer. */

/** A chat begins: a bot attends to it where one is attached, else it waits for a person. */
export function open(folding: Folding, at: Date, about: Pick<Chat, 'byUser' | 'lastPreview' | 'ad'>): Chat {
  const { thread, around } = folding;
  const { now, bot } = around;
  const { number, connection, customer } = thread;
  const former = thread.chat?.id ?? '';
  const chats = thread.chats + 1;
  const lastAuthor: Author = about.byUser ? 'customer' : 'operator';
  const chat = {
    ...newChat(`${number}.${connection}.${customer}:${chats}`, at, now, { former, lastAuthor, ...about }),
    ...(!about.byUser ? { state: 'active' as const } : bot ? byBot(bot.botId) : { waitingSince: now }),
  };
  folding.thread = { ...thread, chats, past: thread.chat, chat, asked: null };
  folding.stirred = true;
  return chat;
}

const byBot = (botId: string) => ({ state: 'bot', bot: botId }) as const;

/** A customer's message in an open chat: whoever attends to it owes the answer now. */
export function asked(folding: Folding, at: Date, preview: string): void {
  const { thread, around } = folding;
  if (!isOpenChat(thread.chat)) return;
  const { chat } = thread;
  const isAttended = chat.state === 'active' || chat.state === 'bot';
  changeChat(folding, {
    unread: chat.unread + 1,
    ...shown(chat, at, preview, 'customer'),
    ...(isAttended && { ...measured(chat, around.now), idleSince: around.now, warned: false }),
    askedAt: chat.askedAt ?? around.now,
  });
  folding.stirred = true;
}

/** Our side wrote: nothing is unread, and who waited for a person or was missed is served now (CH-4, CH-5, CH-6). */
export function answered(
  folding: Folding,
  at: Date,
  preview: string,
  author: 'operator' | 'bot' | 'business-app',
  operator = '',
): void {
  const { chat } = folding.thread;
  if (!isOpenChat(chat)) return;
  const isNobodys = chat.operator === '';
  if (operator !== '' && isNobodys) {
    take(folding, operator, 'taken');
    hold(folding, operator);
  } else if (chat.state === 'waiting' || chat.state === 'missed' || (chat.state === 'bot' && author === 'operator')) {
    activate(folding, '');
    release(folding);
  }
  const { now } = folding.around;
  const { chat: served } = folding.thread;
  if (!served) return;
  changeChat(folding, {
    ...measured(served, now),
    ...shown(served, at, preview, author),
    unread: 0,
    askedAt: null,
    idleSince: now,
    warned: false,
  });
  folding.stirred = true;
}

/** A message of a service is one of our side: the chat is not idle. It answers nobody. */
export function touched(folding: Folding): void {
  const { chat } = folding.thread;
  if (chat?.state !== 'active' && chat?.state !== 'bot') return;
  const { now } = folding.around;
  changeChat(folding, { ...measured(chat, now), idleSince: now, warned: false });
  folding.stirred = true;
}

/** It is an operator's now, whoever had it before. */
export function take(folding: Folding, operator: string, cause: AssignmentCause): void {
  const { chat } = folding.thread;
  if (!isOpenChat(chat)) return;
  const former = chat.operator;
  if (chat.transfer) {
    endTransfer(folding, cause === 'transferred' ? 'accepted' : 'withdrawn', cause === 'transferred' ? operator : '');
  }
  activate(folding, operator);
  folding.thread = { ...folding.thread, lastOperator: operator, want: null };
  say(folding, folding.around.now, { type: 'chat-assigned', operator, cause, former });
}

function activate(folding: Folding, operator: string): void {
  const { chat } = folding.thread;
  if (!isOpenChat(chat)) return;
  const { now } = folding.around;
  if (chat.state === 'bot') sayHandedOver(folding, chat, 'taken', chat.department, '');
  changeChat(folding, {
    ...measured(chat, now),
    ...served,
    state: 'active',
    operator,
    bot: '',
    idleSince: now,
    warned: false,
  });
  folding.stirred = true;
}

/** Of a chat that waits for nobody any more. */
const served = { offered: [], offeredUntil: null, waitingSince: null, missedSince: null } as const;

/** Nobody took it in time: it is in a list of its own, and asks nobody any more (CH-4). */
export function miss(folding: Folding): void {
  const { chat } = folding.thread;
  if (chat?.state !== 'waiting') return;
  const { now, flow } = folding.around;
  changeChat(folding, { ...measured(chat, now), ...served, state: 'missed', missedSince: now });
  say(folding, now, { type: 'chat-missed', closesAt: after(now, flow.missedClose, flow.timeZone) });
  release(folding);
  folding.stirred = true;
}

/** From a bot to people, who have a waiting time of their own (CH-7, BT-1). */
export function handOver(folding: Folding, cause: HandOverCause, department: string, note: string): void {
  const { chat } = folding.thread;
  if (chat?.state !== 'bot') return;
  const { now, bot } = folding.around;
  const goesTo = department || (bot?.botId === chat.bot ? bot.departmentId : '');
  sayHandedOver(folding, chat, cause, goesTo, note);
  const waiting = { state: 'waiting', bot: '', rule: null, department: goesTo, waitingSince: now } as const;
  changeChat(folding, { ...measured(chat, now), ...waiting, idleSince: now, warned: false });
  folding.stirred = true;
  route(folding, chat.lastAuthor === 'customer' ? chat.lastPreview : '');
  tellClosed(folding);
}

function sayHandedOver(folding: Folding, chat: Chat, cause: HandOverCause, goesTo: string, note: string): void {
  const department = goesTo || (folding.thread.owner?.departmentId ?? '');
  say(folding, folding.around.now, { type: 'handed-over', bot: chat.bot, cause, department, note });
}

export function endTransfer(folding: Folding, outcome: TransferOutcome, by: string): void {
  const { chat } = folding.thread;
  if (!chat?.transfer) return;
  const { toDepartment } = chat.transfer;
  const isAccepted = outcome === 'accepted' && toDepartment !== '';
  changeChat(folding, { transfer: null, ...(isAccepted && { department: toDepartment }) });
  say(folding, folding.around.now, { type: 'transfer-ended', outcome, by });
  folding.stirred = true;
}

/** For good (CH-8). Asks for a rating where somebody served the customer (CH-11). */
export function complete(folding: Folding, reason: Completion, by: string, at: Date): void {
  const { chat } = folding.thread;
  if (!isOpenChat(chat)) return;
  endTransfer(folding, 'withdrawn', '');
  changeChat(folding, {
    ...measured(chat, folding.around.now),
    ...served,
    state: 'completed',
    completedAt: at,
    completion: reason,
    unread: 0,
  });
  say(folding, at, { type: 'chat-completed', reason, by }, chat.id);
  release(folding);
  folding.stirred = true;
  if (asksFor.has(reason) && (chat.operator !== '' || chat.bot !== '')) askRating(folding, chat.id);
}

const asksFor: ReadonlySet<Completion> = new Set(['operator', 'bot', 'idle']);

/** The desk keeps a place for whoever has it. */
export function hold(folding: Folding, operatorId: string): void {
  const { chat } = folding.thread;
  if (!isOpenChat(chat)) return;
  changeChat(folding, { atDesk: true });
  askDesk(folding, chat.id, { type: 'chat-held', operatorId });
}

/** Whatever the desk keeps for it is free. */
export function release(folding: Folding): void {
  const { chat } = folding.thread;
  if (!chat?.atDesk) return;
  changeChat(folding, { atDesk: false });
  askDesk(folding, chat.id, { type: 'chat-released' });
}

/** How long it has been as it is, where that is the longest so far. */
function measured(chat: Chat, now: Date): Partial<Chat> {
  const longest = (known: number | null, since: Date | null): number =>
    Math.max(known ?? 0, since === null ? 0 : now.getTime() - since.getTime());
  switch (chat.state) {
    case 'waiting':
      return { longestWaitMs: longest(chat.longestWaitMs, chat.waitingSince) };
    case 'missed':
      return { missedForMs: longest(chat.missedForMs, chat.missedSince) };
    case 'active':
      return owesAnswer(chat) === 'customer'
        ? { longestIdleCustomerMs: longest(chat.longestIdleCustomerMs, chat.idleSince) }
        : { longestIdleOperatorMs: longest(chat.longestIdleOperatorMs, chat.idleSince) };
    case 'bot':
    case 'completed':
      return {};
  }
}

import { mergeParty } from './party.js';
import { type Chat, hasSeen, isOpenChat, remember, type Thread } from './thread.js';
import type { Detail, ThreadEvent } from './thread-events.js';
import type { Received } from './thread-inputs.js';

/** What happened, gathered while a thread is folded. */
export interface Folding {
  thread: Thread;
  readonly events: ThreadEvent[];
}

export function say(folding: Folding, at: Date, detail: Detail, chatId?: string): void {
  const { thread } = folding;
  const { number, customer, owner, chat } = thread;
  folding.events.push({
    at,
    chatId: chatId ?? (isOpenChat(chat) ? chat.id : ''),
    about: { number, customer, owner },
    detail,
  });
}

/** What came by `whatsapp.messages` (CH-1, RX-4, RX-8). */
export function foldReceived(folding: Folding, input: Received): void {
  if (input.seenBefore || hasSeen(folding.thread, input.itemId)) return;
  const { thread } = folding;
  folding.thread = { ...thread, ring: remember(thread.ring, { w: input.itemId, t: input.at }) };
  switch (input.what) {
    case 'message':
      if (input.groupId === '') inbound(folding, input);
      else notice(folding, input, 'group');
      break;
    case 'echo':
      append(folding, input);
      answered(folding, input.at, input.preview, 'business-app');
      break;
    case 'history':
      append(folding, input);
      break;
    case 'edit':
      say(folding, input.at, { type: 'message-edited', target: input.target, content: input.content, at: input.at });
      break;
    case 'revocation':
      say(folding, input.at, { type: 'message-revoked', target: input.target, at: input.at });
      break;
    case 'reaction': {
      const { target, emoji, author, at } = input;
      say(folding, at, { type: 'reaction-changed', target, emoji, author, at });
      break;
    }
    case 'notice':
      notice(folding, input, input.notice);
  }
}

/** A customer's message opens a chat where none is open, and moves the window. */
function inbound(folding: Folding, input: Received): void {
  introduce(folding, input);
  if (!isOpenChat(folding.thread.chat)) openChat(folding, input);
  const { thread } = folding;
  const { chat } = thread;
  if (!chat) return;
  const isLater = !thread.last || input.at > thread.last.at;
  folding.thread = {
    ...thread,
    last: isLater ? { wamid: input.wamid, at: input.at } : thread.last,
    adAt: input.isAd ? input.at : thread.adAt,
    chat: { ...chat, unread: chat.unread + 1, ...shown(chat, input.at, input.preview, 'customer') },
  };
  append(folding, input);
}

function openChat(folding: Folding, input: Received): void {
  const { thread } = folding;
  const former = thread.chat?.id ?? '';
  const chats = thread.chats + 1;
  const { number, connection, customer } = thread;
  const chat: Chat = {
    id: `${number}.${connection}.${customer}:${chats}`,
    state: 'waiting',
    openedAt: input.at,
    completedAt: null,
    completion: null,
    former,
    byUser: true,
    unread: 0,
    lastAt: input.at,
    lastPreview: input.preview,
    lastAuthor: 'customer',
  };
  folding.thread = { ...thread, chats, chat };
  const { party, referral } = { party: folding.thread.party, referral: input.referral };
  say(folding, input.at, { type: 'chat-opened', former, byUser: true, referral, customer: party });
}

function append(folding: Folding, input: Received): void {
  if (input.author !== 'customer' || input.what === 'history') introduce(folding, input);
  const { thread } = folding;
  const imported = input.what === 'history';
  const chatId = imported ? '' : undefined;
  const { wamid, author, content, context, at, receivedAt, raw, groupId } = input;
  const unread = isOpenChat(thread.chat) ? thread.chat.unread : 0;
  const message = {
    wamid,
    messageId: '',
    author,
    content,
    context,
    sentAt: at,
    receivedAt,
    imported,
    unread,
    raw,
    groupId,
  };
  say(folding, at, { type: 'message-appended', ...message, customer: thread.party }, chatId);
}

/** Our side answered, here or elsewhere: the chat is active and nothing is unread. */
export function answered(
  folding: Folding,
  at: Date,
  preview: string,
  author: 'operator' | 'bot' | 'business-app',
): void {
  const { thread } = folding;
  if (!isOpenChat(thread.chat)) return;
  const { chat } = thread;
  folding.thread = { ...thread, chat: { ...chat, state: 'active', unread: 0, ...shown(chat, at, preview, author) } };
}

/** What a list shows of a chat after a message: the latest one by its time. */
export const shown = (chat: Chat, at: Date, preview: string, author: Chat['lastAuthor']) =>
  at >= chat.lastAt ? { lastAt: at, lastPreview: preview, lastAuthor: author } : {};

function notice(folding: Folding, input: Received, kind: string): void {
  introduce(folding, input);
  const { action, content, raw, itemId, at } = input;
  // Known again by the id it came with, whether or not that is one of Meta's.
  say(folding, at, { type: 'notice-appended', kind, action, content, raw, wamid: itemId });
}

function introduce(folding: Folding, input: Received): void {
  const { thread } = folding;
  const party = mergeParty(thread.party, input.party);
  const address = mergeParty(thread.address, input.address);
  if (party !== thread.party || address !== thread.address) folding.thread = { ...thread, party, address };
}

import { isBlocked, unblockCustomer } from './chat/blocking.js';
import { answered, asked, open } from './chat/life.js';
import { countHits } from './chat/profanity.js';
import { rate, starsOf } from './chat/rating.js';
import { route, tellClosed } from './chat/route.js';
import { type Folding, say } from './folding.js';
import { mergeParty } from './party.js';
import { hasSeen, isOpenChat, remember } from './thread.js';
import type { Received } from './thread-inputs.js';

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
      append(folding, input, { chatId: '' });
      break;
    case 'edit':
      say(folding, input.at, { type: 'message-edited', target: input.target, content: input.content, at: input.at });
      countHits(folding, input.target, input.hits);
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

/** A customer's message moves the window, and opens a chat where none is open, unless it is a rating or they are blocked. */
function inbound(folding: Folding, input: Received): void {
  const { now } = folding.around;
  introduce(folding, input);
  moveWindow(folding, input);
  const stars = starsOf(folding.thread, input, now);
  if (isBlocked(folding.thread, now)) {
    append(folding, input, { chatId: '', blocked: true });
    return;
  }
  // The time may be over before its timer fires.
  unblockCustomer(folding, '');
  if (stars !== undefined) {
    append(folding, input, { chatId: folding.thread.chat?.id ?? '' });
    rate(folding, stars);
    return;
  }
  const isNew = !isOpenChat(folding.thread.chat);
  if (isNew) openChat(folding, input);
  asked(folding, input.at, input.preview);
  append(folding, input);
  countHits(folding, input.wamid, input.hits);
  if (isNew && folding.thread.chat?.state === 'waiting') {
    route(folding, input.text);
    tellClosed(folding);
  }
}

function moveWindow(folding: Folding, { wamid, at, isAd }: Received): void {
  const { thread } = folding;
  const isLater = !thread.last || at > thread.last.at;
  folding.thread = { ...thread, last: isLater ? { wamid, at } : thread.last, adAt: isAd ? at : thread.adAt };
}

function openChat(folding: Folding, { at, preview: lastPreview, referral, advertisementId: ad }: Received): void {
  const { former } = open(folding, at, { byUser: true, lastPreview, ad });
  const { party: customer } = folding.thread;
  say(folding, at, { type: 'chat-opened', former, byUser: true, referral, customer });
}

function append(
  folding: Folding,
  input: Received,
  { chatId, blocked = false }: { readonly chatId?: string; readonly blocked?: boolean } = {},
): void {
  if (input.author !== 'customer' || input.what === 'history') introduce(folding, input);
  const { thread } = folding;
  const { wamid, author, content, context, at, receivedAt, raw, groupId } = input;
  const message = {
    wamid,
    messageId: '',
    author,
    content,
    context,
    sentAt: at,
    receivedAt,
    imported: input.what === 'history',
    unread: isOpenChat(thread.chat) ? thread.chat.unread : 0,
    raw,
    groupId,
    blocked,
  };
  say(folding, at, { type: 'message-appended', ...message, customer: thread.party }, chatId);
}

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

import { shown } from './chat/chat.js';
import { touched } from './chat/life.js';
import { type Folding, say } from './folding.js';
import { mergeParty } from './party.js';
import { hasSeen, isOpenChat, remember } from './thread.js';
import type { Sent, Troubled } from './thread-inputs.js';

/**
 * A message of a service or a broadcast stands in the chat that is open and opens none; the customer's answer does (CH-8).
 * It is no answer either: whoever waits for a person goes on waiting.
 */
export function foldSent(folding: Folding, input: Sent): void {
  const { thread } = folding;
  const { messageId, content, preview, replyTo, recipient, at } = input;
  if (input.seenBefore || hasSeen(thread, messageId)) return;
  const chat = isOpenChat(thread.chat) ? thread.chat : undefined;
  folding.thread = {
    ...thread,
    ring: remember(thread.ring, { w: messageId, t: at, c: chat?.id ?? '' }),
    // Of somebody who never wrote nothing else is known.
    party: mergeParty(recipient, thread.party),
    address: mergeParty(recipient, thread.address),
    chat: chat ? { ...chat, ...shown(chat, at, preview, 'service') } : thread.chat,
  };
  touched(folding);
  say(folding, at, {
    type: 'message-appended',
    wamid: '',
    messageId,
    author: 'service',
    content,
    context: replyTo === '' ? undefined : { messageId: replyTo, forwarded: false, frequentlyForwarded: false },
    customer: folding.thread.party,
    sentAt: at,
    receivedAt: at,
    imported: false,
    unread: chat?.unread ?? 0,
    raw: new Uint8Array(),
    groupId: '',
    blocked: false,
  });
}

/** What went wrong with a message of ours is told in the chat where the message stands. */
export function foldTroubled(folding: Folding, input: Troubled): void {
  const { thread } = folding;
  const { eventId, messageId, trouble, code, reason, at } = input;
  if (hasSeen(thread, eventId)) return;
  folding.thread = { ...thread, ring: remember(thread.ring, { w: eventId, t: at }) };
  const message = thread.ring.find(({ w }) => w === messageId);
  say(folding, at, { type: 'message-troubled', messageId, trouble, code, reason }, message?.c ?? input.chatId);
}

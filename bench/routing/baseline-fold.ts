import type { MessageReceived } from '@switchboard/contracts/ingress/v1/events';
import { Author, type ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { routingThreads } from '@switchboard/contracts/topics';
import type { ThreadRow, Told } from './documents.ts';

export const emptyThread = (id: string): ThreadRow => ({
  _id: id,
  v: 0,
  seq: 0,
  src: {},
  number: '',
  customer: '',
  party: {},
  chat: null,
  chats: 0,
  ring: [],
  last: null,
  out: [],
  outAt: null,
});

/** What a message does to its thread, and what is told of it; nothing when the thread knows it. */
export function fold(thread: ThreadRow, message: MessageReceived, partition: number, offset: number): Told[] {
  const { messageId, phoneNumberId, customer = {}, content, context, raw, groupId } = message;
  if ((thread.src['m1'] ?? -1) >= offset || thread.ring.some(({ w }) => w === messageId)) return [];
  const at = message.sentAt ?? new Date();
  const party = { ...thread.party, ...customer };
  const preview = content?.kind?.$case === 'text' ? content.kind.value.body.slice(0, 200) : '';
  const told: Told[] = [];
  const say = (event: ThreadEvent['event'], chatId: string): void => {
    thread.seq += 1;
    const value: ThreadEvent = {
      threadId: thread._id,
      sequence: BigInt(thread.seq),
      phoneNumberId,
      organisationId: 'bench',
      brandId: 'brand',
      departmentId: 'sales',
      customerId: thread.customer,
      chatId,
      occurredAt: at,
      botId: '',
      event,
    };
    told.push({ event: value, bytes: Buffer.from(routingThreads.encode(value)) });
  };

  Object.assign(thread, { number: phoneNumberId, customer: message.customer?.phone ?? '', party });
  if (!thread.chat) {
    thread.chats += 1;
    const id = `${thread._id}:${thread.chats}`;
    thread.chat = { id, state: 'waiting', openedAt: at, unread: 0, lastAt: at, lastPreview: preview };
    const value = { formerChatId: '', userInitiated: true, referral: undefined, customer };
    say({ $case: 'chatOpened', value }, id);
  }
  thread.chat = { ...thread.chat, unread: thread.chat.unread + 1, lastAt: at, lastPreview: preview };
  thread.ring = [...thread.ring, { w: messageId, t: at }].slice(-200);
  thread.last = { wamid: messageId, at };
  thread.src = { ...thread.src, m1: offset };
  const value = {
    whatsappMessageId: messageId,
    author: Author.AUTHOR_CUSTOMER,
    content,
    context,
    customer,
    sentAt: at,
    receivedAt: message.source?.receivedAt,
    imported: false,
    unread: thread.chat.unread,
    raw: Buffer.from(raw),
    groupId,
    messageId: '',
    blocked: false,
  };
  say({ $case: 'messageAppended', value }, thread.chat.id);
  thread.out = told.map(({ event, bytes }, i) => ({
    seq: Number(event.sequence),
    i,
    c: ['m1', offset, partition],
    to: routingThreads.name,
    k: phoneNumberId,
    id: `${thread._id}:${event.sequence}`,
    at,
    b: bytes,
  }));
  return told;
}

import type { Project, Written } from '@switchboard/aggregates';
import { ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { isDuplicate, translated } from '@switchboard/mongo';
import type { Connection } from 'mongoose';
import { type Chat, isOpenChat, type Thread, WINDOW_MS } from '../../domain/thread.js';
import { CHAT_ROWS, type ChatRowDocument } from './chat-rows.js';
import { TRANSCRIPT, type TranscriptDocument } from './transcript.js';

/** Writes transcript and rows of what was committed; anybody may do so at any time, twice, late. */
export function createProjections(connection: Connection): Project<Thread> {
  const transcript = connection.collection<TranscriptDocument>(TRANSCRIPT);
  const rows = connection.collection<ChatRowDocument>(CHAT_ROWS);

  return async (written) => {
    const read = written.map((each) => ({ written: each, entries: entriesOf(each) }));
    const documents = read.flatMap(({ entries }) => entries.map(({ document }) => document));
    const operations = read.flatMap(({ written: each, entries }) => rowOperations(each, entries));
    await Promise.all([
      documents.length === 0 ? undefined : translated(() => insert(documents)),
      operations.length === 0 ? undefined : translated(() => upsert(operations)),
    ]);
  };

  async function insert(documents: TranscriptDocument[]): Promise<void> {
    try {
      await transcript.insertMany(documents, { ordered: false });
    } catch (error) {
      if (!isDuplicate(error)) throw error; // what is there has the same content for ever
    }
  }

  async function upsert(operations: ReturnType<typeof rowOperations>): Promise<void> {
    try {
      await rows.bulkWrite(operations, { ordered: false });
    } catch (error) {
      if (!isDuplicate(error)) throw error; // a later picture of the chat is there
    }
  }
}

interface Entry {
  readonly event: ThreadEvent;
  readonly document: TranscriptDocument;
}

/** What a write says, as it stands in the transcript. */
export function entriesOf({ aggregateId, entries }: Written<Thread>): Entry[] {
  return entries
    .filter(({ own }) => own)
    .map(({ sequence, event: encoded }) => {
      const event = ThreadEvent.decode(encoded.value);
      const document: TranscriptDocument = {
        _id: `${aggregateId}:${sequence}`,
        t: aggregateId,
        s: sequence,
        at: encoded.time,
        ...(event.chatId !== '' && { c: event.chatId }),
        ...marksOf(event),
        b: encoded.value,
      };
      return { event, document };
    });
}

/** What an entry is found by. */
function marksOf({ event }: ThreadEvent): Pick<TranscriptDocument, 'w' | 'n' | 'l'> {
  switch (event?.$case) {
    case 'messageAppended': {
      const { whatsappMessageId, messageId } = event.value;
      const w = whatsappMessageId || messageId;
      return { ...(w !== '' && { w }), l: true };
    }
    case 'noticeAppended': {
      const { whatsappMessageId: w } = event.value;
      return { ...(w !== '' && { w }), l: true };
    }
    case 'replyQueued':
    case 'noteAdded':
      return { l: true };
    case 'messageEdited':
    case 'messageRevoked':
    case 'reactionChanged':
      return { n: event.value.whatsappMessageId };
    default:
      return {};
  }
}

/** The row of the thread's last chat, and of those that were completed before it in the same write. */
function rowOperations(written: Written<Thread>, entries: readonly Entry[]) {
  const { aggregateId, sequence, state } = written;
  const before = rowsOfCompleted(written, entries).map(({ id, change }) => ({
    updateOne: { filter: { _id: id, sequence: { $lt: sequence } }, update: { $set: change } },
  }));
  const whole = rowsOf(aggregateId, sequence, state, entries).map(({ _id, ...row }) => ({
    updateOne: { filter: { _id, sequence: { $lt: sequence } }, update: { $set: row }, upsert: true },
  }));
  return [...before, ...whole];
}

/** Whole rows a write shows: of the last chat, and of the one before it where it ended in this write. */
export function rowsOf(threadId: string, sequence: number, state: Thread, entries: readonly Entry[]) {
  const { chat, past } = state;
  const hasEnded = entries.some(({ event }) => event.event?.$case === 'chatCompleted' && event.chatId === past?.id);
  return [...(past && hasEnded ? [past] : []), ...(chat ? [chat] : [])].map((each) =>
    rowOf(threadId, sequence, state, each),
  );
}

/** Chats that ended before the thread's last one began, in one write. */
export function rowsOfCompleted({ sequence, state }: Written<Thread>, entries: readonly Entry[]) {
  return entries.flatMap(({ event: { event, chatId, occurredAt } }) =>
    event?.$case === 'chatCompleted' && chatId !== state.chat?.id && chatId !== state.past?.id
      ? [{ id: chatId, change: { state: 'completed' as const, completedAt: occurredAt ?? null, unread: 0, sequence } }]
      : [],
  );
}

export function rowOf(threadId: string, sequence: number, thread: Thread, chat: Chat): ChatRowDocument {
  const { id, ...shown } = chat;
  const { number, customer, owner, party, last, freeUntil, tags, timer, block, blockRequest } = thread;
  return {
    _id: id,
    ...shown,
    threadId,
    number,
    customer,
    organisationId: owner?.organisationId ?? '',
    brandId: owner?.brandId ?? '',
    departmentId: chat.department || (owner?.departmentId ?? ''),
    party,
    windowClosesAt: isOpenChat(chat) && last ? new Date(last.at.getTime() + WINDOW_MS) : null,
    freeUntil,
    tags,
    deadline: isOpenChat(chat) && timer ? { due: timer.due, at: timer.at } : null,
    blocked: block !== null,
    blockRequested: blockRequest !== null,
    sequence,
  };
}

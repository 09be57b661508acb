import { errorsOf } from './content.js';
import { type HistoryPlace, kinds, type Party, type Read } from './events.js';
import { count, isRecord, type Json, list, optionalText, record, text } from './json.js';
import { messageEvent, written } from './messages.js';
import { defined, handle, partyOfId, withContact } from './party.js';
import type { OfNumber, Place } from './place.js';

/** One chunk of imported history: each of its messages is an event of its own. */
export function history(place: Place, number: OfNumber, chunk: Json): Read[] {
  const events = list(chunk['threads']).flatMap((thread) => threadMessages(place, number, chunk, thread));
  const errors = errorsOf(chunk['errors']);
  if (errors.length > 0) {
    // The business has declined, or the phone could not hand it over.
    return [
      ...events,
      messageEvent(place, number, { ...chunk, threads: [] }, { kind: kinds.error, action: 'history', errors }),
    ];
  }
  return events.length > 0 ? events : [messageEvent(place, number, chunk, { kind: kinds.other, action: 'history' })];
}

function threadMessages(place: Place, number: OfNumber, chunk: Json, thread: unknown): Read[] {
  /** As its list would hold it, so that it can be read again. */
  const alone = (part: unknown): Json => ({ ...chunk, threads: [part] });
  if (!isRecord(thread)) return [place.unreadable(alone(thread))];
  const threadId = text(thread['id']);
  const customer = withContact(customerOf(threadId, record(thread['context'])), number.findContact);
  return list(thread['messages']).map((message): Read => {
    if (!isRecord(message)) return place.unreadable(alone({ ...thread, messages: [message] }));
    const messageId = text(message['id']);
    return written(place, number, message, {
      kind: kinds.history,
      customer,
      fromBusiness: isOurs(message, threadId, customer),
      history: { ...placeInImport(record(chunk['metadata'])), threadId, status: statusOf(message) },
      ...(messageId !== '' && { eventId: `history:${messageId}` }),
    });
  });
}

/** A thread is named by its customer: by the phone, or by the user id where the phone is hidden. */
const customerOf = (threadId: string, context: Json): Party => ({
  ...partyOfId(threadId),
  ...defined({
    phone: optionalText(context['wa_id']),
    userId: optionalText(context['user_id']),
    parentUserId: optionalText(context['parent_user_id']),
    username: handle(context['username']),
  }),
});

/** Only people have user ids; a phone that is not the customer's is ours. */
function isOurs(message: Json, threadId: string, customer: Party | undefined): boolean {
  if (optionalText(message['from_user_id']) !== undefined) return false;
  const from = text(message['from']);
  if (from === '') return message['to'] !== undefined || message['to_user_id'] !== undefined;
  return from !== threadId && from !== customer?.phone;
}

const placeInImport = (metadata: Json): Pick<HistoryPlace, 'phase' | 'chunkOrder' | 'progress'> => ({
  phase: count(metadata['phase']),
  chunkOrder: count(metadata['chunk_order']),
  progress: count(metadata['progress']),
});

const statusOf = (message: Json): string => text(record(message['history_context'])['status']);

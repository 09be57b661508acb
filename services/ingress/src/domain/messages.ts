import { contentOf, contextOf, errorsOf, referralOf } from './content.js';
import { type Kind, kinds, type MessageReceived, type Party, type Read } from './events.js';
import { bytes, isRecord, type Json, list, optionalText, record, text, time } from './json.js';
import { handle, party, partyAt, partyOfId, withContact } from './party.js';
import type { Place } from './place.js';

/** A number's change, with what all of its items share. */
export interface OfNumber {
  readonly phoneNumberId: string;
  readonly displayPhoneNumber: string;
  readonly value: Json;
}

type Parts = Partial<Omit<MessageReceived, 'raw' | 'source'>> & { readonly kind: Kind };

/** A message event from its parts; what is not given is empty. The id is derived from the item where Meta gives none. */
export function messageEvent(place: Place, number: OfNumber, item: unknown, parts: Parts): Read {
  const at = record(item);
  return {
    topic: 'messages',
    event: {
      phoneNumberId: number.phoneNumberId,
      displayPhoneNumber: number.displayPhoneNumber,
      messageId: '',
      sentAt: time(at['timestamp']),
      customer: undefined,
      fromBusiness: false,
      content: undefined,
      context: undefined,
      referral: undefined,
      groupId: '',
      errors: errorsOf(at['errors']),
      action: '',
      category: '',
      ...parts,
      eventId: parts.eventId ?? place.idOf(number.phoneNumberId, item),
      source: place.source,
      raw: bytes(item),
    },
  };
}

const kindByType: Readonly<Record<string, Kind>> = {
  edit: kinds.edit,
  revoke: kinds.revocation,
  reaction: kinds.reaction,
  system: kinds.system,
};

/** What a customer wrote. */
export function inbound(place: Place, number: OfNumber, item: Json): Read {
  const from = partyAt(item, 'from', 'from_user_id', 'from_parent_user_id');
  return written(place, number, item, {
    kind: kindByType[text(item['type'])] ?? kinds.message,
    customer: withContact(from, number.value['contacts']),
  });
}

/** What the business side wrote elsewhere. */
export function echo(place: Place, number: OfNumber, item: Json): Read {
  const to = partyAt(item, 'to', 'to_user_id', 'to_parent_user_id');
  const kind = kindByType[text(item['type'])] ?? kinds.echo;
  return written(place, number, item, {
    kind: kind === kinds.system ? kinds.echo : kind,
    customer: withContact(to, number.value['contacts']),
    fromBusiness: true,
  });
}

/** While another partner owns the conversation: stored, never answered. */
export function standby(place: Place, number: OfNumber, item: Json): Read {
  const isEcho = item['to'] !== undefined || item['to_user_id'] !== undefined;
  const { event } = (isEcho ? echo : inbound)(place, number, item) as { event: MessageReceived };
  return { topic: 'messages', event: { ...event, kind: kinds.standby, eventId: `standby:${event.eventId}` } };
}

function written(
  place: Place,
  number: OfNumber,
  item: Json,
  about: { kind: Kind; customer: Party | undefined; fromBusiness?: boolean; eventId?: string },
): Read {
  const messageId = text(item['id']);
  return messageEvent(place, number, item, {
    ...(messageId !== '' && { eventId: messageId }),
    ...about,
    messageId,
    content: contentOf(item),
    context: contextOf(item['context']),
    referral: referralOf(item['referral']),
    groupId: text(item['group_id']),
  });
}

/** One chunk of imported history: each of its messages is an event of its own. */
export function history(place: Place, number: OfNumber, chunk: Json): Read[] {
  const events: Read[] = list(chunk['threads']).flatMap((thread) => {
    const id = text(record(thread)['id']);
    const context = record(record(thread)['context']);
    const customer = withContact(
      {
        ...partyOfId(id),
        ...defined({ userId: optionalText(context['user_id']), username: handle(context['username']) }),
        ...defined({ phone: optionalText(context['wa_id']) }),
      },
      number.value['contacts'],
    );
    return list(record(thread)['messages']).map((message): Read => {
      if (!isRecord(message)) return place.unreadable(message);
      const from = text(message['from']) || text(message['from_user_id']);
      const messageId = text(message['id']);
      const id_ = messageId === '' ? undefined : `history:${messageId}`;
      return written(place, number, message, {
        kind: kinds.history,
        customer,
        fromBusiness: from !== id && from !== customer?.phone && from !== customer?.userId,
        ...(id_ !== undefined && { eventId: id_ }),
      });
    });
  });
  const errors = errorsOf(chunk['errors']);
  if (errors.length > 0 || events.length === 0) {
    events.push(messageEvent(place, number, chunk, { kind: kinds.error, action: 'history', errors }));
  }
  return events;
}

const defined = (from: Party): Party =>
  Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined));

/** A contact of the phone's address book. */
export function contactSync(place: Place, number: OfNumber, item: Json): Read {
  const contact = record(item['contact']);
  return messageEvent(place, number, item, {
    kind: kinds.contactSync,
    action: text(item['action']),
    sentAt: time(record(item['metadata'])['timestamp']) ?? time(item['timestamp']),
    customer: party({
      ...partyAt(contact, 'phone_number', 'user_id', 'parent_user_id'),
      username: handle(contact['username']),
      profileName: optionalText(contact['full_name']) ?? optionalText(contact['first_name']),
    }),
  });
}

/** Marketing stop or resume. */
export function preference(place: Place, number: OfNumber, item: Json): Read {
  const who = partyAt(item, 'wa_id', 'user_id', 'parent_user_id');
  return messageEvent(place, number, item, {
    kind: kinds.preference,
    action: text(item['value']),
    category: text(item['category']),
    customer: withContact(who, number.value['contacts']),
  });
}

/** What a customer did without writing. */
export function userAction(place: Place, number: OfNumber, item: Json): Read {
  const who = partyAt(item, 'wa_id', 'user_id', 'parent_user_id');
  return messageEvent(place, number, item, {
    kind: kinds.userAction,
    action: text(item['action_type']),
    customer: withContact(who, number.value['contacts']),
  });
}

/** A call, or what became of one. */
export function call(place: Place, number: OfNumber, item: Json): Read {
  const isOutbound = text(item['direction']) === 'BUSINESS_INITIATED' || item['recipient_id'] !== undefined;
  const who = isOutbound
    ? {
        ...partyAt(item, 'to', 'to_user_id', 'to_parent_user_id'),
        ...defined(partyAt(item, 'recipient_id', 'recipient_user_id', 'recipient_parent_user_id')),
      }
    : partyAt(item, 'from', 'from_user_id', 'from_parent_user_id');
  return messageEvent(place, number, item, {
    kind: kinds.call,
    action: text(item['event']) || text(item['status']),
    messageId: text(item['id']),
    fromBusiness: isOutbound,
    customer: withContact(who, number.value['contacts']),
  });
}

/** A fault that Meta reports for the number, without a message. */
export const fault = (place: Place, number: OfNumber, item: Json): Read =>
  messageEvent(place, number, item, { kind: kinds.error, action: 'error', errors: errorsOf(item) });

/** A group event. */
export const group = (place: Place, number: OfNumber, item: Json): Read =>
  messageEvent(place, number, item, {
    kind: kinds.group,
    action: text(item['type']) || text(item['event']) || place.source.field,
    groupId: text(item['group_id']) || text(item['id']),
  });

/** Control of a conversation passed to or from another partner. */
export function handover(place: Place, number: OfNumber, value: Json): Read {
  const sender = record(value['sender']);
  return messageEvent(place, number, value, {
    kind: kinds.handover,
    action: text(value['type']),
    customer: party(partyAt(sender, 'phone_number', 'user_id', 'parent_user_id')),
  });
}

/** Anything else that names a number. */
export const other = (place: Place, number: OfNumber, value: unknown): Read =>
  messageEvent(place, number, value, { kind: kinds.other, action: place.source.field });

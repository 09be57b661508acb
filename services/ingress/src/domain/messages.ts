import { contentOf, contextOf, errorsOf, referralOf } from './content.js';
import { type Kind, kinds, type MessageReceived, type Read, type StatusReceived } from './events.js';
import { bytes, type Json, record, text, time } from './json.js';
import { partyAt, withContact } from './party.js';
import type { OfNumber, Place } from './place.js';
import { status } from './statuses.js';

type MessageRead = Extract<Read, { topic: 'messages' }>;
type Parts = Partial<Omit<MessageReceived, 'raw' | 'source'>> & { readonly kind: Kind };

/** A message event from its parts; what is not given is empty. The id is derived from the item where Meta gives none. */
export function messageEvent(place: Place, number: OfNumber, item: unknown, parts: Parts): MessageRead {
  const at = record(item);
  const sentAt = time(at['timestamp']);
  return {
    topic: 'messages',
    event: {
      phoneNumberId: number.phoneNumberId,
      displayPhoneNumber: number.displayPhoneNumber,
      messageId: '',
      sentAt: sentAt ?? time(place.entryTime),
      customer: undefined,
      fromBusiness: false,
      content: undefined,
      context: undefined,
      referral: undefined,
      groupId: '',
      errors: errorsOf(at['errors']),
      action: '',
      category: '',
      history: undefined,
      ...parts,
      eventId: parts.eventId ?? place.idOf(ownerOf(place, number, sentAt), item),
      source: place.source,
      raw: bytes(item),
    },
  };
}

/** The same fault may be told again tomorrow: what names no time of its own is told apart by its entry's. */
const ownerOf = ({ entryTime }: Place, { phoneNumberId }: OfNumber, sentAt: Date | undefined): string =>
  sentAt || entryTime === undefined ? phoneNumberId : `${phoneNumberId}:${text(entryTime)}`;

const kindOfType = (type: string): Kind | undefined => {
  switch (type) {
    case 'edit':
      return kinds.edit;
    case 'revoke':
      return kinds.revocation;
    case 'reaction':
      return kinds.reaction;
    case 'system':
      return kinds.system;
    default:
      return undefined;
  }
};

/** What a customer wrote. */
export function inbound(place: Place, number: OfNumber, item: Json): MessageRead {
  const from = partyAt(item, 'from', 'from_user_id', 'from_parent_user_id');
  return written(place, number, item, {
    kind: kindOfType(text(item['type'])) ?? kinds.message,
    customer: withContact(from, number.findContact),
  });
}

/** What the business side wrote elsewhere. */
export function echo(place: Place, number: OfNumber, item: Json): MessageRead {
  const to = partyAt(item, 'to', 'to_user_id', 'to_parent_user_id');
  const kind = kindOfType(text(item['type'])) ?? kinds.echo;
  return written(place, number, item, {
    kind: kind === kinds.system ? kinds.echo : kind,
    customer: withContact(to, number.findContact),
    fromBusiness: true,
  });
}

/** While another partner owns the conversation: stored, never answered. */
export function standby(place: Place, number: OfNumber, item: Json): Read {
  const isEcho = item['to'] !== undefined || item['to_user_id'] !== undefined;
  const { topic, event } = (isEcho ? echo : inbound)(place, number, item);
  return { topic, event: { ...event, kind: kinds.standby, eventId: `standby:${event.eventId}` } };
}

/** What became of a message that another partner sent. Not one of ours, so it is no status of a message we know. */
export function standbyStatus(place: Place, number: OfNumber, item: Json): Read {
  const read = status(place, number, item);
  if (read.topic !== 'statuses') return read;
  const { eventId, messageId, status: action, recipient, errors }: StatusReceived = read.event;
  const about = { eventId: `standby:${eventId}`, messageId, action, errors, customer: recipient, fromBusiness: true };
  return messageEvent(place, number, item, { kind: kinds.standby, ...about });
}

/** An item that is a message, whoever wrote it. */
export function written(place: Place, number: OfNumber, item: Json, about: Parts): MessageRead {
  const messageId = text(item['id']);
  return messageEvent(place, number, item, {
    ...(messageId !== '' && { eventId: messageId }),
    messageId,
    content: contentOf(item),
    context: contextOf(item['context']),
    referral: referralOf(item['referral']),
    groupId: text(item['group_id']),
    ...about,
  });
}

import { errorsOf } from './content.js';
import { kinds, type Read } from './events.js';
import { type Json, record, text } from './json.js';
import { messageEvent } from './messages.js';
import { defined, party, partyAt, withContact } from './party.js';
import type { OfNumber, Place } from './place.js';

/** A call, or what became of one. */
export function call(place: Place, number: OfNumber, item: Json): Read {
  const isOutbound =
    text(item['direction']) === 'BUSINESS_INITIATED' ||
    item['recipient_id'] !== undefined ||
    item['recipient_user_id'] !== undefined;
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
    customer: withContact(who, number.findContact),
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

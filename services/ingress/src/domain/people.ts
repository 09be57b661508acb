import { type ContentKind, kinds, type Read } from './events.js';
import { type Json, optionalText, record, text, time } from './json.js';
import { messageEvent } from './messages.js';
import { handle, party, partyAt, withContact } from './party.js';
import type { OfNumber, Place } from './place.js';

/** A contact of the phone's address book. */
export function contactSync(place: Place, number: OfNumber, item: Json): Read {
  const contact = record(item['contact']);
  const sentAt = time(record(item['metadata'])['timestamp']);
  return messageEvent(place, number, item, {
    kind: kinds.contactSync,
    action: text(item['action']),
    ...(sentAt && { sentAt }),
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
    customer: withContact(who, number.findContact),
  });
}

/** What a customer did without writing; Meta may not say who. */
export function userAction(place: Place, number: OfNumber, item: Json): Read {
  const who = partyAt(item, 'wa_id', 'user_id', 'parent_user_id');
  return messageEvent(place, number, item, {
    kind: kinds.userAction,
    action: text(item['action_type']) || text(item['event_name']),
    customer: withContact(who, number.findContact),
  });
}

/**
 * A user id that changed, as a list of its own: documented from March to August 2026, and still passed on by some
 * providers. Meta says the same by a system message.
 */
export function userIdUpdate(place: Place, number: OfNumber, item: Json): Read {
  const [own, parent] = [record(item['user_id']), record(item['parent_user_id'])];
  const system: ContentKind = {
    $case: 'system',
    value: {
      type: 'user_changed_user_id',
      body: text(item['detail']),
      phone: optionalText(item['wa_id']),
      userId: optionalText(own['current']),
      previousUserId: optionalText(own['previous']),
      parentUserId: optionalText(parent['current']),
      previousParentUserId: optionalText(parent['previous']),
    },
  };
  return messageEvent(place, number, item, { kind: kinds.system, content: { kind: system } });
}

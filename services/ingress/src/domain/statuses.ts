import { errorsOf } from './content.js';
import type { Read, StatusReceived } from './events.js';
import { bytes, isRecord, type Json, optionalText, record, text, time } from './json.js';
import { party, partyAt, withContact } from './party.js';
import type { OfNumber, Place } from './place.js';

/** One status of one message. Without a message or a status it says nothing that could be applied. */
export function status(place: Place, number: OfNumber, item: Json): Read {
  const messageId = text(item['id']);
  const name = text(item['status']);
  if (messageId === '' || name === '') {
    return place.unreadable(item, 'ingress.incomplete-status', 'a status without `id` or `status` cannot be applied');
  }
  const participant = party(
    partyAt(item, 'recipient_participant_id', 'recipient_participant_user_id', 'recipient_participant_parent_user_id'),
  );
  const conversation = record(item['conversation']);
  const event: StatusReceived = {
    eventId: [messageId, name, participant?.userId ?? participant?.phone ?? '', text(item['timestamp'])].join(':'),
    source: place.source,
    phoneNumberId: number.phoneNumberId,
    messageId,
    status: name,
    occurredAt: time(item['timestamp']),
    recipient: recipientOf(item, number),
    recipientType: text(item['recipient_type']),
    participant,
    bizOpaqueCallbackData: text(item['biz_opaque_callback_data']),
    pricing: pricingOf(item['pricing']),
    conversationId: text(conversation['id']),
    conversationExpiresAt: time(conversation['expiration_timestamp']),
    conversationOrigin: text(record(conversation['origin'])['type']),
    errors: errorsOf(item['errors']),
    raw: bytes(item),
  };
  return { topic: 'statuses', event };
}

function recipientOf(item: Json, number: OfNumber) {
  const named = partyAt(item, 'recipient_id', 'recipient_user_id', 'recipient_parent_user_id');
  // The documentation's spelling until May 2026.
  const parentUserId = named.parentUserId ?? optionalText(item['parent_recipient_user_id']);
  const recipient = { ...named, parentUserId };
  return text(item['recipient_type']) === 'group' ? party(recipient) : withContact(recipient, number.findContact);
}

function pricingOf(value: unknown): StatusReceived['pricing'] {
  if (!isRecord(value)) return undefined;
  const billable = value['billable'];
  return {
    billable: typeof billable === 'boolean' ? billable : undefined,
    model: text(value['pricing_model']),
    type: text(value['type']),
    category: text(value['category']),
  };
}

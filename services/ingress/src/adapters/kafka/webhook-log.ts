import { MessageKind } from '@switchboard/contracts/ingress/v1/events';
import { whatsappChanges, whatsappMessages, whatsappQuarantine, whatsappStatuses } from '@switchboard/contracts/topics';
import { eventRecord, type OutgoingRecord, type Producer } from '@switchboard/kafka';
import { withoutContent } from '../../domain/content.js';
import { kinds, type Read } from '../../domain/events.js';
import type { Append } from '../../use-cases/ports.js';

/** Puts the events of a body on the log in one send, so that the 200 waits for all of them at once. */
export const createWebhookLog =
  (producer: Pick<Producer, 'send'>): Append =>
  (events, traceparent) =>
    producer.send(events.map((each) => fittingRecord(each, traceparent)));

const LARGEST_BYTES = whatsappMessages.largestRecordBytes ?? Infinity;
/** Key, headers and the record's own frame. */
const BESIDE_VALUE_BYTES = 16 * 1024;

/**
 * The record of an event. A message of megabytes would stand in its record twice, raw and parsed, and be too large for
 * the log: then it is passed on as one of unknown content, whole in its raw item.
 */
export function fittingRecord(read: Read, traceparent?: string): OutgoingRecord {
  const record = toRecord(read, traceparent);
  const bytes = record.value?.byteLength ?? 0;
  if (read.topic !== 'messages' || bytes + BESIDE_VALUE_BYTES <= LARGEST_BYTES) return record;
  return toRecord({ topic: read.topic, event: withoutContent(read.event) }, traceparent);
}

/** Domain and contract number the kinds alike; this fails to compile when they part. */
export const kindsAgree: Record<(typeof kinds)[keyof typeof kinds], MessageKind> = {
  [kinds.message]: MessageKind.MESSAGE_KIND_MESSAGE,
  [kinds.echo]: MessageKind.MESSAGE_KIND_ECHO,
  [kinds.edit]: MessageKind.MESSAGE_KIND_EDIT,
  [kinds.revocation]: MessageKind.MESSAGE_KIND_REVOCATION,
  [kinds.reaction]: MessageKind.MESSAGE_KIND_REACTION,
  [kinds.system]: MessageKind.MESSAGE_KIND_SYSTEM,
  [kinds.preference]: MessageKind.MESSAGE_KIND_PREFERENCE,
  [kinds.history]: MessageKind.MESSAGE_KIND_HISTORY,
  [kinds.contactSync]: MessageKind.MESSAGE_KIND_CONTACT_SYNC,
  [kinds.userAction]: MessageKind.MESSAGE_KIND_USER_ACTION,
  [kinds.call]: MessageKind.MESSAGE_KIND_CALL,
  [kinds.group]: MessageKind.MESSAGE_KIND_GROUP,
  [kinds.error]: MessageKind.MESSAGE_KIND_ERROR,
  [kinds.standby]: MessageKind.MESSAGE_KIND_STANDBY,
  [kinds.handover]: MessageKind.MESSAGE_KIND_HANDOVER,
  [kinds.other]: MessageKind.MESSAGE_KIND_OTHER,
};

export function toRecord(read: Read, traceparent?: string): OutgoingRecord {
  const { receivedAt, entryId, bodyId } = read.event.source;
  const about = { id: read.event.eventId, traceparent };
  switch (read.topic) {
    case 'messages': {
      const { event } = read;
      return eventRecord(whatsappMessages, event, {
        ...about,
        key: event.phoneNumberId,
        time: event.sentAt ?? receivedAt,
      });
    }
    case 'statuses': {
      const { event } = read;
      return eventRecord(whatsappStatuses, event, {
        ...about,
        key: event.phoneNumberId,
        time: event.occurredAt ?? receivedAt,
      });
    }
    case 'changes': {
      const { event } = read;
      return eventRecord(whatsappChanges, event, {
        ...about,
        key: event.wabaId || bodyId,
        time: event.occurredAt ?? receivedAt,
      });
    }
    case 'quarantine':
      return eventRecord(whatsappQuarantine, read.event, { ...about, key: entryId || bodyId, time: receivedAt });
  }
}

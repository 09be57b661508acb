import { MessageKind, type MessageReceived } from '@switchboard/contracts/ingress/v1/events';

/** What Meta counts together with what is sent: messages of customers. When they came, by number. */
export function countedByMeta(events: readonly MessageReceived[]): ReadonlyMap<string, readonly Date[]> {
  const byNumber = new Map<string, Date[]>();
  for (const { kind, fromBusiness, phoneNumberId, source } of events) {
    if (fromBusiness || !counted.has(kind) || !source?.receivedAt) continue;
    byNumber.set(phoneNumberId, [...(byNumber.get(phoneNumberId) ?? []), source.receivedAt]);
  }
  return byNumber;
}

const counted: ReadonlySet<MessageKind> = new Set([
  MessageKind.MESSAGE_KIND_MESSAGE,
  MessageKind.MESSAGE_KIND_EDIT,
  MessageKind.MESSAGE_KIND_REVOCATION,
  MessageKind.MESSAGE_KIND_REACTION,
]);

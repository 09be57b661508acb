import { MessageKind, type MessageReceived } from '@switchboard/contracts/ingress/v1/events';
import { type ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { addressFromProto } from '../../proto.js';
import { type PreferenceNews } from '../../domain/preferences.js';

const MARKETING = 'marketing_messages';

/** Marketing stopped or resumed in WhatsApp; undefined for every other item. What Meta adds changes nothing. */
export function readPreference(event: MessageReceived): PreferenceNews | undefined {
  const { kind, category, action, phoneNumberId: number, customer, sentAt, source } = event;
  if (kind !== MessageKind.MESSAGE_KIND_PREFERENCE || category !== MARKETING) return undefined;
  if (action !== 'stop' && action !== 'resume') return undefined;
  const at = sentAt ?? source?.receivedAt ?? new Date(0);
  return { kind: 'marketing', number, recipient: addressFromProto(customer), no: action === 'stop', at };
}

/** A customer blocked or unblocked by routing; undefined for every other event. */
export function readBlock(event: ThreadEvent): PreferenceNews | undefined {
  const { event: what, phoneNumberId: number, customerId: customer, occurredAt } = event;
  const of = { kind: 'block', number, customer, at: occurredAt ?? new Date(0) } as const;
  if (what?.$case === 'customerBlocked') return { ...of, no: true, until: what.value.until };
  return what?.$case === 'customerUnblocked' ? { ...of, no: false } : undefined;
}

import { type ChangeReceived, type MessageReceived } from '@switchboard/contracts/ingress/v1/events';
import { type AllowanceNews } from '../../use-cases/hear-changes.js';

const UPGRADE = 'THROUGHPUT_UPGRADE';

/** Throughput and messaging limits; undefined for every other change. */
export function readAllowance({
  wabaId: waba,
  phoneNumberId: number,
  displayPhoneNumber: displayPhone,
  event,
  occurredAt,
  source,
  detail,
}: ChangeReceived): AllowanceNews | undefined {
  const level = event === UPGRADE ? 'high' : undefined;
  const saysLimit = detail?.$case === 'number' || detail?.$case === 'account';
  const messagingLimit = saysLimit ? detail.value.messagingLimit : '';
  if (!level && messagingLimit === '') return undefined;
  return { waba, number, displayPhone, level, messagingLimit, at: occurredAt ?? source?.receivedAt ?? new Date(0) };
}

/** Items that only numbers have which are used in the WhatsApp Business app as well. */
const ofTheApp: ReadonlySet<string> = new Set(['smb_message_echoes', 'smb_app_state_sync', 'history']);

/** Of the numbers that are shown to be used in the app, one item each: the last. */
export function readCoexistence(events: readonly MessageReceived[]): readonly AllowanceNews[] {
  const found = new Map<string, AllowanceNews>();
  for (const { phoneNumberId: number, displayPhoneNumber: displayPhone, source } of events) {
    if (!source?.receivedAt || !ofTheApp.has(source.field)) continue;
    const of = { number, displayPhone, waba: source.entryId, messagingLimit: '' };
    found.set(number, { ...of, level: 'coexistence', at: source.receivedAt });
  }
  return [...found.values()];
}

import type { Position } from '@switchboard/aggregates';
import { MessageKind, type MessageReceived } from '@switchboard/contracts/ingress/v1/events';
import type { Content } from '@switchboard/contracts/whatsapp/v1/content';
import type { Sighting } from '../../domain/identify.js';
import type { Party } from '../../domain/party.js';
import type { Received } from '../../domain/thread-inputs.js';
import { previewOfContent } from '../../preview.js';
import type { Incoming } from '../../use-cases/threads/receive-messages.js';

/** Raw items beyond this are left to whatsapp.messages: a thread is one document. */
const RAW_BYTES = 32_768;

/** An item of `whatsapp.messages` as threads take it. */
export function readIncoming(event: MessageReceived, position: Position): Incoming {
  const { phoneNumberId, messageId, content, customer, source } = event;
  const receivedAt = source?.receivedAt ?? new Date(0);
  const at = event.sentAt ?? receivedAt;
  const what = whats[event.kind] ?? 'notice';
  const kind = content?.kind;
  const targets: Partial<Record<NonNullable<typeof kind>['$case'], string>> = {
    ...(kind?.$case === 'edit' && { edit: kind.value.originalMessageId }),
    ...(kind?.$case === 'revocation' && { revocation: kind.value.originalMessageId }),
    ...(kind?.$case === 'reaction' && { reaction: kind.value.messageId }),
  };
  // Of an edit: what the message says now.
  const said = kind?.$case === 'edit' ? kind.value.content : content;
  const received: Omit<Received, 'kind' | 'whose' | 'address' | 'hits' | 'seenBefore'> = {
    what,
    itemId: messageId || event.eventId,
    wamid: messageId,
    at,
    receivedAt,
    author: event.fromBusiness ? 'business-app' : 'customer',
    party: partyOf(customer),
    content: said,
    preview: previewOfContent(content),
    context: event.context,
    referral: event.referral,
    isAd: event.referral?.sourceType === 'ad',
    advertisementId: event.referral?.sourceId ?? '',
    text: textOf(said),
    choice: choiceOf(content),
    groupId: event.groupId,
    target: (kind && targets[kind.$case]) ?? '',
    emoji: kind?.$case === 'reaction' ? kind.value.emoji : '',
    notice: notices[event.kind] ?? 'other',
    action: event.action || (kind?.$case === 'system' ? kind.value.type : ''),
    raw: event.raw.length <= RAW_BYTES ? event.raw : new Uint8Array(),
  };
  return { position, sighting: sightingOf(event, phoneNumberId, position.offset, at), received };
}

function sightingOf({ content, customer }: MessageReceived, number: string, offset: number, at: Date): Sighting {
  const party = partyOf(customer);
  const system = content?.kind?.$case === 'system' ? content.kind.value : undefined;
  if (!system || (system.userId === undefined && system.phone === undefined)) return { number, offset, at, party };
  const change = {
    previousUserId: system.previousUserId ?? formerOf(system.body),
    userId: system.userId,
    phone: system.phone,
  };
  return { number, offset, at, party, change };
}

/** Payloads from before August 2026 have the former user id in Meta's sentence only. */
const formerOf = (body: string): string | undefined => / from ([A-Z]{2}\.[A-Za-z0-9.]+) to /.exec(body)?.[1];

const partyOf = (party: Party | undefined): Party =>
  Object.fromEntries(Object.entries(party ?? {}).filter(([, value]) => value !== undefined));

const whats: Partial<Record<MessageKind, Received['what']>> = {
  [MessageKind.MESSAGE_KIND_MESSAGE]: 'message',
  [MessageKind.MESSAGE_KIND_ECHO]: 'echo',
  [MessageKind.MESSAGE_KIND_EDIT]: 'edit',
  [MessageKind.MESSAGE_KIND_REVOCATION]: 'revocation',
  [MessageKind.MESSAGE_KIND_REACTION]: 'reaction',
  [MessageKind.MESSAGE_KIND_HISTORY]: 'history',
};

const notices: Partial<Record<MessageKind, string>> = {
  [MessageKind.MESSAGE_KIND_SYSTEM]: 'system',
  [MessageKind.MESSAGE_KIND_PREFERENCE]: 'preference',
  [MessageKind.MESSAGE_KIND_CONTACT_SYNC]: 'contact-sync',
  [MessageKind.MESSAGE_KIND_USER_ACTION]: 'user-action',
  [MessageKind.MESSAGE_KIND_CALL]: 'call',
  [MessageKind.MESSAGE_KIND_GROUP]: 'group',
  [MessageKind.MESSAGE_KIND_ERROR]: 'error',
  [MessageKind.MESSAGE_KIND_STANDBY]: 'standby',
  [MessageKind.MESSAGE_KIND_HANDOVER]: 'handover',
};

/** What rules look at and words are looked for in. */
function textOf(content: Content | undefined): string {
  const kind = content?.kind;
  switch (kind?.$case) {
    case 'text':
      return kind.value.body;
    case 'media':
      return kind.value.caption ?? '';
    case 'order':
      return kind.value.text;
    default:
      return '';
  }
}

function choiceOf(content: Content | undefined): string {
  const kind = content?.kind;
  if (kind?.$case === 'interactiveReply') return kind.value.id;
  return kind?.$case === 'templateReply' ? kind.value.payload : '';
}

import type { Position } from '@switchboard/aggregates';
import { type MessageEvent, MessageState } from '@switchboard/contracts/egress/v1/events';
import type { Content } from '@switchboard/contracts/whatsapp/v1/content';
import type { Party } from '../../domain/party.js';
import type { Trouble } from '../../domain/thread-events.js';
import type { MessageNews } from '../../use-cases/threads/note-progress.js';

/** What lists show of a content. */
export type PreviewOf = (content: Content | undefined) => string;

interface Problem {
  readonly trouble: Trouble | undefined;
  readonly code: string;
  readonly reason: string;
}

const none: Problem = { trouble: undefined, code: '', reason: '' };

/** What an event of a message says to its thread. */
export function readMessageNews(event: MessageEvent, position: Position, previewOf: PreviewOf): MessageNews {
  const { messageId, threadId, sequence, state, whatsappMessageId, occurredAt, chatId } = event;
  const { trouble, code, reason } = problemOf(event);
  const at = occurredAt ?? new Date(0);
  const row = {
    messageId,
    threadId,
    sequence: Number(sequence),
    state,
    reached: reachedBy(event),
    wamid: whatsappMessageId,
    at,
    code,
    reason,
  };
  const said = sentBy(event, previewOf) ?? (trouble && { kind: 'troubled' as const, trouble });
  return { position, row, chatId, said };
}

/** What a service sent, when it is accepted; a reply stands in its thread already and is named for its place there. */
function sentBy({ event, messageId, threadId }: MessageEvent, previewOf: PreviewOf): MessageNews['said'] {
  if (event?.$case !== 'accepted' || messageId.startsWith(`${threadId}:`)) return undefined;
  const { content, recipient, replyToWhatsappMessageId: replyTo } = event.value;
  return { kind: 'sent', recipient: given(recipient), content, preview: previewOf(content), replyTo };
}

const given = (party: object = {}): Party =>
  Object.fromEntries(Object.entries(party).filter(([, value]) => value !== undefined));

const byStatus: Readonly<Record<string, MessageState>> = {
  sent: MessageState.MESSAGE_STATE_SENT,
  delivered: MessageState.MESSAGE_STATE_DELIVERED,
  read: MessageState.MESSAGE_STATE_READ,
  played: MessageState.MESSAGE_STATE_PLAYED,
  failed: MessageState.MESSAGE_STATE_FAILED,
};

/** The state whose time the event tells: a late `delivered` tells that of delivered, although the message is read. */
const reachedBy = ({ event, state }: MessageEvent): number =>
  event?.$case === 'statusChanged' ? (byStatus[event.value.status] ?? state) : state;

export function problemOf({ event }: Pick<MessageEvent, 'event'>): Problem {
  switch (event?.$case) {
    case 'refused':
      return { trouble: 'refused', code: event.value.code, reason: event.value.reason };
    case 'unknown':
      return { trouble: 'unknown', code: 'egress.unknown', reason: event.value.reason };
    case 'failed': {
      // Without an error of Meta somebody gave up a message of which nobody knew.
      if (!event.value.error)
        return {
          trouble: 'failed',
          code: 'egress.given-up',
          reason: 'nobody knows whether Meta has it; it was given up',
        };
      const { code, message, details } = event.value.error;
      return { trouble: 'failed', code: `meta.${code}`, reason: details || message };
    }
    case 'statusChanged': {
      const [error] = event.value.errors;
      if (event.value.status !== 'failed') return none;
      return {
        trouble: 'failed',
        code: `meta.${error?.code ?? 0}`,
        reason: [error?.details, error?.title, 'failed'].find((text) => text) ?? '',
      };
    }
    default:
      return none;
  }
}

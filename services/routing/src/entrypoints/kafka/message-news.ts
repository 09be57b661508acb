import type { Position } from '@switchboard/aggregates';
import { type MessageEvent, MessageState } from '@switchboard/contracts/egress/v1/events';
import type { Trouble } from '../../domain/thread-events.js';
import type { MessageNews } from '../../use-cases/note-progress.js';

interface Problem {
  readonly trouble: Trouble | undefined;
  readonly code: string;
  readonly reason: string;
}

const none: Problem = { trouble: undefined, code: '', reason: '' };

/** What an event of a message says to its thread. */
export function readMessageNews(event: MessageEvent, position: Position): MessageNews {
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
  return { position, row, chatId, trouble };
}

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
      const { code = 0, message = '', details = '' } = event.value.error ?? {};
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

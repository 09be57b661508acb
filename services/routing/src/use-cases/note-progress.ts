import type { Applied, Position } from '@switchboard/aggregates';
import type { Trouble } from '../domain/thread-events.js';
import type { MessageStateRow, MessageStates, Threads } from './ports.js';

/** What egress says of a message. */
export interface MessageNews {
  readonly position: Position;
  readonly row: MessageStateRow;
  readonly chatId: string;
  /** What went wrong: only that becomes an event of the thread. */
  readonly trouble: Trouble | undefined;
}

export type NoteProgress = ReturnType<typeof createNoteProgress>;

/** Keeps how far messages got beside the transcript. */
export function createNoteProgress(deps: { threads: Threads; messageStates: MessageStates }) {
  return async function noteProgress(all: readonly MessageNews[], signal: AbortSignal): Promise<Applied> {
    const ours = all.filter(({ row }) => row.threadId !== '');
    await deps.messageStates.note(ours.map(({ row }) => row));
    const inputs = ours.flatMap(({ position, row, trouble, chatId }) => {
      if (!trouble) return [];
      const { messageId, code, reason, at, threadId } = row;
      const input = { kind: 'troubled' as const, at, messageId, chatId, trouble, code, reason };
      return [{ aggregateId: threadId, position, input }];
    });
    return inputs.length > 0 ? deps.threads.apply(inputs, signal) : { done: Promise.resolve() };
  };
}

import type { Applied, LogInput, Position } from '@switchboard/aggregates';
import type { Party } from '../../domain/party.js';
import { ownerUnder, partsOfThreadId } from '../../domain/spans.js';
import type { Content } from '../../domain/thread.js';
import type { Trouble } from '../../domain/thread-events.js';
import type { ThreadInput } from '../../domain/thread-inputs.js';
import type { LookAround } from './around.js';
import type { MessageStateRow, MessageStates, NumberStore, Threads, Transcript } from '../ports.js';

/** What egress says of a message. */
export interface MessageNews {
  readonly position: Position;
  readonly row: MessageStateRow;
  readonly chatId: string;
  /** What the thread has to be told; undefined for progress, which stands beside it. */
  readonly said: SentMessage | { readonly kind: 'troubled'; readonly trouble: Trouble } | undefined;
}

/** A message of a service that was accepted. A reply is part of its thread before egress hears of it. */
export interface SentMessage {
  readonly kind: 'sent';
  readonly recipient: Party;
  readonly content: Content | undefined;
  readonly preview: string;
  readonly replyTo: string;
}

export type NoteProgress = ReturnType<typeof createNoteProgress>;

/** Keeps how far messages got beside the transcript, and puts what services sent into the threads (CH-8). */
export function createNoteProgress(deps: {
  threads: Threads;
  messageStates: MessageStates;
  numbers: NumberStore;
  transcript: Pick<Transcript, 'has'>;
  lookAround: LookAround;
}) {
  const lastDone = new Map<number, Promise<unknown>>();

  return async function noteProgress(all: readonly MessageNews[], signal: AbortSignal): Promise<Applied> {
    const ours = all.filter(({ row }) => row.threadId !== '');
    await deps.messageStates.note(ours.map(({ row }) => row));
    const told = ours.flatMap(({ said, row, ...news }) => {
      const parts = said && partsOfThreadId(row.threadId);
      return parts ? [{ ...news, row, said, parts }] : [];
    });
    const [first] = told;
    if (!first) return { done: Promise.resolve() };

    const { partition } = first.position;
    const numbers = await deps.numbers.find([...new Set(told.map(({ parts }) => parts.number))]);
    const sent = told.filter(({ said }) => said.kind === 'sent');
    // What was projected last must be there before the transcript is asked.
    if (sent.length > 0) await lastDone.get(partition)?.catch(() => undefined);
    const known = await deps.transcript.has(sent.map(({ row }) => ({ threadId: row.threadId, itemId: row.messageId })));

    const ownerOf = ({ number, connection }: (typeof told)[number]['parts']) =>
      ownerUnder(numbers.get(number), connection);
    const around = await deps.lookAround(told.map(({ parts }) => ({ number: parts.number, owner: ownerOf(parts) })));
    const inputs = told.map(({ position, row, chatId, said, parts }): LogInput<ThreadInput> => {
      const { threadId, messageId, sequence, code, reason, at } = row;
      const whose = { ...parts, owner: ownerOf(parts) };
      const holds = around(whose);
      const input: ThreadInput =
        said.kind === 'sent'
          ? { ...said, whose, at, messageId, seenBefore: known.has(`${threadId} ${messageId}`), ...holds }
          : { ...said, whose, at, eventId: `${messageId}:${sequence}`, messageId, chatId, code, reason, ...holds };
      return { aggregateId: threadId, position, input };
    });
    const { done } = await deps.threads.apply(inputs, signal);
    lastDone.set(partition, done);
    return { done };
  };
}

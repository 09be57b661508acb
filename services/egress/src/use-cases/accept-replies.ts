import { type LogInput, type Position } from '@switchboard/aggregates';
import { type Input } from '../domain/fold.js';
import { gate, later } from '../domain/gate.js';
import { type Draft } from '../domain/message.js';
import {
  type Clock,
  type CustomerOfNumber,
  type Messages,
  type Numbers,
  type Observer,
  type Windows,
} from './ports.js';

/** A reply that routing has queued. */
export interface QueuedReply {
  readonly messageId: string;
  readonly position: Position;
  readonly draft: Omit<Draft, 'order'>;
}

/** What a stretch of the log of threads says to egress. */
export interface ThreadNews {
  /** Customers who wrote. */
  readonly inbound: readonly (CustomerOfNumber & { readonly lastInboundAt: Date })[];
  readonly replies: readonly QueuedReply[];
}

export type AcceptReplies = ReturnType<typeof createAcceptReplies>;

/** Notes who wrote, then accepts or refuses each reply by the gate (TX-1). Nothing is lost: a refused one says so. */
export function createAcceptReplies(deps: {
  messages: Messages;
  windows: Windows;
  numbers: Numbers;
  clock: Clock;
  nextOrder: () => number;
  wake: (partition: number, number: string) => void;
  observer: Observer;
}) {
  const { messages, windows, numbers, clock, nextOrder, wake, observer } = deps;

  function toInput({ messageId, position, draft }: QueuedReply, seen: Date | undefined): LogInput<Input> {
    const at = clock.now();
    const { organisation, number, content } = draft;
    const { refusal } = gate(
      { number: numbers.view(number), lastInboundAt: later(draft.lastInboundAt, seen), now: at },
      { organisation, content },
    );
    if (refusal) observer.refused(refusal.code, 'accept');
    const input: Input = {
      kind: 'accept',
      draft: { ...draft, order: nextOrder() },
      refusal,
      whenRefused: 'say',
      wake: false,
      at,
    };
    return { aggregateId: messageId, position, input };
  }

  return async function acceptReplies(
    { inbound, replies }: ThreadNews,
    signal: AbortSignal,
  ): Promise<{ done: Promise<void> }> {
    if (inbound.length > 0) await windows.note(inbound);
    if (replies.length === 0) return { done: Promise.resolve() };
    const seen = await windows.lastInbound(replies.map(({ draft }) => draft));
    const inputs = replies.map((reply, index) => toInput(reply, seen[index]));
    const { done } = await messages.apply(inputs, signal);
    for (const { draft } of replies) wake(draft.partition, draft.number);
    return { done };
  };
}

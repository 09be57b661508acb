import { type LogInput, type Position } from '@switchboard/aggregates';
import { type Input } from '../domain/inputs.js';
import { type Draft } from '../domain/message.js';
import { type Judge, type Judgement } from './judge.js';
import { type Money, walletOf } from './money/ports.js';
import { type Clock, type CustomerOfNumber, type Messages, type Observer, type Windows } from './ports.js';

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
  judge: Judge;
  money: Money;
  clock: Clock;
  nextOrder: () => number;
  wake: (partition: number, number: string) => void;
  observer: Observer;
}) {
  const { messages, windows, judge, money, clock, nextOrder, wake, observer } = deps;

  function toInput({ messageId, position, draft }: QueuedReply, judgement: Judgement): LogInput<Input> {
    const { refusal, content, category } = judgement;
    if (refusal) observer.refused(refusal.code, 'accept');
    const input: Input = {
      kind: 'accept',
      draft: { ...draft, wallet: walletOf(money, draft), content, ...(category && { category }), order: nextOrder() },
      refusal,
      whenRefused: 'say',
      wake: false,
      at: clock.now(),
    };
    return { aggregateId: messageId, position, input };
  }

  return async function acceptReplies(
    { inbound, replies }: ThreadNews,
    signal: AbortSignal,
  ): Promise<{ done: Promise<void> }> {
    if (inbound.length > 0) await windows.note(inbound);
    if (replies.length === 0) return { done: Promise.resolve() };
    const asked = replies.map(({ draft }) => ({
      ...draft,
      lastInboundAt: draft.lastInboundAt,
      expiresAt: undefined,
      acceptedAs: undefined,
    }));
    const judgements = await judge(asked, { whenAway: 'unchecked' });
    const inputs = replies.flatMap((reply, index) => {
      const judgement = judgements[index];
      return judgement ? toInput(reply, judgement) : [];
    });
    const { done } = await messages.apply(inputs, signal);
    for (const { draft } of replies) wake(draft.partition, draft.number);
    return { done };
  };
}

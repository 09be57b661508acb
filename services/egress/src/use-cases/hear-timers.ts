import { type LogInput, type Position } from '@switchboard/aggregates';
import { type Input } from '../domain/inputs.js';
import { type Payer } from '../domain/money/payer.js';
import { type Money } from './money/ports.js';
import { type MessageLists, type Messages, type Observer } from './ports.js';

/** A timer of a message that fired. */
export interface FiredTimer {
  readonly position: Position;
  readonly messageId: string;
  readonly number: string;
  readonly version: number;
  readonly about: 'unknown' | 'expiry';
  /** The deadline it had. */
  readonly at: Date;
}

export type HearTimers = ReturnType<typeof createHearTimers>;

/** Lets the rule decide on unknowns, and what is not worth sending any more expire (TX-4, TX-3). */
export function createHearTimers(deps: {
  messages: Messages;
  lists: MessageLists;
  money: Money;
  wake: (partition: number, number: string) => void;
  observer: Observer;
}) {
  const { messages, wake, observer } = deps;

  async function toInput({ messageId, position, version, about, at }: FiredTimer): Promise<LogInput<Input>> {
    const isUnknown = about === 'unknown';
    const wentSince = isUnknown && (await wentSinceOf(deps, messageId));
    const payer = isUnknown ? await payerOf(deps, messageId) : undefined;
    return { aggregateId: messageId, position, input: { kind: 'fire', version, wentSince, payer, at } };
  }

  return async function hearTimers(
    fired: readonly FiredTimer[],
    signal: AbortSignal,
  ): Promise<{ done: Promise<void> }> {
    if (fired.length === 0) return { done: Promise.resolve() };
    const { done } = await messages.apply(await Promise.all(fired.map(toInput)), signal);
    for (const { position, number, about } of fired) {
      observer.fired(about);
      if (about === 'unknown') wake(position.partition, number);
    }
    return { done };
  };
}

async function payerOf(
  { messages, money }: { messages: Messages; money: Money },
  messageId: string,
): Promise<Payer | undefined> {
  const message = money && (await messages.read(messageId))?.state;
  return message?.state === undefined ? undefined : money?.payers.of(message.number, message.organisation);
}

/** Whether a call for another message of its customer began after its own last one. */
export async function wentSinceOf(
  { messages, lists }: { messages: Messages; lists: MessageLists },
  messageId: string,
): Promise<boolean> {
  const message = (await messages.read(messageId))?.state;
  const last = message?.state === undefined ? undefined : message.attempts.at(-1);
  return message?.state !== undefined && last !== undefined && lists.wentSince(message, last.startedAt);
}

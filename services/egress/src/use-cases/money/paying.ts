import { callbackData } from '../../domain/callback.js';
import { type Refusal } from '../../domain/gate.js';
import { mayCost } from '../../domain/may-cost.js';
import { type Payment } from '../../domain/money/payment.js';
import { billingAway, noWallet } from '../../domain/money/refused-by-payer.js';
import { waitedTooLong } from '../../domain/retry.js';
import { type Persist } from '../dispatch/persist.js';
import { type Judgement } from '../judge.js';
import { type Clock, type Messages, type Observer, type QueuedMessage } from '../ports.js';
import { type Money } from './ports.js';

/** What a message that is about to go has to do with money. */
export type Paying =
  /** It may go: free, or its price is held. */
  | { readonly kind: 'go'; readonly payment: Payment | undefined }
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  /** Billing is away, or has not told of the number yet. */
  | { readonly kind: 'wait'; readonly afterMs: number };

export type PayFor = (message: QueuedMessage, judgement: Judgement) => Promise<Paying>;

const LONGEST_PAUSE_MS = 5_000;

/** Holds the price of the next attempt of a message, where it may cost (BL-8). What is free waits for nobody. */
export function createPayFor(deps: {
  money: Money;
  messages: Messages;
  clock: Clock;
  persist: Persist;
  observer: Pick<Observer, 'held'>;
}): PayFor {
  const { money, messages, clock, persist, observer } = deps;
  if (!money) return () => Promise.resolve({ kind: 'go', payment: undefined });
  const { payers, holds } = money;

  return async function payFor(queued, judgement) {
    const { messageId, number, organisation, content, recipient, freeEntryUntil } = queued;
    const now = clock.now();
    const payer = payers.of(number, organisation);
    const category = judgement.category ?? queued.acceptedAs;
    const { windowClosesAt } = judgement;
    const windowOpen = windowClosesAt !== undefined && windowClosesAt > now;
    const about = { wallet: payer?.wallet ?? '', windowOpen };
    if (!mayCost({ content, category, windowClosesAt, freeEntryUntil }, now, payer))
      return { kind: 'go', payment: { ...about, heldFor: undefined } };

    const message = (await persist('a message cannot be read', () => messages.read(messageId)))?.state;
    // Somebody else has it: the beginning of the attempt will tell.
    if (message?.state === undefined) return { kind: 'go', payment: undefined };
    const attempt = (message.attempts.at(-1)?.number ?? 0) + 1;
    const wallet = message.wallet || about.wallet;
    if (wallet === '') return payer ? { kind: 'refuse', refusal: noWallet } : wait(queued, now);
    const answer = await holds.hold({
      wallet,
      holdId: callbackData({ messageId, attempt }),
      number,
      category: content.kind === 'template' ? (category ?? 'marketing') : 'service',
      phone: recipient.phone ?? '',
      userId: recipient.userId ?? recipient.parentUserId ?? '',
      windowOpen,
    });
    observer.held(answer.kind);
    switch (answer.kind) {
      case 'held':
        return { kind: 'go', payment: { ...about, wallet, heldFor: attempt } };
      case 'free':
        return { kind: 'go', payment: { ...about, wallet, heldFor: undefined } };
      case 'refused':
        return { kind: 'refuse', refusal: answer.refusal };
      case 'away':
        return wait(queued, now);
    }
  };
}

/** Not longer than anything else that keeps a message from going. */
function wait({ acceptedAt, tries }: QueuedMessage, now: Date): Paying {
  const refusal = waitedTooLong(new Date(acceptedAt), billingAway, now);
  if (refusal) return { kind: 'refuse', refusal };
  return { kind: 'wait', afterMs: Math.min(500 * 2 ** Math.min(tries, 10), LONGEST_PAUSE_MS) };
}

import { divideHalfUp, type Micros, type PurchaseQuote } from '../money.js';

/** Credits that are bought or granted. What became of the payment is kept as facts, so that their order does not matter. */
export interface Purchase {
  readonly id: string;
  readonly wallet: string;
  readonly organisation: string;
  readonly credits: number;
  readonly amount: Micros;
  readonly fee: Micros;
  readonly provider: 'invoice' | 'stripe';
  /** The provider's id of the page or payment; empty until there is one. */
  readonly reference: string;
  /** Empty where there is no page. */
  readonly checkoutUrl: string;
  readonly createdAt: Date;
  readonly reason: string;
  readonly createdBy: string;
  readonly paidAt: Date | null;
  /** Why nothing came of it, as long as nothing did. */
  readonly failure: string | null;
  /** What the payer took back, by the provider's id of the refund or dispute. */
  readonly reversals: Readonly<Record<string, Reversal>>;
}

export interface Reversal {
  readonly kind: 'refund' | 'dispute';
  readonly amount: Micros;
  /** A refund that failed, a dispute that was won: the credits came back. */
  readonly isUndone: boolean;
}

/** What a provider tells of a purchase. */
export type PaymentEvent =
  | { readonly kind: 'paid'; readonly total: Micros; readonly at: Date }
  | { readonly kind: 'failed'; readonly reason: string }
  | {
      readonly kind: 'refund' | 'refund-failed' | 'dispute' | 'dispute-won';
      readonly id: string;
      readonly amount: Micros;
    };

export type PurchaseState = 'open' | 'paid' | 'failed' | 'refunded' | 'disputed';

export function stateOf({ paidAt, failure, reversals }: Purchase): PurchaseState {
  const standing = Object.values(reversals).filter(({ isUndone }) => !isUndone);
  if (standing.some(({ kind }) => kind === 'dispute')) return 'disputed';
  if (standing.length > 0) return 'refunded';
  if (paidAt) return 'paid';
  return failure === null ? 'open' : 'failed';
}

/** Taken back, all told. */
export const reversedOf = ({ reversals }: Purchase): Micros =>
  Object.values(reversals).reduce((sum, { amount, isUndone }) => (isUndone ? sum : sum + amount), 0n);

/** The purchase with one more fact; the same object when it is known. In any order and any repetition the end is the same. */
export function withEvent(purchase: Purchase, event: PaymentEvent): Purchase {
  switch (event.kind) {
    case 'paid':
      return purchase.paidAt ? purchase : { ...purchase, paidAt: event.at, failure: null };
    case 'failed':
      return purchase.paidAt || purchase.failure !== null ? purchase : { ...purchase, failure: event.reason };
    default: {
      const { id, amount } = event;
      const known = purchase.reversals[id];
      const isUndone = event.kind === 'refund-failed' || event.kind === 'dispute-won';
      if (known && (known.isUndone || !isUndone)) return purchase;
      const kind = event.kind === 'refund' || event.kind === 'refund-failed' ? 'refund' : 'dispute';
      return { ...purchase, reversals: { ...purchase.reversals, [id]: { kind, amount, isUndone } } };
    }
  }
}

/** What of a sum that goes back is credits, and what is fee: in the proportion in which it was paid. */
export function splitOf(
  { amount, fee }: Pick<PurchaseQuote, 'amount' | 'fee'>,
  back: Micros,
): Pick<PurchaseQuote, 'amount' | 'fee'> {
  const credits = divideHalfUp(back * amount, amount + fee);
  return { amount: credits, fee: back - credits };
}

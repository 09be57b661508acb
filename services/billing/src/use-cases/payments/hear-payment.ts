import { Failure } from '@switchboard/errors';
import { type PaymentEvent, type Purchase, splitOf, withEvent } from '../../domain/payments/purchase.js';
import { type Credit } from '../../domain/wallet/inputs.js';
import { type AskWallet } from '../looked-up.js';
import { type Clock } from '../ports.js';
import { type Purchases } from './ports.js';

/** The entries that an event makes, each by an id of its own: what is told twice, or late, moves nothing again. */
type Movement = Pick<Credit, 'cause' | 'id' | 'amount' | 'fee'>;

function movementsOf(purchase: Purchase, event: PaymentEvent): readonly Movement[] {
  const { id, amount, fee } = purchase;
  switch (event.kind) {
    case 'failed':
      return [];
    case 'paid':
      return [{ cause: 'purchase', id, amount, fee }];
    case 'refund':
    case 'dispute':
      return [{ cause: event.kind, id: `${id}:${event.id}`, ...splitOf(purchase, event.amount) }];
    case 'refund-failed':
    case 'dispute-won': {
      const [taken, back] =
        event.kind === 'refund-failed' ? (['refund', 'refund_failed'] as const) : (['dispute', 'dispute_won'] as const);
      const sums = splitOf(purchase, event.amount);
      // What ends it may be heard before what began it.
      return [
        { cause: taken, id: `${id}:${event.id}`, ...sums },
        { cause: back, id: `${id}:${event.id}:back`, ...sums },
      ];
    }
  }
}

/**
 * What a provider tells of a purchase, repeated, late or out of order (BL-7): first the entries, then the purchase, each
 * harmless twice; the provider repeats until both are done.
 */
export function createHearPayment(deps: {
  purchases: Pick<Purchases, 'find' | 'update'>;
  askWallet: AskWallet;
  now: Clock;
}) {
  const { purchases, askWallet, now } = deps;

  return async function hearPayment(purchaseId: string, event: PaymentEvent, by: string): Promise<Purchase> {
    const purchase = await purchases.find(purchaseId);
    if (!purchase)
      throw new Failure('not-found', 'billing.purchase-not-found', `no purchase ${purchaseId} is known here`);
    mustBePaidInFull(purchase, event);
    for (const movement of movementsOf(purchase, event)) {
      await askWallet(purchase.wallet, [movement.id], (known) => ({
        kind: 'credit',
        at: now(),
        by,
        purchase: purchase.id,
        memo: purchase.reason,
        ...movement,
        ...known,
      }));
    }
    return (await purchases.update(purchaseId, (current) => withEvent(current, event))) ?? purchase;
  };
}

export type HearPayment = ReturnType<typeof createHearPayment>;

function mustBePaidInFull({ amount, fee }: Purchase, event: PaymentEvent): void {
  if (event.kind !== 'paid' || event.total === amount + fee) return;
  throw new Failure(
    'invalid',
    'billing.payment-differs',
    'another sum was paid than was asked for; look at the provider',
    {
      details: { paid_micros: String(event.total), asked_micros: String(amount + fee) },
    },
  );
}

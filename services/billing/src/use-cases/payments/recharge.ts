import { quotePurchase } from '../../domain/money.js';
import { type Purchase, stateOf } from '../../domain/payments/purchase.js';
import { type Clock, type Wallets } from '../ports.js';
import { newPurchase } from './buy-credits.js';
import { type HearPayment } from './hear-payment.js';
import { type Payments, type Purchases } from './ports.js';

/** Who began a purchase that nobody asked for. */
export const RECHARGE = 'recharge';

export type Recharged = 'bought' | 'failed' | 'limit-reached' | 'not-wanted';

/**
 * A wallet that is low buys by itself (BL-9), at most so often in a month. `due` is the event that says so: asked twice it
 * buys once.
 */
export function createRecharge(deps: {
  wallets: Pick<Wallets, 'read'>;
  purchases: Pick<Purchases, 'find' | 'insertOnce' | 'countSince'>;
  payments: Pick<Payments, 'charge'> | undefined;
  hearPayment: HearPayment;
  now: Clock;
}) {
  const { wallets, purchases, payments, hearPayment, now } = deps;

  return async function recharge(walletId: string, due: string): Promise<{ outcome: Recharged; purchase?: Purchase }> {
    const found = await wallets.read(walletId);
    const wanted = found?.state.recharge;
    if (!found || !wanted || !payments) return { outcome: 'not-wanted' };
    const { credits, providerCustomer, maxPerMonth } = wanted;
    const id = `recharge-${due}`;
    const isKnown = (await purchases.find(id)) !== undefined;
    if (!isKnown && (await purchases.countSince(walletId, RECHARGE, startOfMonth(now()))) >= maxPerMonth) {
      return { outcome: 'limit-reached' };
    }
    const { amount, fee } = quotePurchase(credits);
    const purchase = await purchases.insertOnce({
      ...newPurchase,
      id,
      wallet: walletId,
      organisation: found.state.organisation,
      credits,
      amount,
      fee,
      provider: 'stripe',
      createdAt: now(),
      createdBy: RECHARGE,
    });
    if (stateOf(purchase) !== 'open') return { outcome: 'bought', purchase };
    const event = await payments.charge(purchase, providerCustomer);
    // A payment that takes its time is told by the provider.
    if (!event) return { outcome: 'bought', purchase };
    const after = await hearPayment(id, event, RECHARGE);
    return { outcome: event.kind === 'failed' ? 'failed' : 'bought', purchase: after };
  };
}

export type Recharge = ReturnType<typeof createRecharge>;

const startOfMonth = (at: Date): Date => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth()));

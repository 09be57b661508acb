import { Failure } from '@switchboard/errors';
import { quotePurchase } from '../../domain/money.js';
import { type Purchase, stateOf } from '../../domain/payments/purchase.js';
import { type Clock, type Hash, type Wallets } from '../ports.js';
import { createFindWallet, type Tenant } from '../wallets.js';
import { type CheckoutUrls, type Payments, type Purchases } from './ports.js';

export interface Buy {
  readonly walletId: string;
  readonly credits: number;
  readonly idempotencyKey: string;
  readonly urls: CheckoutUrls;
}

/** Begins a purchase: it is kept, then its page is opened, then that is kept. Repeating the call goes on where it was (BL-7). */
export function createBuyCredits(deps: {
  wallets: Pick<Wallets, 'read'>;
  purchases: Pick<Purchases, 'insertOnce' | 'update'>;
  payments: Pick<Payments, 'openCheckout'> | undefined;
  hash: Hash;
  now: Clock;
}) {
  const { purchases, payments, hash, now } = deps;
  const find = createFindWallet(deps.wallets);

  return async function buyCredits(tenant: Tenant, by: string, asked: Buy): Promise<Purchase> {
    if (!payments) throw noProvider();
    const { walletId, credits, idempotencyKey, urls } = asked;
    const { organisation } = await find(tenant, walletId);
    const { amount, fee } = quotePurchase(credits);
    const purchase = await purchases.insertOnce({
      ...newPurchase,
      id: `buy-${hash(`${walletId}\n${idempotencyKey}`).slice(0, 32)}`,
      wallet: walletId,
      organisation,
      credits,
      amount,
      fee,
      provider: 'stripe',
      createdAt: now(),
      createdBy: by,
    });
    if (purchase.credits !== credits) throw keyReused();
    if (purchase.checkoutUrl !== '' || stateOf(purchase) !== 'open') return purchase;
    const { reference, url: checkoutUrl } = await payments.openCheckout(purchase, urls);
    return (await purchases.update(purchase.id, (known) => ({ ...known, reference, checkoutUrl }))) ?? purchase;
  };
}

export type BuyCredits = ReturnType<typeof createBuyCredits>;

/** A purchase of which nothing is known yet. */
export const newPurchase = {
  reference: '',
  checkoutUrl: '',
  reason: '',
  paidAt: null,
  failure: null,
  reversals: {},
} as const;

export const keyReused = (): Failure =>
  new Failure(
    'conflict',
    'billing.key-reused',
    'this idempotency key was used for other credits or another reason; make a new key',
  );

const noProvider = (): Failure =>
  new Failure(
    'invalid',
    'billing.no-provider',
    'this installation has no payment provider; set STRIPE_SECRET_KEY, or let an administrator grant credits',
  );

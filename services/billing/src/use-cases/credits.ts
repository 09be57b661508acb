import { Failure } from '@switchboard/errors';
import { quotePurchase } from '../domain/money.js';
import { type AskWallet } from './looked-up.js';
import { type Purchase, withEvent } from '../domain/payments/purchase.js';
import { keyReused, newPurchase } from './payments/buy-credits.js';
import { type Purchases } from './payments/ports.js';
import { type Clock, type Hash, type Wallets } from './ports.js';
import { createFindWallet, type Tenant } from './wallets.js';

export type CreditUseCases = ReturnType<typeof createCreditUseCases>;

/** Credits that come in: granted against an invoice (BL-7). */
export function createCreditUseCases(deps: {
  wallets: Pick<Wallets, 'read'>;
  purchases: Pick<Purchases, 'insertOnce' | 'find' | 'list' | 'update'>;
  askWallet: AskWallet;
  hash: Hash;
  now: Clock;
}) {
  const { purchases, askWallet, hash, now } = deps;
  const find = createFindWallet(deps.wallets);

  return {
    /** First the purchase is kept, then the credits come, then it is marked: each step is harmless twice. */
    async grantCredits(
      tenant: Tenant,
      by: string,
      asked: { walletId: string; credits: number; reason: string; idempotencyKey: string },
    ): Promise<Purchase> {
      const { walletId: wallet, credits, reason, idempotencyKey } = asked;
      const { organisation } = await find(tenant, wallet);
      const { amount } = quotePurchase(credits);
      const purchase = await purchases.insertOnce({
        ...newPurchase,
        id: `grant-${hash(`${wallet}\n${idempotencyKey}`).slice(0, 32)}`,
        wallet,
        organisation,
        credits,
        amount,
        fee: 0n,
        provider: 'invoice',
        createdAt: now(),
        reason,
        createdBy: by,
      });
      if (purchase.credits !== credits || purchase.reason !== reason) throw keyReused();
      const { id } = purchase;
      await askWallet(wallet, [id], (known) => ({
        kind: 'credit',
        at: now(),
        by: purchase.createdBy,
        cause: 'grant',
        id,
        purchase: id,
        amount: purchase.amount,
        fee: 0n,
        memo: purchase.reason,
        ...known,
      }));
      const paid = { kind: 'paid', total: amount, at: now() } as const;
      return (await purchases.update(id, (known) => withEvent(known, paid))) ?? purchase;
    },

    async getPurchase(tenant: Tenant, purchaseId: string): Promise<Purchase> {
      const found = await purchases.find(purchaseId);
      if (!found || (tenant !== undefined && tenant !== found.organisation)) {
        throw new Failure('not-found', 'billing.purchase-not-found', 'no such purchase; list those of the wallet');
      }
      return found;
    },

    async listPurchases(
      tenant: Tenant,
      walletId: string,
      after: string,
      size: number,
    ): Promise<{ purchases: readonly Purchase[]; nextPageToken: string }> {
      await find(tenant, walletId);
      const found = await purchases.list(walletId, after, size + 1);
      const page = found.slice(0, size);
      return { purchases: page, nextPageToken: found.length > size ? (page.at(-1)?.id ?? '') : '' };
    },
  };
}

import { type NumberState } from '@switchboard/contracts/billing/v1/events';
import {
  type Entry as EntryProto,
  type MessageCost as MessageCostProto,
  type Purchase as PurchaseProto,
  PurchaseState,
  type QuotePurchaseResponse,
  type ResolutionOutcome as ResolutionOutcomeProto,
  type Wallet as WalletProto,
  WalletKind,
} from '@switchboard/contracts/billing/v1/billing_service';
import { type PurchaseQuote } from '../../domain/money.js';
import { availableOf, heldOf } from '../../domain/wallet/accounts.js';
import { type Entry, type MessageCost } from '../../domain/wallet/entry.js';
import { type Refusal, type ResolutionOutcome } from '../../domain/wallet/inputs.js';
import { newsOf, type Payer } from '../../domain/payer/payer.js';
import { type Purchase, reversedOf, stateOf } from '../../domain/payments/purchase.js';
import { type WalletView } from '../../use-cases/wallets.js';

/** From the domain to the contracts. */

export const kindToProto = {
  standalone: WalletKind.WALLET_KIND_STANDALONE,
  bundle: WalletKind.WALLET_KIND_BUNDLE,
} as const;

export const walletToProto = ({ walletId, wallet }: WalletView): WalletProto => ({
  walletId,
  version: BigInt(wallet.settingsVersion),
  organisationId: wallet.organisation,
  name: wallet.name,
  kind: kindToProto[wallet.kind],
  services: [...wallet.services],
  availableMicros: availableOf(wallet.balances),
  heldMicros: heldOf(wallet.balances),
  lowMarkMicros: wallet.lowMark,
  noticeEmails: [...wallet.noticeEmails],
  recharge: wallet.recharge
    ? {
        belowMicros: wallet.recharge.below,
        credits: wallet.recharge.credits,
        providerCustomerId: wallet.recharge.providerCustomer,
        maxPerMonth: wallet.recharge.maxPerMonth,
      }
    : undefined,
  budgets: Object.entries(wallet.budgets).map(([brandId, monthlyMicros]) => ({ brandId, monthlyMicros })),
  createdAt: wallet.createdAt,
});

export const quoteToProto = ({ credits, amount, fee, total }: PurchaseQuote): QuotePurchaseResponse => ({
  credits,
  amountMicros: amount,
  feeMicros: fee,
  totalMicros: total,
  currency: 'USD',
});

const purchaseStates = {
  open: PurchaseState.PURCHASE_STATE_OPEN,
  paid: PurchaseState.PURCHASE_STATE_PAID,
  failed: PurchaseState.PURCHASE_STATE_FAILED,
  refunded: PurchaseState.PURCHASE_STATE_REFUNDED,
  disputed: PurchaseState.PURCHASE_STATE_DISPUTED,
} as const satisfies Record<ReturnType<typeof stateOf>, PurchaseState>;

export const purchaseToProto = (purchase: Purchase): PurchaseProto => ({
  purchaseId: purchase.id,
  walletId: purchase.wallet,
  quote: quoteToProto({ ...purchase, total: purchase.amount + purchase.fee }),
  state: purchaseStates[stateOf(purchase)],
  provider: purchase.provider,
  providerReference: purchase.reference,
  checkoutUrl: purchase.checkoutUrl,
  reversedMicros: reversedOf(purchase),
  createdAt: purchase.createdAt,
  paidAt: purchase.paidAt ?? undefined,
  reason: purchase.failure ?? purchase.reason,
  createdBy: purchase.createdBy,
});

export const costToProto = (cost: MessageCost | null): MessageCostProto | undefined =>
  cost
    ? {
        phoneNumberId: cost.number,
        brandId: cost.brand,
        country: cost.country,
        market: cost.market,
        category: cost.category,
        userInitiated: cost.userInitiated,
      }
    : undefined;

export const costFromProto = (cost: MessageCostProto | undefined): MessageCost | null =>
  cost
    ? {
        number: cost.phoneNumberId,
        brand: cost.brandId,
        country: cost.country,
        market: cost.market,
        category: cost.category,
        userInitiated: cost.userInitiated,
      }
    : null;

export const entryToProto = (walletId: string, entry: Entry): EntryProto => ({
  entryId: `${walletId}/${entry.id}`,
  walletId,
  sequence: BigInt(entry.sequence),
  at: entry.at,
  kind: entry.kind,
  debitAccount: entry.from,
  creditAccount: entry.to,
  amountMicros: entry.amount,
  reference: entry.reference,
  message: costToProto(entry.message),
  flags: [...entry.flags],
  memo: entry.memo,
  causedBy: entry.by,
});

export const outcomeToProto = (outcome: ResolutionOutcome): ResolutionOutcomeProto =>
  outcome.known
    ? { holdId: outcome.id, outcome: outcome.resolution.outcome, amountMicros: outcome.resolution.amount, code: '' }
    : { holdId: outcome.id, outcome: '', amountMicros: 0n, code: 'billing.hold-unknown' };

/** What to do about a hold that was not made. */
export const refusals: Readonly<Record<Refusal, { readonly reason: string; readonly remedy: string }>> = {
  'balance-too-low': {
    reason: 'less is available in the wallet than this costs',
    remedy: 'buy credits; what is free goes on',
  },
  'budget-spent': {
    reason: 'the brand has spent its budget of this month',
    remedy: 'raise the budget, or wait for the next month',
  },
  'rate-missing': {
    reason: 'no rate is known for such a message on this day',
    remedy: 'import Meta’s card of the day',
  },
  'hold-resolved': {
    reason: 'this hold has ended before',
    remedy: 'use a new hold id for another attempt',
  },
  'hold-conflict': {
    reason: 'this hold was made with another amount',
    remedy: 'use a new hold id, or ask for the same amount',
  },
};

/** Its revision is told on billing.numbers alone. */
export function payerToProto(phoneNumberId: string, payer: Payer): NumberState {
  const { organisation: organisationId, wallet: walletId, ...news } = newsOf(payer);
  return { phoneNumberId, revision: 0n, organisationId, walletId, ...news, changedAt: payer.changedAt };
}

import { type BillingServiceServer, BillingServiceService } from '@switchboard/contracts/billing/v1/billing_service';
import { type ServedService, serverStream, unary } from '@switchboard/grpc';
import { stringify } from 'csv-stringify/sync';
import { decimalOf, quotePurchase } from '../../domain/money.js';
import { type Entry } from '../../domain/wallet/entry.js';
import { accounts } from '../../domain/wallet/accounts.js';
import { type BuyCredits } from '../../use-cases/payments/buy-credits.js';
import { type CreditUseCases } from '../../use-cases/credits.js';
import { type LedgerUseCases } from '../../use-cases/ledger.js';
import { type Reconciliation } from '../../use-cases/reconciliation/reconcile-account.js';
import { type Clock, type SpendGroup, spendGroups } from '../../use-cases/ports.js';
import { type PayerUseCases } from '../../use-cases/payers.js';
import { type SpendUseCases } from '../../use-cases/spend.js';
import { type WalletUseCases } from '../../use-cases/wallets.js';
import {
  countryRule,
  creditsRule,
  keyRule,
  nameRule,
  numberRule,
  organisationRule,
  pageRule,
  refuse,
  timesRule,
  uniqueRule,
  urlRule,
  walletRule,
} from './requests.js';
import { holdCalls } from './hold-calls.js';
import { payerCalls } from './payer-calls.js';
import { reconciliationCalls } from './reconciliation-calls.js';
import { organisationOf, tenantOf } from './callers.js';
import { kindRules, settingsRules, toSettings } from './settings.js';
import { entryToProto, kindToProto, purchaseToProto, quoteToProto, walletToProto } from './views.js';

/** Wallets: credits in, held, spent, and proven. */
export function billingServer(useCases: {
  readonly wallets: WalletUseCases;
  readonly credits: CreditUseCases;
  readonly buyCredits: BuyCredits;
  readonly payers: PayerUseCases;
  readonly spend: SpendUseCases;
  readonly ledger: LedgerUseCases;
  readonly reconciliation: Reconciliation;
  readonly now: Clock;
}): ServedService {
  const { wallets, credits, buyCredits, payers, spend, ledger, reconciliation, now } = useCases;
  const implementation: BillingServiceServer = {
    createWallet: unary(async (request, call) => {
      const organisation = organisationOf(call, request.organisationId);
      const { walletId, name, services } = request;
      refuse([
        walletRule(walletId),
        organisationRule(organisation),
        nameRule('name', name, 100),
        ...kindRules(request),
      ]);
      const kind = request.kind === kindToProto.bundle ? 'bundle' : 'standalone';
      const about = { organisation, name, kind, services } as const;
      return { wallet: walletToProto(await wallets.createWallet(call.caller.subject, walletId, about)) };
    }),
    updateWallet: unary(async (request, call) => {
      refuse([walletRule(request.walletId), nameRule('name', request.name, 100), ...settingsRules(request)]);
      const { subject } = call.caller;
      const changed = await wallets.updateWallet(tenantOf(call), subject, request.walletId, toSettings(request));
      return { wallet: walletToProto(changed) };
    }),
    getWallet: unary(async ({ walletId }, call) => {
      refuse([walletRule(walletId)]);
      return { wallet: walletToProto(await wallets.getWallet(tenantOf(call), walletId)) };
    }),
    listWallets: unary(async (request, call) => {
      const organisation = organisationOf(call, request.organisationId);
      refuse([organisationRule(organisation), pageRule(request.pageSize)]);
      const page = await wallets.listWallets(organisation, request.pageToken, request.pageSize || 50);
      return { wallets: page.wallets.map(walletToProto), nextPageToken: page.nextPageToken };
    }),

    ...payerCalls(payers),
    quotePurchase: unary((request) => {
      refuse([creditsRule(request.credits)]);
      return Promise.resolve(quoteToProto(quotePurchase(request.credits)));
    }),
    buyCredits: unary(async (request, call) => {
      const { walletId, idempotencyKey, successUrl: success, cancelUrl: cancel } = request;
      refuse([
        walletRule(walletId),
        creditsRule(request.credits),
        keyRule(idempotencyKey),
        urlRule('success_url', success),
        urlRule('cancel_url', cancel),
      ]);
      const asked = { walletId, credits: request.credits, idempotencyKey, urls: { success, cancel } };
      return { purchase: purchaseToProto(await buyCredits(tenantOf(call), call.caller.subject, asked)) };
    }),
    grantCredits: unary(async (request, call) => {
      refuse([
        walletRule(request.walletId),
        creditsRule(request.credits),
        nameRule('reason', request.reason, 500),
        keyRule(request.idempotencyKey),
      ]);
      return { purchase: purchaseToProto(await credits.grantCredits(tenantOf(call), call.caller.subject, request)) };
    }),
    getPurchase: unary(async ({ purchaseId }, call) => {
      refuse([['purchase_id', purchaseId !== '', 'must name a purchase; take it from ListPurchases']]);
      return { purchase: purchaseToProto(await credits.getPurchase(tenantOf(call), purchaseId)) };
    }),
    listPurchases: unary(async ({ walletId, pageSize, pageToken }, call) => {
      refuse([walletRule(walletId), pageRule(pageSize)]);
      const page = await credits.listPurchases(tenantOf(call), walletId, pageToken, pageSize || 50);
      return { purchases: page.purchases.map(purchaseToProto), nextPageToken: page.nextPageToken };
    }),

    ...holdCalls(spend),
    ...reconciliationCalls(reconciliation, now),
    listEntries: unary(async (request, call) => {
      const { walletId, from, until, kinds, reference, country, category, pageSize, pageToken } = request;
      const { phoneNumberId: number } = request;
      refuse([
        walletRule(walletId),
        pageRule(pageSize),
        timesRule(from, until),
        ...(number === '' ? [] : [numberRule(number)]),
        countryRule(country),
        ['page_token', /^\d{0,15}$/.test(pageToken), 'must be what the answer before said; leave it empty to begin'],
      ]);
      const wanted = { from, until, kinds, reference, number, country, category };
      const page = await ledger.listEntries(tenantOf(call), walletId, wanted, Number(pageToken), pageSize || 100);
      return {
        entries: page.entries.map((entry) => entryToProto(walletId, entry)),
        nextPageToken: page.nextPageToken,
      };
    }),
    exportStatement: serverStream(async function* ({ walletId, from, until }, call) {
      refuse([walletRule(walletId), timesRule(from, until)]);
      const pages = ledger.export(tenantOf(call), walletId, from, until);
      let isFirst = true;
      for await (const page of pages) {
        yield { csv: Buffer.from(stringify(page.map(lineOf), { header: isFirst, columns: statementColumns })) };
        isFirst = false;
      }
    }),
    prove: unary(async ({ walletId }, call) => {
      refuse([walletRule(walletId)]);
      const { holds, entries, sequence, faults, balances } = await ledger.prove(tenantOf(call), walletId);
      return {
        holds,
        entries: BigInt(entries),
        sequence: BigInt(sequence),
        faults: [...faults],
        balances: accounts.map((account) => ({
          account,
          debitsMicros: balances[account].gave,
          creditsMicros: balances[account].got,
        })),
      };
    }),
    reportSpend: unary(async (request, call) => {
      const organisation = organisationOf(call, request.organisationId);
      const { walletId, from, until, groupBy } = request;
      refuse([
        organisationRule(organisation),
        ...(walletId === '' ? [] : [walletRule(walletId)]),
        ['from', from !== undefined, 'must be set; name the first moment'],
        ['until', until !== undefined, 'must be set; name the first moment after'],
        timesRule(from, until),
        [
          'group_by',
          groupBy.length >= 1 && groupBy.length <= 4 && groupBy.every(isGroup),
          `must be 1 to 4 of ${spendGroups.join(', ')}; name some`,
        ],
        uniqueRule('group_by', groupBy),
      ]);
      const groups = groupBy.filter(isGroup);
      const wanted = { from: from ?? new Date(0), until: until ?? new Date(0), groups, limit: MAX_ROWS + 1 };
      const rows = await ledger.reportSpend(organisation, walletId, wanted);
      refuse([
        ['group_by', rows.length <= MAX_ROWS, `makes more than ${MAX_ROWS} rows; take fewer groups or less time`],
      ]);
      return {
        rows: rows.map(({ keys, messages, amount }) => ({
          keys: [...keys],
          messages: BigInt(messages),
          amountMicros: amount,
        })),
      };
    }),
  };
  return {
    definition: BillingServiceService,
    implementation,
    scopes: {
      createWallet: 'billing.wallets:write',
      updateWallet: 'billing.wallets:write',
      getWallet: 'billing.wallets:read',
      listWallets: 'billing.wallets:read',
      putNumber: 'billing.wallets:write',
      putBrand: 'billing.wallets:write',
      getNumber: 'billing.wallets:read',
      quotePurchase: 'billing.wallets:read',
      buyCredits: 'billing.wallets:write',
      grantCredits: 'billing.credits:grant',
      getPurchase: 'billing.wallets:read',
      listPurchases: 'billing.wallets:read',
      holdBatch: 'billing.holds:write',
      settleBatch: 'billing.holds:write',
      releaseBatch: 'billing.holds:write',
      listEntries: 'billing.wallets:read',
      exportStatement: 'billing.wallets:read',
      prove: 'billing.wallets:read',
      reportSpend: 'billing.wallets:read',
      reconcile: 'billing.wallets:write',
      listReconciliations: 'billing.wallets:read',
    },
  };
}

const MAX_ROWS = 5_000;

const isGroup = (text: string): text is SpendGroup => (spendGroups as readonly string[]).includes(text);

const statementColumns = [
  'sequence',
  'time',
  'kind',
  'debit_account',
  'credit_account',
  'amount_usd',
  'reference',
  'number',
  'brand',
  'country',
  'category',
  'flags',
  'memo',
  'caused_by',
] as const;

/** Cells that a spreadsheet would take for a formula are made texts. */
const text = (value: string): string => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);

const lineOf = (entry: Entry): Record<(typeof statementColumns)[number], string> => ({
  sequence: String(entry.sequence),
  time: entry.at.toISOString(),
  kind: entry.kind,
  debit_account: entry.from,
  credit_account: entry.to,
  amount_usd: decimalOf(entry.amount),
  reference: text(entry.reference),
  number: entry.message?.number ?? '',
  brand: text(entry.message?.brand ?? ''),
  country: entry.message?.country ?? '',
  category: entry.message?.category ?? '',
  flags: entry.flags.join(' '),
  memo: text(entry.memo),
  caused_by: text(entry.by),
});

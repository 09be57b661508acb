import { type BillingServiceServer, BillingServiceService } from '@switchboard/contracts/billing/v1/billing_service';
import { type Call, type ServedService, serverStream, unary } from '@switchboard/grpc';
import { stringify } from 'csv-stringify/sync';
import { decimalOf, quotePurchase } from '../../domain/money.js';
import { type Entry } from '../../domain/wallet/entry.js';
import { accounts } from '../../domain/wallet/accounts.js';
import { categories, isCategory } from '../../domain/prices/rates.js';
import { type BuyCredits } from '../../use-cases/payments/buy-credits.js';
import { type CreditUseCases } from '../../use-cases/credits.js';
import { type LedgerUseCases } from '../../use-cases/ledger.js';
import { type SpendGroup, spendGroups } from '../../use-cases/ports.js';
import { type PayerUseCases } from '../../use-cases/payers.js';
import { type SpendUseCases } from '../../use-cases/spend.js';
import { type Tenant, type WalletUseCases } from '../../use-cases/wallets.js';
import {
  batchRule,
  creditsRule,
  holdIdRule,
  keyRule,
  nameRule,
  brandRule,
  numberRule,
  organisationRule,
  pageRule,
  refuse,
  type Rule,
  timesRule,
  timeZoneRule,
  uniqueRule,
  urlRule,
  walletRule,
} from './requests.js';
import { kindRules, settingsRules, toSettings } from './settings.js';
import {
  costFromProto,
  entryToProto,
  kindToProto,
  outcomeToProto,
  payerToProto,
  purchaseToProto,
  quoteToProto,
  refusals,
  walletToProto,
} from './views.js';

const mayBeWallet = (walletId: string): Rule => (walletId === '' ? ['wallet_id', true, ''] : walletRule(walletId));
const tenantOf = ({ caller }: Call): Tenant => caller.organisationId;
const organisationOf = (call: Call, asked: string): string => call.caller.organisationId ?? asked;

/** Wallets: credits in, held, spent, and proven. */
export function billingServer(useCases: {
  readonly wallets: WalletUseCases;
  readonly credits: CreditUseCases;
  readonly buyCredits: BuyCredits;
  readonly payers: PayerUseCases;
  readonly spend: SpendUseCases;
  readonly ledger: LedgerUseCases;
}): ServedService {
  const { wallets, credits, buyCredits, payers, spend, ledger } = useCases;
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

    putNumber: unary(async ({ phoneNumberId, walletId, timeZone }, call) => {
      refuse([numberRule(phoneNumberId), mayBeWallet(walletId), timeZoneRule(timeZone)]);
      const payer = await payers.putNumber(tenantOf(call), phoneNumberId, walletId, timeZone || 'UTC');
      return { number: payerToProto(phoneNumberId, payer) };
    }),
    putBrand: unary(async ({ organisationId, brandId, walletId }, call) => {
      const organisation = organisationOf(call, organisationId);
      refuse([organisationRule(organisation), brandRule(brandId), mayBeWallet(walletId)]);
      await payers.putBrand(organisation, brandId, walletId);
      return {};
    }),
    getNumber: unary(async ({ phoneNumberId }, call) => {
      refuse([numberRule(phoneNumberId)]);
      return { number: payerToProto(phoneNumberId, await payers.getNumber(tenantOf(call), phoneNumberId)) };
    }),

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

    holdBatch: unary(async ({ walletId, holds }, call) => {
      refuse([
        walletRule(walletId),
        batchRule('holds', holds.length),
        uniqueRule(
          'holds',
          holds.map(({ holdId }) => holdId),
        ),
        ...holds.flatMap(({ holdId, amountMicros, message, recipient, memo }, at) => [
          holdIdRule(`holds[${at}].hold_id`, holdId),
          [
            `holds[${at}].amount_micros`,
            (amountMicros > 0n && amountMicros <= MAX_MICROS) || (amountMicros === 0n && recipient !== undefined),
            'must be above 0 and at most 1,000,000 USD, or 0 with a recipient; hold only what costs',
          ] as const,
          [
            `holds[${at}].message.category`,
            recipient === undefined || (amountMicros === 0n && isCategory(message?.category ?? '')),
            `must be one of ${categories.join(', ')} where the price is looked up, and the amount 0; set it`,
          ] as const,
          [`holds[${at}].memo`, memo.length <= 200, 'must be up to 200 characters; shorten it'] as const,
        ]),
      ]);
      const asked = holds.map(({ holdId: id, amountMicros: amount, message, recipient, memo }) => ({
        id,
        amount,
        message: costFromProto(message),
        recipient,
        memo,
      }));
      const { outcomes, available } = await spend.holdBatch(tenantOf(call), call.caller.subject, walletId, asked);
      return {
        outcomes: outcomes.map((outcome) =>
          outcome.held
            ? { ...nothing, holdId: outcome.id, held: true, amountMicros: outcome.amount }
            : { ...nothing, holdId: outcome.id, code: `billing.${outcome.refusal}`, ...refusals[outcome.refusal] },
        ),
        availableMicros: available,
      };
    }),
    settleBatch: unary(async ({ walletId, settlements }, call) => {
      refuse([
        walletRule(walletId),
        batchRule('settlements', settlements.length),
        uniqueRule(
          'settlements',
          settlements.map(({ holdId }) => holdId),
        ),
        ...settlements.map(({ holdId }, at) => holdIdRule(`settlements[${at}].hold_id`, holdId)),
      ]);
      const asked = settlements.map(({ holdId: id, amountMicros: amount }) => ({ id, amount }));
      const outcomes = await spend.settleBatch(tenantOf(call), call.caller.subject, walletId, asked);
      return { outcomes: outcomes.map(outcomeToProto) };
    }),
    releaseBatch: unary(async ({ walletId, holdIds }, call) => {
      refuse([
        walletRule(walletId),
        batchRule('hold_ids', holdIds.length),
        uniqueRule('hold_ids', holdIds),
        ...holdIds.map((holdId, at) => holdIdRule(`hold_ids[${at}]`, holdId)),
      ]);
      const outcomes = await spend.releaseBatch(tenantOf(call), call.caller.subject, walletId, holdIds);
      return { outcomes: outcomes.map(outcomeToProto) };
    }),

    listEntries: unary(async (request, call) => {
      const { walletId, from, until, kinds, reference, pageSize, pageToken } = request;
      refuse([
        walletRule(walletId),
        pageRule(pageSize),
        timesRule(from, until),
        ['page_token', /^\d{0,15}$/.test(pageToken), 'must be what the answer before said; leave it empty to begin'],
      ]);
      const wanted = { from, until, kinds, reference };
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
    },
  };
}

const nothing = { held: false, code: '', reason: '', remedy: '', amountMicros: 0n };
const MAX_MICROS = 1_000_000_000_000n;
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

import {
  type CreateWalletRequest,
  type UpdateWalletRequest,
  WalletKind,
} from '@switchboard/contracts/billing/v1/billing_service';
import { type Settings } from '../../use-cases/wallets.js';
import { type Rule, uniqueRule } from './requests.js';

/** A wallet's settings in requests. */

const SERVICE = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const E_MAIL = /^[^\s@]{1,64}@[^\s@]{1,190}$/;
const BRAND = /^[a-z0-9][a-z0-9-]{0,63}$/;
const MAX_MICROS = 1_000_000_000_000n;

const serviceRules = (services: readonly string[]): Rule[] => [
  ['services', services.length <= 50, 'must be at most 50; name fewer'],
  uniqueRule('services', services),
  ...services.map((service, at): Rule => [
    `services[${at}]`,
    SERVICE.test(service),
    'must be the subject of a service’s token: 1 to 64 lower-case letters, digits and . _ -',
  ]),
];

export const kindRules = ({ kind, services }: CreateWalletRequest): Rule[] => [
  [
    'kind',
    kind === WalletKind.WALLET_KIND_STANDALONE || kind === WalletKind.WALLET_KIND_BUNDLE,
    'must be standalone or bundle; choose one',
  ],
  [
    'services',
    kind === WalletKind.WALLET_KIND_BUNDLE || services.length === 0,
    'must be empty of a standalone wallet; make it a bundle, or leave them out',
  ],
  ...serviceRules(services),
];

export const settingsRules = (request: UpdateWalletRequest): Rule[] => [
  ...serviceRules(request.services),
  ['low_mark_micros', request.lowMarkMicros <= MAX_MICROS, 'must be at most 1,000,000 USD; set a lower mark'],
  ['notice_emails', request.noticeEmails.length <= 10, 'must be at most 10; use a list address'],
  ...request.noticeEmails.map((email, at): Rule => [
    `notice_emails[${at}]`,
    E_MAIL.test(email),
    'must be an e-mail address; write it anew',
  ]),
  ...(request.recharge
    ? ([
        [
          'recharge.credits',
          request.recharge.credits >= 1 && request.recharge.credits <= 1_000_000,
          'must be 1 to 1,000,000 whole credits; a credit is 2 USD',
        ],
        ['recharge.below_micros', request.recharge.belowMicros <= MAX_MICROS, 'must be at most 1,000,000 USD'],
        ['recharge.provider_customer_id', request.recharge.providerCustomerId !== '', 'must name the payer'],
        [
          'recharge.max_per_month',
          request.recharge.maxPerMonth >= 1 && request.recharge.maxPerMonth <= 100,
          'must be 1 to 100; it is what keeps a fault from emptying an account',
        ],
      ] satisfies Rule[])
    : []),
  ['budgets', request.budgets.length <= 200, 'must be at most 200; leave out brands without a budget'],
  uniqueRule(
    'budgets',
    request.budgets.map(({ brandId }) => brandId),
  ),
  ...request.budgets.map(({ brandId }, at): Rule => [
    `budgets[${at}].brand_id`,
    BRAND.test(brandId),
    'must be a brand; take it from account',
  ]),
];

export const toSettings = (request: UpdateWalletRequest): Settings => ({
  expectedVersion: Number(request.expectedVersion),
  name: request.name,
  services: request.services,
  lowMark: request.lowMarkMicros,
  noticeEmails: request.noticeEmails,
  recharge: request.recharge
    ? {
        below: request.recharge.belowMicros,
        credits: request.recharge.credits,
        providerCustomer: request.recharge.providerCustomerId,
        maxPerMonth: request.recharge.maxPerMonth,
      }
    : null,
  budgets: Object.fromEntries(request.budgets.map(({ brandId, monthlyMicros }) => [brandId, monthlyMicros])),
});

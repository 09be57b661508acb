import { type FieldViolation, invalid } from '@switchboard/errors';
import { isTimeZone } from '../../domain/prices/moments.js';

/** What is wrong with requests, all of it at once: the field, the rule, the remedy. */

export type Rule = readonly [field: string, isKept: boolean, description: string];

export function refuse(rules: readonly Rule[]): void {
  const violations: FieldViolation[] = rules.flatMap(([field, isKept, description]) =>
    isKept ? [] : [{ field, description }],
  );
  if (violations.length > 0) throw invalid('billing.invalid', violations.slice(0, MAX_TOLD));
}

/** More than these help nobody. */
const MAX_TOLD = 20;

const KEY = /^[A-Za-z0-9][A-Za-z0-9._:@-]*$/;

export const walletRule = (walletId: string, field = 'wallet_id'): Rule => [
  field,
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(walletId),
  'must be 1 to 64 letters, digits, dots, dashes and underscores, a letter or digit first; choose another id',
];

export const nameRule = (field: string, value: string, longest: number): Rule => [
  field,
  value.trim() !== '' && Array.from(value).length <= longest && !/[\p{Cc}\p{Cs}\uFFFD]/u.test(value),
  `must be 1 to ${longest} characters without line breaks; write it anew`,
];

export const organisationRule = (value: string): Rule => [
  'organisation_id',
  /^[a-z0-9][a-z0-9-]{0,63}$/.test(value),
  'must be an organisation; your token names none, so name one',
];

export const creditsRule = (credits: number): Rule => [
  'credits',
  credits >= 1 && credits <= 1_000_000,
  'must be 1 to 1,000,000 whole credits; a credit is 2 USD',
];

export const keyRule = (value: string): Rule => [
  'idempotency_key',
  value.length >= 1 && value.length <= 128,
  'must be 1 to 128 characters; make one per purchase and repeat it when you repeat the call',
];

export const urlRule = (field: string, value: string): Rule => [
  field,
  value.length <= 2_000 && /^https?:\/\/[^\s/]+/.test(value),
  'must be an http or https address of up to 2,000 characters; say where the payer goes then',
];

export const holdIdRule = (field: string, value: string): Rule => [
  field,
  value.length <= 200 && KEY.test(value),
  'must be 1 to 200 letters, digits and . _ : @ -, a letter or digit first; make one per thing that is paid',
];

export const batchRule = (field: string, count: number): Rule => [
  field,
  count >= 1 && count <= 500,
  'must be 1 to 500; send them in several calls',
];

export const uniqueRule = (field: string, values: readonly string[]): Rule => [
  field,
  new Set(values).size === values.length,
  'must name everything once; leave out what is repeated',
];

export const pageRule = (pageSize: number): Rule => [
  'page_size',
  pageSize <= 500,
  'must be 1 to 500, or 0 for the usual; ask for smaller pages',
];

export const timesRule = (from: Date | undefined, until: Date | undefined): Rule => [
  'until',
  !from || !until || from < until,
  'must be later than from; exchange them',
];

export const numberRule = (value: string): Rule => [
  'phone_number_id',
  /^\d{1,32}$/.test(value),
  'must be Meta’s id of a number: digits; take it from account',
];

export const brandRule = (value: string): Rule => [
  'brand_id',
  /^[a-z0-9][a-z0-9-]{0,63}$/.test(value),
  'must be a brand; take it from account',
];

export const timeZoneRule = (value: string): Rule => [
  'time_zone',
  value === '' || isTimeZone(value),
  'must be a time zone as IANA writes it, for example America/Sao_Paulo; correct it',
];

export const countryRule = (value: string): Rule => [
  'country',
  value === '' || /^[A-Z]{2}$/.test(value),
  'must be a country as ISO 3166 writes it, for example BR, or empty for all; correct it',
];

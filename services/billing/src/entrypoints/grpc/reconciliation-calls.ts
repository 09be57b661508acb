import {
  type BillingServiceServer,
  type ChargedSum,
  type Reconciliation as ReconciliationProto,
} from '@switchboard/contracts/billing/v1/billing_service';
import { unary } from '@switchboard/grpc';
import { DAY_MS, dayAfter, isDay, utcDayOf } from '../../domain/prices/day.js';
import { type Sum } from '../../domain/reconciliation/sides.js';
import { type Clock } from '../../use-cases/ports.js';
import { type Report } from '../../use-cases/reconciliation/ports.js';
import { type Reconciliation } from '../../use-cases/reconciliation/reconcile-account.js';
import { organisationOf } from './callers.js';
import { organisationRule, pageRule, refuse, type Rule } from './requests.js';

const MOST_DAYS = 31;
/** Meta keeps its figures for a year. */
const OLDEST_DAYS = 365;

/** What we charged against what Meta did (BL-10). */
export const reconciliationCalls = (
  { reconcile, list }: Pick<Reconciliation, 'reconcile' | 'list'>,
  now: Clock,
): Pick<BillingServiceServer, 'reconcile' | 'listReconciliations'> => ({
  reconcile: unary(async (request, call) => {
    const organisation = organisationOf(call, request.organisationId);
    const { wabaId, from, until } = request;
    const days = isDay(from) && isDay(until) ? (Date.parse(until) - Date.parse(from)) / DAY_MS : 0;
    const tomorrow = dayAfter(utcDayOf(now()));
    refuse([
      organisationRule(organisation),
      wabaRule(wabaId),
      dayRule('from', from),
      dayRule('until', until),
      [
        'from',
        !isDay(from) || Date.parse(from) >= now().getTime() - OLDEST_DAYS * DAY_MS,
        'must be within the last 365 days: Meta keeps its figures no longer; choose a later day',
      ],
      [
        'until',
        !isDay(from) || !isDay(until) || (days >= 1 && days <= MOST_DAYS && until <= tomorrow),
        `must be 1 to ${MOST_DAYS} days after from, and tomorrow at the latest; choose other days`,
      ],
    ]);
    const made = await reconcile(organisation, wabaId, from, until);
    return { reconciliations: made.map(toProto) };
  }),
  listReconciliations: unary(async (request, call) => {
    const organisation = organisationOf(call, request.organisationId);
    const { wabaId: waba, from, until, pageSize, pageToken } = request;
    refuse([
      organisationRule(organisation),
      ...(waba === '' ? [] : [wabaRule(waba)]),
      ...(from === '' ? [] : [dayRule('from', from)]),
      ...(until === '' ? [] : [dayRule('until', until)]),
      pageRule(pageSize),
      [
        'page_token',
        pageToken === '' || /^\d{4}-\d{2}-\d{2}\/\d{1,32}$/.test(pageToken),
        'must be what the answer before said; leave it empty to begin',
      ],
    ]);
    const size = pageSize || 50;
    const found = await list(organisation, { waba, from, until }, pageToken, size + 1);
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      reconciliations: page.map(toProto),
      nextPageToken: last && found.length > size ? `${last.day}/${last.waba}` : '',
    };
  }),
});

const wabaRule = (value: string): Rule => [
  'waba_id',
  /^\d{1,32}$/.test(value),
  'must be Meta’s id of a WhatsApp Business Account: digits; take it from account',
];

const dayRule = (field: string, value: string): Rule => [
  field,
  isDay(value),
  'must be a day as 2026-11-26; correct it',
];

const sumToProto = ({ messages, cost }: Sum): ChargedSum => ({ messages: BigInt(messages), costMicros: cost });

const toProto = (report: Report): ReconciliationProto => ({
  organisationId: report.organisation,
  wabaId: report.waba,
  day: report.day,
  comparedAt: report.comparedAt,
  currency: report.currency,
  rows: report.rows.map((row) => ({
    phoneNumberId: row.number,
    country: row.country,
    category: row.category,
    type: row.type,
    tiers: [...row.tiers],
    ours: sumToProto(row.ours),
    meta: sumToProto(row.meta),
    messagesDifference: BigInt(row.messagesDifference),
    costDifferenceMicros: row.costDifference,
    differencePerMessageMicros: row.perMessage,
  })),
  ours: sumToProto(report.ours),
  meta: sumToProto(report.meta),
  costDifferencePpm: report.costPpm,
  messagesDifferencePpm: report.messagesPpm,
  alarm: report.alarm,
  previousOurs: report.previous ? sumToProto(report.previous.ours) : undefined,
  previousMeta: report.previous ? sumToProto(report.previous.meta) : undefined,
});

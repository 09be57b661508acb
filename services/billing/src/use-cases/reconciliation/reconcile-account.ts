import { Failure } from '@switchboard/errors';
import { type Day, dayAfter, daysBetween, utcDayOf } from '../../domain/prices/day.js';
import { reconcile } from '../../domain/reconciliation/reconcile.js';
import { type Clock } from '../ports.js';
import {
  type Analytics,
  type Charges,
  type MetaAccount,
  type ReconciliationObserver,
  type Report,
  type Reports,
} from './ports.js';

export type Reconciliation = ReturnType<typeof createReconciliation>;

/** The night looks back so many days: statuses come late, and Meta's figures settle. */
const NIGHT_DAYS = 3;

/** Compares what was charged here with what Meta charged, day by day, and keeps a report of each (BL-10). */
export function createReconciliation(deps: {
  /** Undefined where the installation does not know Meta. */
  readonly analytics: Analytics | undefined;
  readonly charges: Charges;
  readonly reports: Reports;
  readonly observer: ReconciliationObserver;
  readonly now: Clock;
}) {
  const { analytics, charges, reports, observer, now } = deps;

  async function compare(meta: Analytics, account: MetaAccount, from: Day, until: Day): Promise<readonly Report[]> {
    const { organisation, waba, numbers } = account;
    const [first, end] = [new Date(from), new Date(until)];
    const [ours, theirs] = await Promise.all([charges.charged(numbers, first, end), meta.charged(account, first, end)]);
    const made: Report[] = [];
    for (const day of daysBetween(from, until)) {
      const isThen = (each: { readonly day: Day }): boolean => each.day === day;
      // What is free is in no ledger: it cannot be compared.
      const paid = theirs.points.filter((point) => isThen(point) && !/^free_/i.test(point.type));
      const comparison = reconcile(ours.filter(isThen), paid, theirs.currency);
      const before = await reports.find(organisation, waba, day);
      const previous = before ? { ours: before.ours, meta: before.meta } : null;
      const { currency } = theirs;
      const report = { ...comparison, organisation, waba, day, comparedAt: now(), currency, previous };
      await reports.save(report);
      tell(report);
      made.push(report);
    }
    return made;
  }

  function tell({ waba, day, alarm, costPpm, messagesPpm }: Report): void {
    observer.compared(alarm);
    if (alarm)
      observer.warn(
        { waba, day, costPpm, messagesPpm },
        'what was charged differs from what Meta charged by over 0.1 %',
      );
  }

  return {
    /** The account must have a number of the organisation. */
    async reconcile(organisation: string, waba: string, from: Day, until: Day): Promise<readonly Report[]> {
      if (!analytics) throw noAnalytics();
      const account = analytics.accounts().find((each) => each.waba === waba && each.organisation === organisation);
      if (!account) throw accountNotFound();
      return compare(analytics, account, from, until);
    },
    list: reports.list,
    /** Every account's last days; one that cannot be read keeps no other from it. */
    async run(): Promise<void> {
      if (!analytics) return;
      const today = utcDayOf(now());
      for (const account of analytics.accounts()) {
        try {
          await compare(analytics, account, dayAfter(today, -NIGHT_DAYS), today);
        } catch (error) {
          observer.failed();
          observer.warn(
            { waba: account.waba, error },
            'an account could not be compared with Meta; the next night tries again',
          );
        }
      }
    },
  };
}

const noAnalytics = (): Failure =>
  new Failure(
    'invalid',
    'billing.no-analytics',
    'this installation does not read Meta’s analytics; set GRAPH_URL and ACCOUNT_GRPC of billing',
  );

const accountNotFound = (): Failure =>
  new Failure(
    'not-found',
    'billing.account-not-found',
    'no number of this WhatsApp Business Account is connected to the organisation; connect one first',
  );

import { type Comparison } from '../../domain/reconciliation/reconcile.js';
import { type Counted, type Point, type Sum } from '../../domain/reconciliation/sides.js';
import { type Day } from '../../domain/prices/day.js';

/** The numbers of one organisation in a WhatsApp Business Account. */
export interface MetaAccount {
  readonly waba: string;
  readonly organisation: string;
  /** Meta's ids. */
  readonly numbers: readonly string[];
}

/** What Meta charged. */
export interface Analytics {
  /** Every account with a connected number. */
  readonly accounts: () => readonly MetaAccount[];
  /** By UTC day, of these numbers alone. Throws `unavailable` when Meta cannot be read; never half of it. */
  readonly charged: (
    account: MetaAccount,
    from: Date,
    until: Date,
  ) => Promise<{ readonly currency: string; readonly points: readonly Point[] }>;
}

/** One day of an account, as it was compared last. */
export interface Report extends Comparison {
  readonly organisation: string;
  readonly waba: string;
  /** UTC. */
  readonly day: Day;
  readonly comparedAt: Date;
  readonly currency: string;
  /** By the report before; null = there was none. */
  readonly previous: { readonly ours: Sum; readonly meta: Sum } | null;
}

export interface Reports {
  readonly find: (organisation: string, waba: string, day: Day) => Promise<Report | undefined>;
  /** In the place of an earlier one. */
  readonly save: (report: Report) => Promise<void>;
  /** Newest day first; behind `after` (`<day>/<waba>`), at most `limit`. */
  readonly list: (
    organisation: string,
    wanted: { readonly waba: string; readonly from: Day; readonly until: Day },
    after: string,
    limit: number,
  ) => Promise<readonly Report[]>;
}

/** Our side. */
export interface Charges {
  readonly charged: (numbers: readonly string[], from: Date, until: Date) => Promise<readonly Counted[]>;
}

export interface ReconciliationObserver {
  readonly compared: (alarm: boolean) => void;
  readonly failed: () => void;
  readonly warn: (facts: object, message: string) => void;
}

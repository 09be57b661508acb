import { Temporal } from 'temporal-polyfill';

/** ISO 8601: 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Minutes since midnight by the clock on the wall: open from the first until just before the second. */
export interface OpenTime {
  readonly from: number;
  readonly to: number;
}

/** When people are there. */
export interface Hours {
  readonly timeZone: string;
  /** By weekday; a day that is not in it is closed. */
  readonly weekly: ReadonlyMap<Weekday, readonly OpenTime[]>;
  /** By date, `YYYY-MM-DD`: what is open on it in place of its weekday. */
  readonly holidays: ReadonlyMap<string, readonly OpenTime[]>;
  /** Sent once per chat that begins out of hours; empty = nothing. */
  readonly outOfHoursText: string;
}

/** Whether people are there at that instant. Without hours they always are. */
export function isOpen(hours: Hours | null, at: Date): boolean {
  if (!hours) return true;
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(hours.timeZone);
  const date = local.toPlainDate().toString();
  const open = hours.holidays.get(date) ?? hours.weekly.get(local.dayOfWeek as Weekday) ?? [];
  const minute = local.hour * 60 + local.minute;
  return open.some(({ from, to }) => from <= minute && minute < to);
}

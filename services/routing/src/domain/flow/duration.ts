import { Temporal } from 'temporal-polyfill';

/** A length of time as people set it. Months and days are of the calendar; the rest is of the clock. */
export interface Duration {
  readonly months: number;
  readonly days: number;
  readonly seconds: number;
}

const DAY_S = 86_400;
/** For comparing only: a month is never longer, so `P31D` is within a month and `P32D` is not. */
const LONGEST_MONTH_DAYS = 31;

const iso =
  /^P(?=.)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/;

/** Reads ISO 8601: `PT90S`, `PT1H30M`, `P1D`, `P2W`, `P1M`. Undefined for anything else, fractions and signs included. */
export function parseDuration(text: string): Duration | undefined {
  const found = iso.exec(text);
  if (!found) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found
    .slice(1)
    .map((digits: string | undefined) => Number(digits ?? 0));
  return { months: years * 12 + months, days: weeks * 7 + days, seconds: hours * 3_600 + minutes * 60 + seconds };
}

/**
 * The instant a duration after another one, as a calendar on the wall of that zone shows it: a day later is the same
 * time of day though the clocks were changed, a month after 31 January is the last of February. Where the clocks skip
 * that time it is as much later; where they show it twice it is the first. Hours, minutes and seconds are then exact.
 */
export function after(at: Date, { months, days, seconds }: Duration, timeZone: string): Date {
  if (months === 0 && days === 0) return new Date(at.getTime() + seconds * 1_000);
  const start = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  return new Date(start.add({ months, days, seconds }).epochMilliseconds);
}

/** Below 0 when `a` is shorter than `b`, above when it is longer. A day counts 24 hours and a month 31 days. */
export const compareDurations = (a: Duration, b: Duration): number => nominalMs(a) - nominalMs(b);

/** About how long: exact for what names no day and no month. */
export const nominalMs = ({ months, days, seconds }: Duration): number =>
  ((months * LONGEST_MONTH_DAYS + days) * DAY_S + seconds) * 1_000;

/** True when it is hours, minutes and seconds alone, so that it has one length whatever the day. */
export const isOfTheClock = ({ months, days }: Duration): boolean => months === 0 && days === 0;

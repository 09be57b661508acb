import { dayOf, type Day } from './day.js';

const HOUR_MS = 3_600_000;
const QUARTER_MS = HOUR_MS / 4;

/** The first moment of a day in a time zone: prices change then. Zones differ from UTC by quarters of an hour. */
export function beginOf(day: Day, timeZone: string): Date {
  let at = Date.parse(day) - 15 * HOUR_MS;
  while (dayOf(new Date(at), timeZone) < day) at += QUARTER_MS;
  return new Date(at);
}

/** `2026-11`: the month it is then in a time zone. */
export const monthIn = (at: Date, timeZone: string): string => dayOf(at, timeZone).slice(0, 7);

/** The first moment of the month after, in a time zone: allowances begin anew then. */
export function endOfMonth(month: string, timeZone: string): Date {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const next = new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
  return beginOf(next, timeZone);
}

/** Whether the platform knows the zone (IANA). */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

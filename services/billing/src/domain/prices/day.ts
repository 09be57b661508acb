/** A calendar day, `2026-10-01`: days are compared as texts. */
export type Day = string;

export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && dayOf(new Date(text), 'UTC') === text;

/** The day it is then in a time zone (IANA): prices change at midnight of the account's zone. */
export function dayOf(at: Date, timeZone: string): Day {
  let format = formats.get(timeZone);
  if (!format) {
    // The Swedish way to write a day is ISO's.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  return format.format(at);
}

const formats = new Map<string, Intl.DateTimeFormat>();

export const DAY_MS = 24 * 3_600_000;

/** The day it is then in UTC. */
export const utcDayOf = (at: Date): Day => at.toISOString().slice(0, 10);

export const dayAfter = (day: Day, days = 1): Day => utcDayOf(new Date(Date.parse(day) + days * DAY_MS));

/** From the first day to the one before the last. */
export const daysBetween = (from: Day, until: Day): Day[] =>
  Array.from({ length: Math.max(0, (Date.parse(until) - Date.parse(from)) / DAY_MS) }, (_, at) => dayAfter(from, at));

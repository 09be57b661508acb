import type { Fields } from './fields.js';
import type { Hours, OpenTime, Weekday } from './hours.js';
import type { WrittenHours, WrittenInterval } from './written.js';

const MOST_INTERVALS = 50;
const MOST_HOLIDAYS = 400;
const MOST_OF_A_HOLIDAY = 10;
const LONGEST_NAME = 200;
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export function readHours(hours: WrittenHours, field: string, fields: Fields): Hours {
  const { refuse } = fields;
  const isZone = isTimeZone(hours.timeZone);
  if (!isZone) refuse(`${field}.time_zone`, 'must be an IANA time zone; write one like Asia/Tokyo or Europe/Berlin');

  const weekly = new Map<Weekday, OpenTime[]>();
  const intervals = fields.list(`${field}.weekly`, hours.weekly, MOST_INTERVALS, 'join some');
  intervals.forEach((interval, index) => {
    const place = `${field}.weekly[${index}]`;
    const { weekday } = interval;
    if (!isWeekday(weekday)) refuse(`${place}.weekday`, 'must be a day of the week; choose Monday to Sunday');
    const time = readInterval(interval, place, fields);
    if (!time || !isWeekday(weekday)) return;
    const day = weekly.get(weekday) ?? [];
    refuseOverlap(day, time, place, `on ${weekdays[weekday - 1] ?? ''}`, fields);
    weekly.set(weekday, [...day, time]);
  });

  const holidays = new Map<string, OpenTime[]>();
  const days = fields.list(`${field}.holidays`, hours.holidays, MOST_HOLIDAYS, 'take out those that are over');
  days.forEach(({ date, name, open }, index) => {
    const place = `${field}.holidays[${index}]`;
    if (!isDate(date)) refuse(`${place}.date`, 'must be a date of the calendar, YYYY-MM-DD; write one like 2026-12-25');
    else if (holidays.has(date))
      refuse(`${place}.date`, `must be there once, and ${date} is there before; take one out`);
    fields.text(`${place}.name`, name, 0, LONGEST_NAME);
    const times: OpenTime[] = [];
    fields.list(`${place}.open`, open, MOST_OF_A_HOLIDAY, 'join some').forEach((interval, nth) => {
      const time = readInterval(interval, `${place}.open[${nth}]`, fields);
      if (!time) return;
      refuseOverlap(times, time, `${place}.open[${nth}]`, `on ${date}`, fields);
      times.push(time);
    });
    holidays.set(date, times);
  });

  return {
    timeZone: isZone ? hours.timeZone : 'UTC',
    weekly,
    holidays,
    outOfHoursText: fields.message(`${field}.out_of_hours_text`, hours.outOfHoursText),
  };
}

function readInterval({ from, to }: WrittenInterval, place: string, { refuse }: Fields): OpenTime | undefined {
  const [begin, end] = [minuteOf(from), to === '24:00' ? 24 * 60 : minuteOf(to)];
  if (begin === undefined) refuse(`${place}.from`, 'must be HH:MM, 00:00 to 23:59; write a time like 09:00');
  if (end === undefined) refuse(`${place}.to`, 'must be HH:MM, up to 24:00; write a time like 18:00');
  if (begin === undefined || end === undefined) return undefined;
  if (begin < end) return { from: begin, to: end };
  refuse(`${place}.to`, `must be later than from, ${from}, and is ${to}; split what goes past midnight in two`);
  return undefined;
}

function refuseOverlap(
  day: readonly OpenTime[],
  time: OpenTime,
  place: string,
  when: string,
  { refuse }: Fields,
): void {
  const other = day.find(({ from, to }) => from < time.to && time.from < to);
  if (!other) return;
  const shown = `${clockOf(other.from)} to ${clockOf(other.to)}`;
  refuse(place, `must not overlap another time ${when}, and overlaps ${shown}; join the two or move one`);
}

const isWeekday = (value: number): value is Weekday => Number.isInteger(value) && value >= 1 && value <= 7;

function minuteOf(text: string): number | undefined {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return found ? Number(found[1]) * 60 + Number(found[2]) : undefined;
}

const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Names alone: an offset like `+09:00` knows no daylight saving. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

import fc from 'fast-check';
import { after, compareDurations, type Duration, isOfTheClock, nominalMs, parseDuration } from './duration.js';

const read = (text: string): Duration => {
  const duration = parseDuration(text);
  if (!duration) throw new Error(`${text} is no duration`);
  return duration;
};

describe('a duration', () => {
  it.each<[string, Duration]>([
    ['PT90S', { months: 0, days: 0, seconds: 90 }],
    ['PT15M', { months: 0, days: 0, seconds: 900 }],
    ['PT1H30M5S', { months: 0, days: 0, seconds: 5_405 }],
    ['P1D', { months: 0, days: 1, seconds: 0 }],
    ['P2W1D', { months: 0, days: 15, seconds: 0 }],
    ['P1M', { months: 1, days: 0, seconds: 0 }],
    ['P1Y2M', { months: 14, days: 0, seconds: 0 }],
    ['P1DT12H', { months: 0, days: 1, seconds: 43_200 }],
    ['PT0S', { months: 0, days: 0, seconds: 0 }],
  ])('%s is read as ISO 8601 has it', (text, duration) => {
    expect(parseDuration(text)).toEqual(duration);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    '1D',
    'p1d',
    'PT1.5S',
    'PT1,5S',
    '-P1D',
    'P-1D',
    'PT1D',
    'P1H',
    ' P1D',
    'P1D\n',
    'P1M1Y',
  ])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('is compared with others, a day at 24 hours and a month at its longest', () => {
    expect(compareDurations(read('P1D'), read('PT24H'))).toBe(0);
    expect(compareDurations(read('P31D'), read('P1M'))).toBe(0);
    expect(compareDurations(read('P31DT1S'), read('P1M'))).toBeGreaterThan(0);
    expect(compareDurations(read('PT59S'), read('PT1M'))).toBeLessThan(0);
  });

  it('is of the clock when it names neither days nor months', () => {
    expect(isOfTheClock(read('PT24H'))).toBe(true);
    expect(isOfTheClock(read('P1D'))).toBe(false);
    expect(isOfTheClock(read('P1M'))).toBe(false);
  });
});

describe('CH-5 the instant after a duration', () => {
  it.each([
    ['a month after 31 January is the last of February', '2026-01-31T12:00:00Z', 'P1M', 'UTC', '2026-02-28T12:00:00Z'],
    ['and in a leap year the 29th', '2028-01-31T12:00:00Z', 'P1M', 'UTC', '2028-02-29T12:00:00Z'],
    ['a month after 31 May is 30 June', '2026-05-31T00:00:00Z', 'P1M', 'UTC', '2026-06-30T00:00:00Z'],
    ['a month over the year’s end', '2026-12-31T23:59:59Z', 'P1M', 'UTC', '2027-01-31T23:59:59Z'],
    ['the zone decides which day it is', '2026-01-30T23:30:00Z', 'P1M', 'Asia/Tokyo', '2026-02-27T23:30:00Z'],
    [
      'a day is 23 hours when clocks go forward',
      '2026-03-28T11:00:00Z',
      'P1D',
      'Europe/Berlin',
      '2026-03-29T10:00:00Z',
    ],
    ['but 24 hours are 24 hours', '2026-03-28T11:00:00Z', 'PT24H', 'Europe/Berlin', '2026-03-29T11:00:00Z'],
    ['a day is 25 hours when clocks go back', '2026-10-24T10:00:00Z', 'P1D', 'Europe/Berlin', '2026-10-25T11:00:00Z'],
    ['a time that is skipped is as much later', '2026-03-28T01:30:00Z', 'P1D', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
    ['a time shown twice is the first', '2026-10-24T00:30:00Z', 'P1D', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
    ['a day that is not on the calendar', '2011-12-29T20:00:00Z', 'P1D', 'Pacific/Apia', '2011-12-30T20:00:00Z'],
    ['half an hour of daylight saving', '2026-10-03T00:00:00Z', 'P1D', 'Australia/Lord_Howe', '2026-10-03T23:30:00Z'],
    ['days first, then the clock', '2026-03-28T11:00:00Z', 'P1DT1H', 'Europe/Berlin', '2026-03-29T11:00:00Z'],
  ])('%s', (_what, at, duration, zone, expected) => {
    expect(after(new Date(at), read(duration), zone).toISOString()).toBe(new Date(expected).toISOString());
  });

  const zones = ['UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'America/New_York', 'Asia/Tokyo', 'Asia/Kathmandu'];
  const zone = fc.constantFrom(...zones, 'Australia/Lord_Howe', 'Africa/Casablanca', 'America/St_Johns');
  const instant = fc.date({ min: new Date('2015-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
  const seconds = fc.integer({ min: 0, max: 2_678_400 });

  it('keeps the time of day over days, unless the clocks skip it', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 60 }), zone, (at, days, timeZone) => {
        const then = after(at, { months: 0, days, seconds: 0 }, timeZone);

        const [before, later] = [wall(at, timeZone), wall(then, timeZone)];
        const calendarDays = (Date.parse(`${later.date}Z`) - Date.parse(`${before.date}Z`)) / 86_400_000;
        expect(calendarDays).toBe(days);
        const late = minutesOf(later.time) - minutesOf(before.time);
        if (late !== 0) expect(wall(new Date(then.getTime() - late * 60_000), timeZone).time).not.toBe(before.time);
        expect(late).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('of months is the same day, or the last of a month that is too short', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 24 }), zone, (at, months, timeZone) => {
        const then = after(at, { months, days: 0, seconds: 0 }, timeZone);

        const [before, later] = [wall(at, timeZone).date, wall(then, timeZone).date];
        const [year = 0, month = 0, day = 0] = before.split('-').map(Number);
        const last = new Date(Date.UTC(year, month + months, 0));
        expect(later.slice(0, 7)).toBe(last.toISOString().slice(0, 7));
        expect(Number(later.slice(8))).toBe(Math.min(day, last.getUTCDate()));
      }),
    );
  });

  it('of the clock is exact in every zone, and none is longer than its nominal length and a change of clocks', () => {
    const any = fc.record({ months: fc.integer({ min: 0, max: 1 }), days: fc.integer({ min: 0, max: 40 }), seconds });
    fc.assert(
      fc.property(instant, any, zone, (at, duration, timeZone) => {
        const ms = after(at, duration, timeZone).getTime() - at.getTime();

        if (isOfTheClock(duration)) expect(ms).toBe(duration.seconds * 1_000);
        expect(ms).toBeLessThanOrEqual(nominalMs(duration) + 3_600_000);
      }),
    );
  });
});

function wall(at: Date, timeZone: string): { date: string; time: string } {
  const options = { timeZone, dateStyle: 'short', timeStyle: 'medium' } as const;
  const [date = '', time = ''] = new Intl.DateTimeFormat('sv-SE', options).format(at).split(' ');
  return { date, time };
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

import { type Hours, isOpen, type OpenTime } from './hours.js';

const at = (time: string): Date => new Date(time);
const hm = (from: number, to: number): OpenTime => ({ from: from * 60, to: to * 60 });
const hours = (more: Partial<Hours> = {}): Hours => ({
  timeZone: 'Europe/Berlin',
  weekly: new Map([
    [1, [hm(9, 12), hm(13, 18)]],
    [7, [hm(0, 24)]],
  ]),
  holidays: new Map(),
  outOfHoursText: '',
  ...more,
});

describe('CH-14 business hours', () => {
  it.each([
    ['before they begin', '2026-06-01T08:59:59+02:00', false],
    ['when they begin', '2026-06-01T09:00:00+02:00', true],
    ['just before they end', '2026-06-01T11:59:59.999+02:00', true],
    ['when they end', '2026-06-01T12:00:00+02:00', false],
    ['after the break', '2026-06-01T13:00:00+02:00', true],
    ['on a day without any', '2026-06-02T10:00:00+02:00', false],
    ['until midnight', '2026-06-07T23:59:59+02:00', true],
    ['after midnight', '2026-06-09T00:00:00+02:00', false],
    ['by the zone’s own clock in winter', '2026-12-07T09:00:00+01:00', true],
    ['and not by another', '2026-12-07T08:00:00Z', true],
    ['nor an hour early', '2026-12-07T07:59:59Z', false],
    ['in the hour that clocks show twice', '2026-10-25T00:30:00Z', true],
    ['and again', '2026-10-25T01:30:00Z', true],
  ])('%s', (_when, time, open) => {
    expect(isOpen(hours(), at(time))).toBe(open);
  });

  it('are always open when there are none', () => {
    expect(isOpen(null, at('2026-06-02T03:00:00Z'))).toBe(true);
  });

  it('give way to a holiday of that date in their zone, closed or with times of its own', () => {
    const holidays = new Map([
      ['2026-06-01', []],
      ['2026-06-02', [hm(10, 11)]],
    ]);
    const withHolidays = hours({ holidays });

    expect(isOpen(withHolidays, at('2026-06-01T10:00:00+02:00'))).toBe(false);
    expect(isOpen(withHolidays, at('2026-06-02T10:59:00+02:00'))).toBe(true);
    expect(isOpen(withHolidays, at('2026-06-02T11:00:00+02:00'))).toBe(false);
    expect(isOpen(withHolidays, at('2026-06-08T10:00:00+02:00'))).toBe(true);
  });

  it('know which date it is where they are', () => {
    const tokyo = hours({ timeZone: 'Asia/Tokyo', holidays: new Map([['2026-06-08', [hm(0, 1)]]]) });

    expect(isOpen(tokyo, at('2026-06-07T15:30:00Z'))).toBe(true);
    expect(isOpen(tokyo, at('2026-06-07T16:30:00Z'))).toBe(false);
  });
});

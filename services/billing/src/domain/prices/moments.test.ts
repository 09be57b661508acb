import { beginOf, endOfMonth, isTimeZone, monthIn } from './moments.js';

it.each([
  ['2026-10-01', 'UTC', '2026-10-01T00:00:00.000Z'],
  ['2026-10-01', 'America/Sao_Paulo', '2026-10-01T03:00:00.000Z'],
  ['2026-10-01', 'Asia/Kathmandu', '2026-09-30T18:15:00.000Z'],
  ['2026-10-01', 'Pacific/Kiritimati', '2026-09-30T10:00:00.000Z'],
  // The day after clocks were put forward there.
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
])('BL-4 %s begins in %s at %s', (day, zone, at) => {
  expect(beginOf(day, zone).toISOString()).toBe(at);
});

it('BL-4 a month ends at midnight of the zone, also at the end of a year', () => {
  expect(endOfMonth('2026-12', 'America/Sao_Paulo').toISOString()).toBe('2027-01-01T03:00:00.000Z');
  expect(monthIn(new Date('2027-01-01T02:59:59Z'), 'America/Sao_Paulo')).toBe('2026-12');
});

it('knows zones from other words', () => {
  expect(['UTC', 'Europe/Berlin', 'Brazil', ''].map(isTimeZone)).toEqual([true, true, false, false]);
});

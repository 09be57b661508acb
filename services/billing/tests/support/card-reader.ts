import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Meta's card and country table, read a second way: nothing here is shared with the product, amounts stay texts. */

export type Row = Readonly<Record<string, string>>;

/** The lines of a file of `tests/data` by the names of their columns. Its fields hold no commas and no quotes. */
export function rowsOf(file: string): Row[] {
  const text = readFileSync(join(__dirname, '../data', file), 'utf8');
  if (text.includes('"')) throw new Error(`${file} quotes fields, which is not read here`);
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    if (fields.length !== names.length) throw new Error(`${file} has a line of another length: ${line}`);
    return Object.fromEntries(names.map((name, index) => [name, fields[index] ?? '']));
  });
}

/** `0.0625` → `62500`: micro-USD by moving the point, digit by digit. */
export function microText(decimal: string): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  if (!/^\d+$/.test(whole) || fraction.length > 6) throw new Error(`no price: ${decimal}`);
  return (whole + fraction + '0'.repeat(6 - fraction.length)).replace(/^0+(?=\d)/, '');
}

/** The day so many days away from `2026-10-01`, counted by the calendar alone. */
export function dayBeside(day: string, by: -1 | 1): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const lengths = [31, year % 4 === 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const text = (y: number, m: number, d: number): string =>
    `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
  const length = (m: number): number => lengths[m - 1] ?? 0;
  const moved = date + by;
  if (moved < 1) return month === 1 ? text(year - 1, 12, 31) : text(year, month - 1, length(month - 1));
  if (moved > length(month)) return month === 12 ? text(year + 1, 1, 1) : text(year, month + 1, 1);
  return text(year, month, moved);
}

/** Every day with the ones before and after it. */
export const around = (days: Iterable<string>): string[] => [
  ...new Set([...days].flatMap((day) => [dayBeside(day, -1), day, dayBeside(day, 1)])),
];

/** The newest price that is known of a market on a day; undefined = none. */
export function priceIn(rows: readonly Row[], market: string, column: string, day: string): string | undefined {
  let found: Row | undefined;
  for (const row of rows) {
    const { effective_date: since = '', currency } = row;
    if (row['market'] !== market || currency !== 'USD' || since > day || (row[column] ?? '') === '') continue;
    if (!found || (found['effective_date'] ?? '') <= since) found = row;
  }
  return found && microText(found[column] ?? '');
}

/** The market of digits: the longest calling code that holds on the day. */
export function marketIn(rows: readonly Row[], digits: string, day: string): string {
  let [longest, market] = [0, 'Other'];
  for (const row of rows) {
    const { calling_code: code = '', valid_from: from = '', valid_to: to = '' } = row;
    if (!digits.startsWith(code) || code.length <= longest) continue;
    if (day < from || (to !== '' && day > to)) continue;
    [longest, market] = [code.length, row['market'] ?? ''];
  }
  return market;
}

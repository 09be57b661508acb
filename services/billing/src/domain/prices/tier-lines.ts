import { groupedBy } from '../grouped-by.js';
import { type Micros } from '../money.js';
import { type Day, isDay } from './day.js';
import { type LineProblem } from './line-problem.js';
import { type Category } from './rates.js';
import { type Tier, type TierTable } from './tiers.js';

/** Lines of a card that name a tier, put together to tables (BL-10). */

/** `25000001:50000000` as Meta writes it, both included; the last one has no end. */
export interface Span {
  readonly lower: number;
  readonly upper: number;
}

export interface TierLine {
  readonly line: number;
  readonly market: string;
  readonly category: Category;
  readonly since: Day;
  readonly span: Span;
  readonly amount: Micros;
}

/** Meta writes the first message as 0 or 1. Undefined when it is no tier. */
export function spanOf(text: string): Span | undefined {
  const [, from = '', to = ''] = /^(\d{1,12}):(\d{1,12}|MAX)$/i.exec(text) ?? [];
  if (from === '') return undefined;
  const lower = Math.max(1, Number(from));
  const upper = to.toUpperCase() === 'MAX' ? Infinity : Number(to);
  return upper >= lower ? { lower, upper } : undefined;
}

export const isFirstOfMonth = (day: Day): boolean => isDay(day) && day.endsWith('-01');

/** A table begins with the first message, has no hole and no end, and never gets dearer. */
export function tablesOf(lines: readonly TierLine[]): { tables: TierTable[]; problems: LineProblem[] } {
  const problems: LineProblem[] = [];
  const tables: TierTable[] = [];
  for (const some of groupedBy(lines, ({ market, category, since }) => `${since} ${category} ${market}`).values()) {
    some.sort((a, b) => a.span.lower - b.span.lower);
    const tiers: Tier[] = [];
    let expected = 1;
    for (const { line, category, span, amount } of some) {
      const before = tiers.at(-1);
      if (span.lower !== expected) {
        const rule = `the tiers of ${category} must follow each other: this one must begin with message ${expected}; correct it, or add the one between`;
        problems.push({ line, column: 'tier', rule });
      }
      if (before && amount > before.amount)
        problems.push({ line, column: category, rule: 'must not be dearer than the tier before it; correct it' });
      tiers.push({ from: span.lower, amount });
      expected = span.upper + 1;
    }
    const last = some.at(-1);
    if (!last) continue;
    if (expected !== Infinity)
      problems.push({
        line: last.line,
        column: 'tier',
        rule: 'the last tier must end with MAX; add what comes behind',
      });
    tables.push({ market: last.market, category: last.category, since: last.since, tiers });
  }
  return { tables, problems };
}

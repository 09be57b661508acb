import { microsOf } from '../money.js';
import { isDay } from './day.js';
import { type LineProblem } from './line-problem.js';
import { type Category, type Rate } from './rates.js';
import { isFirstOfMonth, spanOf, tablesOf, type TierLine } from './tier-lines.js';
import { isTiered, type TierTable } from './tiers.js';

/** Reads a rate card (BL-2): every line that is wrong is named, and then nothing of it counts. */

export interface Card {
  readonly rates: readonly Rate[];
  /** Of the lines that name a tier. */
  readonly tables: readonly TierTable[];
  readonly problems: readonly LineProblem[];
  /** Without the header. */
  readonly lines: number;
}

const required = ['market', 'marketing', 'utility', 'authentication', 'effective_date', 'currency'] as const;
const priced: readonly Category[] = [
  'marketing',
  'utility',
  'authentication',
  'service',
  'authentication_international',
];
const MAX_LINES = 10_000;

/** `records` are the fields of each line, the header first. Empty prices and `n/a` are prices that are not known. */
export function readCard(records: readonly (readonly string[])[]): Card {
  const [header = [], ...lines] = records;
  const columns = header.map((name) => name.trim().toLowerCase().replaceAll('-', '_'));
  const missing = required.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    const problems = missing.map((column) => ({ line: 1, column, rule: 'the header must name this column; add it' }));
    return { rates: [], tables: [], problems, lines: lines.length };
  }
  if (lines.length > MAX_LINES) {
    const rule = `a card has at most ${MAX_LINES} lines; import it in parts`;
    return { rates: [], tables: [], problems: [{ line: MAX_LINES + 2, column: '', rule }], lines: lines.length };
  }
  const problems: LineProblem[] = [];
  const rates = new Map<string, Rate>();
  const tierLines: TierLine[] = [];
  for (const [index, fields] of lines.entries()) {
    const line = index + 2;
    const wrong = (column: string, rule: string): void => void problems.push({ line, column, rule });
    const field = (name: string): string => fields[columns.indexOf(name)]?.trim() ?? '';
    const [market, since] = [field('market'), field('effective_date')];
    if (market === '' || market.length > 100) wrong('market', 'must be 1 to 100 characters; name a market of Meta');
    if (!isDay(since)) wrong('effective_date', 'must be a day as 2026-10-01; write it so');
    if (field('currency') !== 'USD') wrong('currency', 'must be USD, which credits are; take the card in USD');
    const tier = field('tier');
    const span = spanOf(tier);
    if (tier !== '' && !span)
      wrong('tier', 'must be first and last message as 750001:1500000 or 1500001:MAX, or empty; write it so');
    if (tier !== '' && isDay(since) && !isFirstOfMonth(since))
      wrong('effective_date', 'tiers must begin with a month, for example 2027-01-01; name its first day');
    for (const category of priced) {
      const text = field(category);
      if (text === '' || text.toLowerCase() === 'n/a') continue;
      const amount = microsOf(text);
      if (amount === undefined) {
        wrong(category, 'must be a decimal number of at most six places, or empty; for example 0.0618');
        continue;
      }
      if (tier !== '') {
        if (!isTiered(category)) wrong(category, 'has no tiers; leave it empty, its price has a line without a tier');
        else if (span) tierLines.push({ line, market, category, since, span, amount });
        continue;
      }
      const key = `${market} ${category} ${since}`;
      const other = rates.get(key);
      if (other && other.amount !== amount) wrong(category, 'another line prices the same market and day; keep one');
      rates.set(key, { market, category, since, amount });
    }
  }
  const { tables, problems: wrongTiers } = tablesOf(tierLines);
  // A line that is wrong leaves a hole, which is not worth a word of its own.
  if (problems.length === 0) problems.push(...wrongTiers);
  if (problems.length > 0) return { rates: [], tables: [], problems, lines: lines.length };
  return { rates: [...rates.values()], tables, problems, lines: lines.length };
}

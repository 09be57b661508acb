/**
 * How many messages of a market and category Meta has charged to a business portfolio, month by month (BL-10): the aggregate
 * behind the price of a volume tier. Every message that is counted has a position in its month, and keeps it.
 */
export interface Volume {
  readonly months: readonly MonthVolume[];
  /** How many were counted in all. */
  readonly counted: number;
  /** The newest of them, by sequence; those before are in the store of positions. */
  readonly tail: readonly Counted[];
  /** How many are let go of: the tail begins behind this one. */
  readonly tailFrom: number;
}

export interface MonthVolume {
  /** `2026-11`, in the time zone of the account that sent. */
  readonly month: string;
  /** The highest position that was given, or that Meta's word leaves behind. */
  readonly count: number;
  readonly marks: readonly Mark[];
}

/** Meta's word: from this time on the portfolio is in the tier that begins with this message. */
export interface Mark {
  readonly lower: number;
  readonly since: Date;
}

export interface Counted {
  /** 1, 2, 3 … within the aggregate. */
  readonly sequence: number;
  /** `message_id:attempt`. */
  readonly id: string;
  readonly position: number;
}

export const noVolume = (): Volume => ({ months: [], counted: 0, tail: [], tailFrom: 0 });

export const monthOf = ({ months }: Volume, month: string): MonthVolume =>
  months.find((each) => each.month === month) ?? { month, count: 0, marks: [] };

/**
 * The position of the next message, delivered at a time: behind all that were counted, but in no lower tier than Meta says for
 * that time, and in no tier that began later.
 */
export function nextPosition({ count, marks }: MonthVolume, at: Date): number {
  let [floor, ceiling] = [count + 1, Infinity];
  for (const { lower, since } of marks) {
    if (since <= at) floor = Math.max(floor, lower);
    else ceiling = Math.min(ceiling, lower - 1);
  }
  return Math.min(floor, ceiling);
}

/** With Meta's word. It may come twice with different times: the smallest is right. That the first tier holds tells nothing. */
export function marked(month: MonthVolume, { lower, since }: Mark): MonthVolume {
  if (lower <= 1) return month;
  const known = month.marks.find((mark) => mark.lower === lower);
  if (known && known.since <= since) return month;
  const marks = [...month.marks.filter((mark) => mark !== known), { lower, since }];
  return { ...month, marks, count: Math.max(month.count, lower - 1) };
}

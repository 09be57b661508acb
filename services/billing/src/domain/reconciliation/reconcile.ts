import { type Micros } from '../money.js';
import { type Counted, type Kind, kindOf, type Point, type Sum } from './sides.js';

export interface Row extends Kind {
  readonly tiers: readonly string[];
  readonly ours: Sum;
  readonly meta: Sum;
  /** Meta's less ours. */
  readonly messagesDifference: number;
  readonly costDifference: Micros;
  /** Of the cost, for each message of the side that has more. */
  readonly perMessage: Micros;
}

export interface Comparison {
  readonly rows: readonly Row[];
  readonly ours: Sum;
  readonly meta: Sum;
  /** Differences of all rows without sign, so that none makes up for another, in millionths of the greater side. */
  readonly costPpm: number;
  readonly messagesPpm: number;
  readonly alarm: boolean;
}

/** 0.1 % (BL-10). */
const ALARM_PPM = 1_000;
const MILLION = 1_000_000n;

/** What we charged on a day against what Meta did (BL-10). Costs are compared where both are in USD. */
export function reconcile(ours: readonly Counted[], points: readonly Point[], currency: string): Comparison {
  const hasCost = currency === 'USD';
  const found = new Map<string, { kind: Kind; tiers: Set<string>; ours: Sum; meta: Sum }>();
  const rowOf = (told: Counted) => {
    const { number, country, category, type } = kindOf(told);
    const key = [number, country, category, type].join(' ');
    const row = found.get(key) ?? {
      kind: { number, country, category, type },
      tiers: new Set(),
      ours: none,
      meta: none,
    };
    found.set(key, row);
    return row;
  };
  for (const each of ours) {
    const row = rowOf(each);
    row.ours = together([row.ours, each]);
  }
  for (const point of points) {
    const row = rowOf(point);
    row.meta = together([row.meta, hasCost ? point : { ...point, cost: 0n }]);
    if (point.tier !== '') row.tiers.add(point.tier);
  }
  const rows = [...found.entries()]
    .filter(([, row]) => row.ours.messages + row.meta.messages > 0 || row.ours.cost + row.meta.cost > 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => withDifferences(row, hasCost));
  const sides = { ours: together(rows.map((row) => row.ours)), meta: together(rows.map(({ meta }) => meta)) };
  const costPpm = ppm(
    rows.map(({ costDifference }) => costDifference),
    [sides.ours.cost, sides.meta.cost],
  );
  const messagesPpm = ppm(
    rows.map(({ messagesDifference }) => BigInt(messagesDifference)),
    [BigInt(sides.ours.messages), BigInt(sides.meta.messages)],
  );
  return { rows, ...sides, costPpm, messagesPpm, alarm: costPpm > ALARM_PPM || messagesPpm > ALARM_PPM };
}

const none: Sum = { messages: 0, cost: 0n };

const together = (sums: readonly Sum[]): Sum =>
  sums.reduce((a, b) => ({ messages: a.messages + b.messages, cost: a.cost + b.cost }), none);

function withDifferences(
  { kind, tiers, ours, meta }: { kind: Kind; tiers: ReadonlySet<string>; ours: Sum; meta: Sum },
  hasCost: boolean,
): Row {
  const costDifference = hasCost ? meta.cost - ours.cost : 0n;
  const most = BigInt(Math.max(ours.messages, meta.messages, 1));
  return {
    ...kind,
    tiers: [...tiers].sort(),
    ours,
    meta,
    messagesDifference: meta.messages - ours.messages,
    costDifference,
    perMessage: rounded(costDifference, most),
  };
}

/** Half away from zero. */
const rounded = (amount: bigint, by: bigint): bigint =>
  amount < 0n ? -((-amount + by / 2n) / by) : (amount + by / 2n) / by;

const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/** Rounded up, so that what is above a mark stays above it. At most two wholes: nothing of one side is the other's. */
function ppm(differences: readonly bigint[], [a, b]: readonly [bigint, bigint]): number {
  const greater = a > b ? a : b;
  const sum = differences.reduce((all, each) => all + size(each), 0n);
  return greater === 0n ? 0 : Number((sum * MILLION + greater - 1n) / greater);
}

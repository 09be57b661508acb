import { type Counted, marked, monthOf, type MonthVolume, nextPosition, type Volume } from './volume.js';

export type Input = Count | Tell;

/** Messages were delivered and charged. Each is counted once, however often it is told of. */
export interface Count {
  readonly kind: 'count';
  readonly messages: readonly { readonly id: string; readonly month: string; readonly at: Date }[];
  /** Positions that were in the store when everything up to `upTo` was in it. */
  readonly known: ReadonlyMap<string, number>;
  readonly upTo: number;
  /** Up to here all is in the store now. */
  readonly stored: number;
  /** So many of the newest stay in the tail all the same, so that look-ups of other callers stay good meanwhile. */
  readonly keep: number;
}

/** Meta says which tier holds. */
export interface Tell {
  readonly kind: 'tell';
  readonly month: string;
  readonly lower: number;
  readonly since: Date;
}

export type Result =
  | {
      readonly kind: 'counted';
      readonly positions: ReadonlyMap<string, number>;
      /** What may not be in the store yet: to be put there. */
      readonly tail: readonly Counted[];
      readonly tailFrom: number;
    }
  /** It has let go of what the look-up may have missed: look up again. */
  | { readonly kind: 'stale'; readonly tailFrom: number }
  | { readonly kind: 'told' };

export function foldVolume(before: Volume, input: Input): { readonly volume: Volume; readonly result: Result } {
  if (input.kind === 'tell') {
    const month = monthOf(before, input.month);
    const after = marked(month, input);
    return { volume: after === month ? before : withMonth(before, after), result: { kind: 'told' } };
  }
  const { messages, known, upTo } = input;
  if (before.tailFrom > upTo) return { volume: before, result: { kind: 'stale', tailFrom: before.tailFrom } };
  const given = new Map([...known, ...before.tail.map(({ id, position }) => [id, position] as const)]);
  let volume = lettingGo(before, input);
  for (const { id, month, at } of messages) {
    if (given.has(id)) continue;
    const found = monthOf(volume, month);
    const position = nextPosition(found, at);
    given.set(id, position);
    const counted = volume.counted + 1;
    volume = {
      ...withMonth(volume, { ...found, count: Math.max(found.count, position) }),
      counted,
      tail: [...volume.tail, { sequence: counted, id, position }],
    };
  }
  const positions = new Map(messages.map(({ id }) => [id, given.get(id) ?? 0]));
  return { volume, result: { kind: 'counted', positions, tail: volume.tail, tailFrom: volume.tailFrom } };
}

const withMonth = (volume: Volume, month: MonthVolume): Volume => ({
  ...volume,
  months: [...volume.months.filter((each) => each.month !== month.month), month],
});

/** Cut when it is twice as long as it has to be: not with every write. */
function lettingGo(volume: Volume, { stored, keep }: Count): Volume {
  if (volume.tail.length <= 2 * keep) return volume;
  const tailFrom = Math.min(stored, volume.counted - keep);
  if (tailFrom <= volume.tailFrom) return volume;
  return { ...volume, tailFrom, tail: volume.tail.filter(({ sequence }) => sequence > tailFrom) };
}

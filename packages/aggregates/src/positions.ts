import type { Position } from './types.js';

/** The done position of one partition: below it, everything is published and projected (rule 2). */
export type Done = Map<string, number>;

export interface Positions {
  readonly assign: (partition: number, committed: ReadonlyMap<string, number>) => void;
  readonly revoke: (partition: number) => void;
  /** The assignment in force; another object after each change of hands. */
  readonly current: (partition: number) => Done | undefined;
  /** True when the input at this position is known to be published and projected. */
  readonly isDone: (cause: Position) => boolean;
}

/** What is known to be published, per partition that this process owns. */
export function createPositions(): Positions {
  const owned = new Map<number, Done>();
  return {
    assign: (partition, committed) => owned.set(partition, new Map(committed)),
    revoke: (partition) => owned.delete(partition),
    current: (partition) => owned.get(partition),
    isDone: ({ code, partition, offset }) => offset < (owned.get(partition)?.get(code) ?? 0),
  };
}

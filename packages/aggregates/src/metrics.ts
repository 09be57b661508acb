/** What the runtime counts. `lost` are compare-and-sets; `torsos` and `stuck` must stay 0. */
export type AggregatesCounter =
  | 'inputs'
  | 'dropped'
  | 'commands'
  | 'writes'
  | 'lost'
  | 'refolded'
  | 'published'
  | 'swept'
  | 'poisoned'
  | 'torsos'
  | 'refused'
  | 'failures';

/** The port to a metrics library; labels are the aggregate's name and these. */
export interface AggregatesMetrics {
  readonly count: (counter: AggregatesCounter, by: number) => void;
  /** Entries in `out` after a write, of the longest among the written. */
  readonly outEntries: (longest: number) => void;
}

export interface AggregatesLogger {
  readonly warn: (facts: object, message: string) => void;
  readonly error: (facts: object, message: string) => void;
}

import { type Level } from '../domain/pace/allowance.js';

/** What was learnt of how fast a number may be. */
export interface Learnt {
  /** What Meta said of it last. */
  readonly level?: { readonly is: Level; readonly at: Date };
  /** When Meta refused for speed last, and what was left of the rate then, in messages a second. */
  readonly cut?: { readonly at: Date; readonly perSecond: number };
}

/** What was learnt of how fast numbers may be, for whoever owns them next. */
export interface Paces {
  /** Numbers of which nothing was learnt are absent. */
  readonly of: (numbers: readonly string[]) => Promise<ReadonlyMap<string, Learnt>>;
  /** The latest of each kind holds, in whatever order they come. */
  readonly note: (number: string, news: Learnt) => Promise<void>;
}

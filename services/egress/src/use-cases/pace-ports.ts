import { type KnownStop } from '../domain/known-stop.js';
import { type Level } from '../domain/pace/allowance.js';
import { type Full } from '../domain/pace/reach.js';

/** What was learnt of how fast a number may be. */
export interface Learnt {
  /** What Meta said of it last. */
  readonly level?: { readonly is: Level; readonly at: Date };
  /** When Meta refused for speed last, and what was left of the rate then, in messages a second. */
  readonly cut?: { readonly at: Date; readonly perSecond: number };
  /** Whether Meta took its messages when one was tried last, where it did not before. */
  readonly stop?: KnownStop;
}

/** What was learnt of how fast numbers may be, for whoever owns them next. */
export interface Paces {
  /** Numbers of which nothing was learnt are absent. */
  readonly of: (numbers: readonly string[]) => Promise<ReadonlyMap<string, Learnt>>;
  /** The latest of each kind holds, in whatever order they come. */
  readonly note: (number: string, news: Learnt) => Promise<void>;
}

export type Counted =
  /** The person counts; `isNew` when they did not before. */
  { readonly kind: 'counted'; readonly isNew: boolean; readonly at: Date } | ({ readonly kind: 'full' } & Full);

/** People whom a portfolio has written to first within 24 hours, whichever of its numbers and processes did. */
export interface Reach {
  /** What Meta allows; undefined while nobody has said. `Infinity` for no limit. */
  readonly limitOf: (portfolio: string) => Promise<number | undefined>;
  /** The latest holds. */
  readonly allow: (portfolio: string, limit: number, at: Date) => Promise<void>;
  /**
   * Counts these people, who are distinct, in the order given, each once and for 24 hours from now; never more of them
   * together than the limit. Those for whom there is no room are not counted; where others are being counted or given back
   * meanwhile, `opensAt` is now, for there may be room yet.
   */
  readonly count: (portfolio: string, people: readonly string[], limit: number) => Promise<readonly Counted[]>;
  /** How many people count, as of at most a minute ago and with those counted since. */
  readonly usedOf: (portfolio: string) => Promise<number>;
  /**
   * For each of these people, in the order given: that there would be no room, by what Meta has told; undefined where there
   * would be, or nobody has said. Counts nobody.
   */
  readonly roomFor: (portfolio: string, people: readonly string[]) => Promise<readonly (Full | undefined)[]>;
  /** The person whom this count was about was not reached after all; the next count knows. */
  readonly giveBack: (portfolio: string, person: string, at: Date) => Promise<void>;
}

/** Where numbers belong, as account tells it. */
export interface Places {
  /** The portfolio of a number; its account where that is not known, undefined where the number is not. */
  readonly portfolioOf: (number: string) => string | undefined;
  /** The number of an account that people write so, and the portfolio of the account. */
  readonly find: (
    waba: string,
    displayPhone: string,
  ) => { readonly number: string | undefined; readonly portfolio: string | undefined };
}

/** What Meta allows a number. */
export interface Allowance {
  readonly level: Level | undefined;
  /** People its portfolio may reach in 24 hours. */
  readonly messagingLimit: number | undefined;
}

/** Meta itself. */
export interface MetaNumbers {
  readonly allowanceOf: (number: string, token: string) => Promise<Allowance>;
}

import type { Position, ProjectedEntry } from './types.js';

/** An event that was said in the same write as the change it tells of. */
export interface OutEntry extends ProjectedEntry {
  /** The input that caused it. Absent when a command did: then nobody reads anything again, and the sweeper looks. */
  readonly cause?: Position;
  /** For entries without a cause: when they were written, in milliseconds. */
  readonly writtenAt?: number;
}

/** Events of a source that were set aside: the reader's memory is above them, a replay may still pass. */
export interface Hole {
  readonly source: string;
  readonly from: number;
  readonly to: number;
  /** True for the last hole a reader may have: everything from `from` on is set aside until it is replayed in order. */
  readonly parked?: boolean;
}

/** One document. `version` is at least 1; `state` holds the fields as they are stored, at the top level. */
export interface StoredAggregate {
  readonly id: string;
  readonly version: number;
  readonly sequence: number;
  /** Number of the last event for another topic behind this sequence. */
  readonly index: number;
  /** The last offset applied, by code (and partition, where the aggregate is fed by several). */
  readonly src: Readonly<Record<string, number>>;
  readonly state: Readonly<Record<string, unknown>>;
  readonly out: readonly OutEntry[];
  /** When the oldest entry without a cause was written; null when there is none. */
  readonly outAt: number | null;
  readonly holes: readonly Hole[];
  /** What is left of an erased aggregate, so that its version and sequence go on. */
  readonly gone: boolean;
}

/** A compare-and-set of one document: applies only where `expected` is the version (0: only where there is none). */
export interface AggregateWrite {
  readonly id: string;
  readonly expected: number;
  readonly sequence: number;
  readonly index: number;
  /** Only what changed. */
  readonly src: Readonly<Record<string, number>>;
  readonly set: Readonly<Record<string, unknown>>;
  /** Lists that lost some of their first values and got new ones at their end: only those are written. */
  readonly append: Readonly<Record<string, Appended>>;
  readonly unset: readonly string[];
  readonly out: readonly OutEntry[];
  readonly outAt: number | null;
  readonly holes?: readonly Hole[];
  /** The aggregate comes back after an erasure. */
  readonly revived: boolean;
}

export interface Appended {
  readonly values: readonly unknown[];
  /** So many values are left of the list, the last ones. */
  readonly keep: number;
}

export interface WriteOutcome {
  /** Indexes of the writes that lost their compare-and-set; all others were applied. */
  readonly lost: readonly number[];
  /** Writes that can never succeed as they are (too large, a value that must be unique), with the reason. */
  readonly refused: ReadonlyMap<number, Error>;
  /** Documents that came into being. More than were expected is a bug: a torso of something erased. */
  readonly inserted: number;
}

/**
 * Where aggregates are kept. Every function throws `unavailable` when the store does not answer in time; what was
 * written then is unknown, and the caller reads again.
 */
export interface AggregateStore {
  /**
   * What a majority has. What only one server has may be rolled back: an event published on its account would be one
   * that never was (rule 3), and an update of a document that is no more would make a torso (rule 9).
   */
  readonly find: (ids: readonly string[]) => Promise<readonly StoredAggregate[]>;
  /** At most one write per aggregate. Resolves when a majority has them. */
  readonly write: (writes: readonly AggregateWrite[]) => Promise<WriteOutcome>;
  /** Empties `out` where the version is still this one, and does not raise it. */
  readonly clear: (at: readonly { readonly id: string; readonly version: number }[]) => Promise<void>;
  /** What commands left since before `before`, as a majority has it. */
  readonly leftovers: (before: number, limit: number) => Promise<readonly StoredAggregate[]>;
  readonly graves: Graves;
}

/** Erased aggregates. They leave version, sequence and positions behind. */
export interface Graves {
  /** Takes all state away, if the version is still this one; false otherwise. To be wiped again at `wipeAt`. */
  readonly bury: (id: string, version: number, wipeAt: number) => Promise<boolean>;
  /** Those whose second wipe is due, with the sequence up to which it goes. */
  readonly due: (now: number, limit: number) => Promise<readonly { readonly id: string; readonly upTo: number }[]>;
  /** The second wipe is done. */
  readonly settle: (id: string) => Promise<void>;
}

/** Fields of the document that are not the state's. */
export const reservedFields: ReadonlySet<string> = new Set([
  '_id',
  'v',
  'seq',
  'sub',
  'src',
  'out',
  'outAt',
  'holes',
  'gone',
  'wipe',
]);

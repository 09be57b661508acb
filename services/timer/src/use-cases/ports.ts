import { type Write } from '../domain/fold-commands.js';
import { type Command, type Timer, type TimerName } from '../domain/timer.js';

/** A shard in the name of one owner. */
export interface Holder {
  readonly number: number;
  readonly epoch: number;
}

/** What the look-ahead reads of a timer. */
export interface Glance {
  readonly id: string;
  readonly version: number;
  readonly due: number;
  /** When the store brings it up; never after `due`. */
  readonly lookAgain: number;
}

/** A timer as it was read, with its id. */
export interface KeptTimer extends Timer {
  readonly id: string;
}

/** What became of a timer that was looked at; without effect when it has changed meanwhile. */
export interface Settlement {
  readonly holder: Holder;
  readonly id: string;
  readonly version: number;
  /** When to bring it up again; absent: it is over and is taken away. */
  readonly lookAgain?: number;
}

/** The timers of all shards. Its answers are `unavailable` while the database is away. */
export interface TimerStore {
  /**
   * Writes what is newer than what is kept, of timers no later owner has written. A deadline that moves later leaves the
   * look-again time, and with it the index, as it is. Safe to repeat.
   */
  readonly apply: (
    holder: Holder,
    writes: readonly Write[],
  ) => Promise<{ readonly made: number; readonly changed: number }>;
  /** Timers of a shard whose look-again time is in the span, in its order, in pages. */
  readonly scan: (shard: number, from: number, until: number) => AsyncIterable<readonly Glance[]>;
  /** In any order, without those that are not there. */
  readonly read: (ids: readonly string[]) => Promise<readonly KeptTimer[]>;
  /** How many were taken away. */
  readonly settle: (settlements: readonly Settlement[]) => Promise<number>;
  /** All of a shard, cancelled ones too. */
  readonly count: (shard: number) => Promise<number>;
  /** Pending timers of an owner in the order of their keys, beginning after a key. */
  readonly list: (
    owner: string,
    options: { readonly prefix: string; readonly after: string | undefined; readonly limit: number },
  ) => Promise<readonly KeptTimer[]>;
}

/** Who owns which shard. */
export interface Shards {
  /** Becomes the owner: an epoch above all before. */
  readonly take: (number: number) => Promise<number>;
  /** The epochs of these shards now. */
  readonly epochs: (numbers: readonly number[]) => Promise<ReadonlyMap<number, number>>;
}

/** The log of commands; its partitions are the shards. */
export interface CommandLog {
  /** Resolves when all are in the log; rejects when that is not known. */
  readonly publish: (commands: readonly SaidCommand[]) => Promise<void>;
  /** First offset and end by partition, as of some moment after the call. */
  readonly ends: () => Promise<readonly { readonly first: number; readonly end: number }[]>;
}

export interface SaidCommand {
  readonly command: Command;
  readonly at: number;
}

/** Where timers fire. */
export interface FiredLog {
  /** Resolves when all are in the logs of their owners. */
  readonly publish: (fired: readonly KeptTimer[]) => Promise<void>;
}

/** Time, as the machine has it. */
export interface Clock {
  /** May jump. */
  readonly wall: () => number;
  /** Never jumps. */
  readonly monotonic: () => number;
  /** Runs once, later, by the monotonic clock; the answer cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
}

/** The time of the database: a clock of another machine. */
export interface ReferenceClock {
  readonly now: () => Promise<number>;
}

/** What an operator of the installation reads. */
export interface Observer {
  readonly shards: (owned: number) => void;
  readonly loaded: (timers: number) => void;
  readonly pending: (timers: number) => void;
  readonly commands: (kind: Command['what']['kind'] | 'refused', count: number) => void;
  readonly written: (made: number, changed: number) => void;
  readonly fired: (owner: string, lateMs: number) => void;
  readonly refiled: (count: number) => void;
  /** Writes to timers that were there: whether they left the index alone, as far as that is known. */
  readonly reset: (index: 'kept' | 'moved' | 'unknown', count: number) => void;
  readonly clock: (isTrusted: boolean) => void;
  /** Something healed by itself or will be tried again. */
  readonly warn: (facts: object, message: string) => void;
}

export type { TimerName };

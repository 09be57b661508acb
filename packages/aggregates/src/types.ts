/**
 * The port `Aggregates`: what a service says about its aggregates, and what it may ask of them.
 * How it is kept is `runtime.ts`; the rules are in the README.
 */

/** Where a log-driven input stands. `code` is the short code of the topic and its generation: `m1`. */
export interface Position {
  readonly code: string;
  readonly partition: number;
  readonly offset: number;
  /** The trace of the record (W3C), as its header says, so that reading it again gives the same. No part of the place. */
  readonly traceparent?: string;
}

/** One input that came by a log, already resolved to its aggregate. */
export interface LogInput<Input> {
  readonly aggregateId: string;
  readonly position: Position;
  readonly input: Input;
}

/** What a fold is told beside the state. */
export interface FoldContext {
  readonly aggregateId: string;
  /** The sequence number the first own event of this fold will carry. */
  readonly nextSequence: number;
  /** Absent for commands. */
  readonly position?: Position;
  /** The trace of the input or command. Events that name none of their own are published under it. */
  readonly traceparent?: string;
  /**
   * True when this input's source sequence was set aside before and is now replayed: it is new although the reader's
   * memory is above it (`admits` in `seen.ts`).
   */
  readonly replayed?: boolean;
}

/** An input that no fold can take, on its way to be set aside. */
export interface Poison<Input> {
  readonly aggregateId: string;
  readonly input: Input;
  readonly position: Position;
  /** `Failure.code`, `aggregates.parked`, or `bug`. */
  readonly reason: string;
  readonly message: string;
}

/** The event of another aggregate that an input carries. Its sequence is dense per source. */
export interface SourceSequence {
  readonly source: string;
  readonly sequence: number;
}

/** What a fold answers. The state is a new object that shares the parts that did not change. */
export interface Fold<State, Event, Result> {
  readonly state: State;
  readonly events: readonly Event[];
  /** For the caller of a command; ignored for log-driven inputs. */
  readonly result: Result;
}

/** An event in the form it is published in; encoded once, stored as bytes, published as those bytes. */
export interface EncodedEvent {
  readonly topic: string;
  readonly key: string;
  readonly type: string;
  readonly id: string;
  /** When it happened. */
  readonly time: Date;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array;
}

/** What a service defines. All functions are pure. */
export interface AggregateDefinition<State extends object, Input, Event, Result> {
  /** Collection name, metric label. */
  readonly name: string;
  /** The topic whose events take a sequence number. Events for other topics carry the causing one's, and an index. */
  readonly topic: string;
  readonly empty: (aggregateId: string) => State;
  readonly fold: (state: State, input: Input, context: FoldContext) => Fold<State, Event, Result>;
  /** `sequence` counts own-topic events without gaps; `index` numbers the others behind one sequence. */
  readonly encode: (event: Event, at: { aggregateId: string; sequence: number; index: number }) => EncodedEvent;
  /** Own-topic event or not; must agree with `encode`. */
  readonly isOwn: (event: Event) => boolean;
  /** True when inputs of one code come from several partitions: positions are then kept per partition (rule 4). */
  readonly isFedByManyPartitions?: boolean;
  /** Where inputs are events of other aggregates: whose, and which. Lets a set-aside one be replayed (rule 11). */
  readonly sourceOf?: (input: Input) => SourceSequence | undefined;
  /** The record of an input that was set aside; rides in `out` like every event. Not own. */
  readonly setAside?: (poison: Poison<Input>) => EncodedEvent;
}

/**
 * Which documents stay in memory from round to round: `owned`, those that a partition of this process feeds; `all`, also those
 * that only commands change, which pays where the commands of one aggregate come to one process. One that another process
 * has changed meanwhile costs a lost compare-and-set.
 */
export type Keep = 'owned' | 'all';

/** The aggregate as it is stored, with what it said and may not have published yet. */
export interface Snapshot<State> {
  readonly aggregateId: string;
  readonly version: number;
  readonly sequence: number;
  readonly state: State;
}

/** One written aggregate with the entries of `out` that are to be projected. */
export interface Written<State> extends Snapshot<State> {
  readonly entries: readonly ProjectedEntry[];
}

export interface ProjectedEntry {
  readonly sequence: number;
  readonly index: number;
  readonly own: boolean;
  readonly event: EncodedEvent;
}

/** Idempotent inserts beside the publish: entries by `aggregateId:sequence`, rows where `seq` is lower. */
export type Project<State> = (written: readonly Written<State>[]) => Promise<void>;

/** Publishes in order and resolves when every replica in sync has the events; never reorders, may repeat. */
export type Publish = (events: readonly EncodedEvent[]) => Promise<void>;

export interface Applied {
  /** Resolves when what the inputs caused is published and projected: only then may offsets at or below be committed. */
  readonly done: Promise<void>;
}

/** What services use. The guarantee is the compare-and-set; ownership of a partition is only speed. */
export interface Aggregates<State extends object, Input, Result> {
  /**
   * Applies log-driven inputs, in order, each exactly once, and resolves when they are written to a majority.
   * Waits, with retries, while the store is away. Rejects only when `signal` aborts.
   */
  readonly apply: (inputs: readonly LogInput<Input>[], signal: AbortSignal) => Promise<Applied>;
  /**
   * Applies a command to one aggregate; concurrent ones on one aggregate are folded into one write.
   * Resolves with the fold's result after the majority has it. What the fold throws is thrown here and nothing is written.
   * `unavailable` when the store is away longer than `timeoutMs`, or when `out` is too long (rule 17).
   * A command must carry its own idempotency id inside `input`, or be harmless twice: after a lost answer from the
   * store it is folded again, on a state that may already hold it.
   */
  readonly command: (aggregateId: string, input: Input, options?: { timeoutMs?: number }) => Promise<Result>;
  /**
   * Majority read, with what `out` still holds: read this first and the projection then, and join them by sequence.
   * Null when it never was written (or is erased).
   */
  readonly read: (aggregateId: string) => Promise<Written<State> | null>;
  /**
   * A partition was assigned: `committed` is the committed offset of each topic code (rule 2), 0 where there is none.
   */
  readonly assigned: (partition: number, committed: ReadonlyMap<string, number>) => void;
  /** A partition is being taken away: abandons or drains overlapped work, forgets what was known of it. */
  readonly revoked: (partition: number) => Promise<void>;
  /**
   * Takes all state of an aggregate away, for ever; its events are published before. A tombstone keeps version,
   * sequence and positions. What was projected is wiped now and once more later (`wipe`). False when there is nothing.
   */
  readonly erase: (aggregateId: string) => Promise<boolean>;
  /** Starts the sweeper (commands' leftovers, second wipes). */
  readonly start: () => Promise<void>;
  /** Drains what is written and not yet published, bounded. */
  readonly stop: () => Promise<void>;
}

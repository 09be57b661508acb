import { type Logger } from '../logger.js';
import { type IncomingRecord } from '../record.js';

export interface SourceTopic {
  readonly topic: string;
  /** Short code of the topic and its generation, as it stands in `src` of aggregates: `sourceCode(topic)`. */
  readonly code: string;
}

/** Consecutive records of one partition of one topic. */
export interface Chunk extends SourceTopic {
  readonly partition: number;
  readonly records: readonly IncomingRecord[];
}

export interface HandleContext {
  /**
   * Aborts when the partition is being given up or the process stops. Then a handler waits for nothing any more: it
   * finishes the attempt under way, or rejects, and the offset stays where it was.
   */
  readonly signal: AbortSignal;
}

/** What was written, and when it is done. */
export interface Handled {
  /** Resolves when what the records caused is published: only then is their offset committed. */
  readonly done: Promise<void>;
}

/** Resolves when the records are written; the partition then moves on, and its next chunk may be handled. */
export type HandleChunk = (chunk: Chunk, context: HandleContext) => Promise<Handled>;

/** Where a topic's partition stands at the broker. */
export interface Position {
  /** Committed by the group; absent where it has committed nothing. */
  readonly committed?: number;
  /** The first offset the log still has. */
  readonly first: number;
  /** The offset the next record will get. */
  readonly end: number;
}

export interface OwnershipOptions {
  readonly topics: readonly SourceTopic[];
  readonly handle: HandleChunk;
  /** Called before the first chunk of a partition, with the committed offset per topic code; 0 where there is none. */
  readonly onAssigned?: (partition: number, committed: ReadonlyMap<string, number>) => void | Promise<void>;
  /** The last offset applied, per topic code, where it is known: a log that ends at or below it is not the same log. */
  readonly applied?: (partition: number) => Promise<ReadonlyMap<string, number>>;
  /** Called after the last chunk: drain or abandon what is detached. Awaited, bounded. */
  readonly onRevoked?: (partition: number) => void | Promise<void>;
  readonly chunkRecords: number;
  /** So many chunks of a topic's partition may be written and not done. */
  readonly openChunks: number;
  /** How long giving up partitions may take. */
  readonly releaseMs: number;
  readonly logger: Logger;
  readonly observe: {
    readonly handled: (topic: string, records: number) => void;
    readonly waiting: (delta: 1 | -1) => void;
    /** Something is wrong with the log that no retry mends. */
    readonly alarm: (kind: 'lost' | 'rewound', topic: string, partition: number, facts: object) => void;
  };
}

/** What a consumer gives with each batch it fetched. */
export interface Batch {
  readonly topic: string;
  readonly partition: number;
  /** Where the fetch began. Compaction leaves holes, so the first record may be later. */
  readonly fetchedOffset: number;
  readonly records: readonly IncomingRecord[];
  /** After the last record, also when that one is not shown to us. */
  readonly next: number;
  /** Where the log ended when it was fetched. */
  readonly end: number;
}

export interface BatchControl {
  /** Moves the consumer on, to after this offset. */
  readonly resolve: (offset: number) => void;
  readonly heartbeat: () => Promise<void>;
}

export interface Committable {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** What ownership asks of the consumer it works for. */
export interface Source {
  /** Asks coordinator and brokers where everything assigned stands. */
  readonly positions: () => Promise<(topic: string, partition: number) => Position>;
  /** Lets the consumer read on from another offset. */
  readonly seek: (topic: string, partition: number, offset: number) => void;
}

/** The partitions a consumer has, and what is done with them. Knows nothing of kafkajs. */
export interface Ownership {
  /** A new assignment: partition numbers and their topics. What was there before must have been released. */
  readonly assign: (partitions: ReadonlyMap<number, readonly string[]>, source: Source) => void;
  /** Handles a batch, unless its partition is no longer ours. Never rejects. */
  readonly take: (batch: Batch, control: BatchControl) => Promise<void>;
  /** What may be committed and was not yet. */
  readonly committable: () => Committable[];
  readonly committed: (offsets: readonly Committable[]) => void;
  /** Stops the waiting of handlers now, ahead of `release`. */
  readonly abort: () => void;
  /** Gives up everything: the chunk under way is finished, what was caused is waited for, all bounded; then commits. */
  readonly release: (commit: (offsets: Committable[]) => Promise<void>) => Promise<void>;
}

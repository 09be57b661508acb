import { isTransient } from '@switchboard/errors';
import { describe, isPassing } from '../failures.js';
import { type Logger } from '../logger.js';
import { type IncomingRecord } from '../record.js';
import { backoffMs, pause, within } from '../timing.js';
import { createProgress, type Progress } from './progress.js';

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

/** One stretch of having a partition. It ends when the partition is given up, or must be read again from what is done. */
interface Tenure {
  readonly partition: number;
  readonly topics: readonly string[];
  readonly source: Source;
  readonly stop: AbortController;
  readonly progress: Map<string, Progress>;
  readonly committed: Map<string, number>;
  /** Per topic the position we sent the consumer back to. */
  readonly sought: Map<string, number>;
}

const READ_AGAIN_AFTER_MS = 1_000;

export function createOwnership(options: OwnershipOptions): Ownership {
  const { logger, observe } = options;
  const codes = new Map(options.topics.map(({ topic, code }) => [topic, code]));
  const tenures = new Map<number, Tenure>();
  /** What is done to one partition number, whatever the topic, is done one after the other; also across tenures. */
  const chains = new Map<number, Promise<void>>();
  let releasing: Promise<void> | undefined;

  function exclusively(partition: number, work: () => Promise<void>): Promise<void> {
    const guarded = () =>
      work().catch((error: unknown) => {
        logger.error({ partition, reason: describe(error), error }, 'a partition could not be worked on');
      });
    const turn = (chains.get(partition) ?? Promise.resolve()).then(guarded);
    chains.set(partition, turn);
    return turn;
  }

  function open(partition: number, topics: readonly string[], source: Source): Tenure {
    const tenure: Tenure = {
      partition,
      topics,
      source,
      stop: new AbortController(),
      progress: new Map(),
      committed: new Map(),
      sought: new Map(),
    };
    tenures.set(partition, tenure);
    return tenure;
  }

  async function begin(tenure: Tenure, positions: Source['positions']): Promise<void> {
    const { partition, stop } = tenure;
    const at = await ask(tenure, positions);
    if (!at) return;
    const applied = await persist(stop.signal, { partition }, 'what was applied is not known yet', async () =>
      options.applied?.(partition),
    );
    const committed = new Map<string, number>();
    for (const topic of tenure.topics) {
      const { committed: offset, first, end } = at(topic, partition);
      const last = applied?.get(codes.get(topic) ?? topic) ?? -1;
      if (last >= end) {
        observe.alarm('rewound', topic, partition, { applied: last, end });
        stop.abort();
        return;
      }
      // Rule 13: the client would go to the first offset there is, and nobody would know what was in between.
      if (offset !== undefined && first > offset) observe.alarm('lost', topic, partition, { committed: offset, first });
      tenure.progress.set(
        topic,
        createProgress(Math.max(offset ?? 0, first), (error) => {
          readAgain(tenure, error);
        }),
      );
      tenure.committed.set(topic, offset ?? -1);
      committed.set(codes.get(topic) ?? topic, offset ?? 0);
    }
    await persist(stop.signal, { partition }, 'a partition is not taken over yet', async () => {
      await options.onAssigned?.(partition, committed);
    });
  }

  /** What was written is not published, and will not be unless its inputs are read again. */
  function readAgain(tenure: Tenure, error: unknown): void {
    const { partition, topics, source, stop } = tenure;
    if (stop.signal.aborted) return;
    logger.warn({ partition, reason: describe(error) }, 'work on a partition was not completed; it is read again');
    stop.abort();
    const next = open(partition, topics, source);
    void exclusively(partition, async () => {
      await options.onRevoked?.(partition);
      await pause(READ_AGAIN_AFTER_MS, next.stop.signal);
      await begin(next, source.positions);
      if (isOver(next)) return;
      for (const [topic, { position }] of next.progress) source.seek(topic, partition, position);
    });
  }

  async function work(tenure: Tenure, batch: Batch, control: BatchControl): Promise<void> {
    const progress = tenure.progress.get(batch.topic);
    if (!progress || isOver(tenure) || !(await isContinuous(tenure, progress, batch))) return;
    const records = batch.records.filter(({ offset }) => offset >= progress.position);
    for (let from = 0; from < records.length; from += options.chunkRecords) {
      const chunk = records.slice(from, from + options.chunkRecords);
      const last = chunk.at(-1);
      const handled = await attempt(tenure, batch, chunk);
      if (!handled || !last) return;
      progress.position = from + chunk.length < records.length ? last.offset + 1 : batch.next;
      progress.written(progress.position, handled.done);
      observe.handled(batch.topic, chunk.length);
      if (isOver(tenure)) return;
      control.resolve(last.offset);
      await Promise.race([progress.below(options.openChunks), aborted(tenure.stop.signal)]);
      if (isOver(tenure)) return;
      await control.heartbeat();
    }
  }

  /** False for a batch that does not follow what we know to be handled: it was fetched for an earlier assignment. */
  async function isContinuous(tenure: Tenure, progress: Progress, batch: Batch): Promise<boolean> {
    const { topic, partition, fetchedOffset, end, next } = batch;
    const { position } = progress;
    if (fetchedOffset <= position && position < next) return true;
    const back = () => {
      tenure.sought.set(topic, position);
      tenure.source.seek(topic, partition, position);
      return false;
    };
    if (fetchedOffset > position && tenure.sought.get(topic) !== position) return back();
    const at = await ask(tenure, tenure.source.positions);
    if (!at) return false;
    const now = at(topic, partition);
    // Rule 12: the log ends below what was applied. Its offsets have started again, and inputs would vanish silently.
    if (end < position && now.end < position) {
      observe.alarm('rewound', topic, partition, { position, end: now.end });
      tenure.stop.abort();
      return false;
    }
    if (next <= position) return back();
    // Sent back once already, the consumer skips what is not there any more, or not for us to see.
    if (now.first > position) observe.alarm('lost', topic, partition, { position, first: now.first });
    return true;
  }

  const ask = (tenure: Tenure, positions: Source['positions']) =>
    persist(tenure.stop.signal, { partition: tenure.partition }, 'positions are not known yet', positions);

  async function attempt(
    tenure: Tenure,
    batch: Batch,
    records: readonly IncomingRecord[],
  ): Promise<Handled | undefined> {
    const { topic, partition } = batch;
    const { signal } = tenure.stop;
    const chunk: Chunk = { topic, code: codes.get(topic) ?? topic, partition, records };
    const about = { topic, partition, offset: records[0]?.offset };
    return persist(signal, about, 'a chunk cannot be handled', () => options.handle(chunk, { signal }));
  }

  /** Tries until it succeeds; undefined when the signal ends it. */
  async function persist<T>(
    signal: AbortSignal,
    about: object,
    what: string,
    action: () => Promise<T>,
  ): Promise<T | undefined> {
    let attempts = 0;
    try {
      while (!signal.aborted) {
        try {
          return await action();
        } catch (error) {
          if (isAborted(signal)) break;
          attempts += 1;
          if (attempts === 1) observe.waiting(1);
          const isForeseen = isTransient(error) || isPassing(error);
          logger[isForeseen ? 'warn' : 'error']({ ...about, attempt: attempts, reason: describe(error) }, what);
          await pause(backoffMs(attempts, 100, 5_000), signal);
        }
      }
      return undefined;
    } finally {
      if (attempts > 0) observe.waiting(-1);
    }
  }

  async function giveUp(commit: (offsets: Committable[]) => Promise<void>): Promise<void> {
    const ending = [...tenures.values()];
    if (ending.length === 0) return;
    abort();
    const share = options.releaseMs / 3;
    const all = (wait: (tenure: Tenure) => Promise<unknown>) => Promise.all(ending.map(wait));
    await within(
      share,
      all(({ partition }) => chains.get(partition) ?? Promise.resolve()),
      undefined,
    );
    await within(
      share,
      all(({ progress }) => Promise.all([...progress.values()].map((each) => each.below(1)))),
      undefined,
    );
    await within(
      share,
      all(async ({ partition }) => options.onRevoked?.(partition)),
      undefined,
    ).catch((error: unknown) => {
      logger.error({ reason: describe(error), error }, 'a partition was not given up properly');
    });
    await commit(committable()).catch((error: unknown) => {
      logger.debug({ reason: describe(error) }, 'offsets were not committed on leaving; what they cover is read again');
    });
    for (const tenure of ending) if (tenures.get(tenure.partition) === tenure) tenures.delete(tenure.partition);
  }

  function abort(): void {
    for (const { stop } of tenures.values()) stop.abort();
  }

  function committable(): Committable[] {
    const offsets: Committable[] = [];
    for (const { partition, progress, committed } of tenures.values()) {
      for (const [topic, each] of progress) {
        const offset = each.done();
        if (offset > (committed.get(topic) ?? -1)) offsets.push({ topic, partition, offset });
      }
    }
    return offsets;
  }

  return {
    assign(partitions, source) {
      let asked: ReturnType<Source['positions']> | undefined;
      // One question for all partitions; whoever is not answered asks again.
      const positions = () => (asked ??= source.positions().finally(() => (asked = undefined)));
      for (const [partition, topics] of partitions) {
        const tenure = open(partition, topics, source);
        void exclusively(partition, () => begin(tenure, positions));
      }
    },
    take(batch, control) {
      const tenure = tenures.get(batch.partition);
      if (!tenure || isOver(tenure)) return Promise.resolve();
      return exclusively(batch.partition, () => work(tenure, batch, control));
    },
    committable,
    committed(offsets) {
      for (const { topic, partition, offset } of offsets) tenures.get(partition)?.committed.set(topic, offset);
    },
    abort,
    release: (commit) => (releasing ??= giveUp(commit).finally(() => (releasing = undefined))),
  };
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;
const isOver = ({ stop }: Tenure): boolean => stop.signal.aborted;

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}

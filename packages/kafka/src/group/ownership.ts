import { describe, isPassing } from '../failures.js';
import { type IncomingRecord } from '../record.js';
import { pause, within } from '../timing.js';
import { createPersist } from './persist.js';
import { createProgress, type Progress } from './progress.js';
import {
  type Batch,
  type BatchControl,
  type Chunk,
  type Committable,
  type Handled,
  type Ownership,
  type OwnershipOptions,
  type Source,
} from './types.js';

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
  const persist = createPersist(logger, observe.waiting);
  const codes = new Map(options.topics.map(({ topic, code }) => [topic, code]));
  const tenures = new Map<number, Tenure>();
  /** What is done to one partition number, whatever the topic, is done one after the other; also across tenures. */
  const chains = new Map<number, Promise<void>>();
  let releasing: Promise<void> | undefined;

  function exclusively(partition: number, work: () => Promise<void>): Promise<void> {
    const guarded = () =>
      work().catch((error: unknown) => {
        const about = { partition, reason: describe(error) };
        // A heartbeat that Kafka did not answer, for example: the next batch follows what was handled.
        if (isPassing(error)) logger.warn(about, 'work on a partition was interrupted');
        else logger.error({ ...about, error }, 'a partition could not be worked on');
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
    const { partition } = tenure;
    const { signal } = tenure.stop;
    const at = await ask(tenure, positions);
    if (!at) return;
    const applied = await persist(signal, { partition }, 'what was applied is not known yet', async () =>
      options.applied?.(partition),
    );
    const committed = new Map<string, number>();
    for (const topic of tenure.topics) {
      const { committed: offset, first, end } = at(topic, partition);
      const last = applied?.get(codes.get(topic) ?? topic) ?? -1;
      if (last >= end) {
        observe.alarm('rewound', topic, partition, { applied: last, end });
        stop(tenure);
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
    await persist(signal, { partition }, 'a partition is not taken over yet', async () => {
      await options.onAssigned?.(partition, committed);
    });
  }

  /** What was written is not published, and will not be unless its inputs are read again. */
  function readAgain(tenure: Tenure, error: unknown): void {
    const { partition, topics, source } = tenure;
    if (isOver(tenure)) return;
    logger.warn({ partition, reason: describe(error) }, 'work on a partition was not completed; it is read again');
    stop(tenure);
    const next = open(partition, topics, source);
    void exclusively(partition, async () => {
      await revoked(partition);
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
      await progress.below(options.openChunks);
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
      stop(tenure);
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

  async function revoked(partition: number): Promise<void> {
    try {
      await options.onRevoked?.(partition);
    } catch (error) {
      logger.error({ partition, reason: describe(error), error }, 'a partition was not given up properly');
    }
  }

  async function giveUp(commit: (offsets: Committable[]) => Promise<void>): Promise<void> {
    const ending = [...tenures.values()];
    if (ending.length === 0) return;
    abort();
    const deadline = performance.now() + options.releaseMs;
    const inTime = (share: number, wait: (tenure: Tenure) => Promise<unknown>) =>
      within((deadline - performance.now()) * share, Promise.all(ending.map(wait)), undefined);
    await inTime(0.6, async ({ partition }) => chains.get(partition));
    await inTime(0.6, ({ progress }) => Promise.all([...progress.values()].map((each) => each.below(1))));
    await inTime(1, ({ partition }) => revoked(partition));
    await commit(committable()).catch((error: unknown) => {
      logger.debug({ reason: describe(error) }, 'offsets were not committed on leaving; what they cover is read again');
    });
    for (const tenure of ending) if (tenures.get(tenure.partition) === tenure) tenures.delete(tenure.partition);
  }

  function abort(): void {
    for (const tenure of tenures.values()) stop(tenure);
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

const isOver = ({ stop }: Tenure): boolean => stop.signal.aborted;

/** Ends the waiting in a tenure: of its handlers, and of us for what they caused. */
function stop({ stop, progress }: Tenure): void {
  stop.abort();
  for (const each of progress.values()) each.wake();
}

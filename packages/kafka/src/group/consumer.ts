import { Failure } from '@switchboard/errors';
import { type Component } from '@switchboard/service-kit';
import { sharedPartitionCount } from '../admin.js';
import { type KafkaClient } from '../client.js';
import { traced } from '../delivery/traced.js';
import { describe, isPassing, unreachable } from '../failures.js';
import { type Logger } from '../logger.js';
import { untilItWorks } from '../retry.js';
import { backoffMs, deferred, pause, within } from '../timing.js';
import { createCommitTimer } from './commit-timer.js';
import { createLag } from './lag.js';
import { createOwnership } from './ownership.js';
import { createProtocol, type Membership, type Protocol } from './protocol.js';
import { commitOffsets, createSession, positions, type Session, type SessionOptions } from './session.js';
import { type Committable, type HandleChunk, type OwnershipOptions, type SourceTopic } from './types.js';

export interface ConsumerOptions extends Pick<OwnershipOptions, 'onAssigned' | 'onRevoked' | 'applied'> {
  readonly group: string;
  readonly topics: readonly SourceTopic[];
  /** Stable name of this process among its like: the pod's. */
  readonly instance: string;
  readonly handle: HandleChunk;
  readonly commitIntervalMs?: number;
  readonly chunkRecords?: number;
  /** Chunks of a topic's partition that may be written and not done. */
  readonly openChunks?: number;
  readonly sessionTimeoutMs?: number;
  readonly maxBytesPerPartition?: number;
  /** What cannot be mended by trying again. By default the process ends, and a new one is started by whoever watches it. */
  readonly onCrash?: (error: unknown) => void;
}

const REBALANCE_TIMEOUT_MS = 10_000;
const LEAVE_MS = 5_000;
/** Leaving waits for it, also when the coordinator does not answer. */
const COMMIT_MS = 2_000;

/**
 * Reads topics as a member of a group. All topics must have the same number of partitions; partition p of all of them
 * is read by one member, one chunk after the other. Chunks of different partitions are handled at the same time.
 *
 * `start` resolves when the group has assigned partitions, and waits while Kafka is away; it rejects with a `conflict`
 * when the numbers of partitions differ. `stop` finishes the chunks under way, waits, bounded, for what they
 * caused to be done, commits and leaves. Every record is handled at least once.
 */
export function createConsumer(client: KafkaClient, options: ConsumerOptions): Component {
  const { group, commitIntervalMs = 500, onCrash = endProcess(client.logger) } = options;
  const { logger, metrics } = client;
  const names = options.topics.map(({ topic }) => topic);
  const stopping = new AbortController();
  const assigned = deferred();
  // Whoever starts the consumer hears of it; a later crash is told by `onCrash` alone.
  assigned.promise.catch(() => undefined);
  let session: Session | undefined;
  let membership: Membership | undefined;
  let fatal: unknown;

  const ownership = createOwnership({
    ...options,
    handle: traced(group, options.handle),
    chunkRecords: options.chunkRecords ?? 500,
    openChunks: options.openChunks ?? 8,
    releaseMs: REBALANCE_TIMEOUT_MS / 2,
    logger,
    observe: {
      handled: (topic, records) => {
        metrics.consumed.inc({ group, topic }, records);
      },
      waiting: (delta) => {
        metrics.degraded.inc({ part: group }, delta);
      },
      alarm(kind, topic, partition, facts) {
        metrics.alarms.inc({ group, topic, kind });
        logger.error({ group, topic, partition, ...facts }, alarms[kind]);
        if (kind === 'rewound') void end(rewound(topic, partition));
      },
    },
  });

  const commit = async (offsets: readonly Committable[]) => {
    if (!membership || offsets.length === 0) return;
    const committing = commitOffsets(membership, group, offsets).then(() => 'committed');
    if ((await within(COMMIT_MS, committing, 'late')) === 'late') throw unreachable();
    ownership.committed(offsets);
  };
  const commitTimer = createCommitTimer(
    commitIntervalMs,
    () => commit(ownership.committable()),
    (error) => {
      logger.debug({ group, reason: describe(error) }, 'offsets were not committed; they will be with the next');
    },
  );

  /** Everything that must be over before the group may give our partitions to somebody else. */
  async function beforeJoin(protocol: Protocol, partitions: number): Promise<void> {
    await commitTimer.settled();
    await ownership.release(commit);
    if (stopping.signal.aborted) throw final(new Error('the consumer is being stopped'));
    const at = await positions(protocol, group, everything(options.topics, partitions)).catch(() => undefined);
    for (const { topic, number } of at ? everything(options.topics, partitions) : []) {
      const { committed = 0, end: logEnd = 0 } = at?.(topic, number) ?? {};
      if (committed <= logEnd) continue;
      // kafkajs would begin at the first offset again, and all inputs would look applied.
      metrics.alarms.inc({ group, topic, kind: 'rewound' });
      logger.error({ group, topic, partition: number, committed, end: logEnd }, alarms.rewound);
      fatal = rewound(topic, number);
      throw final(fatal as Error);
    }
  }

  async function begin(): Promise<void> {
    const partitions = await sharedPartitionCount(client, names, stopping.signal);
    const protocol: Protocol = createProtocol({
      instance: options.instance,
      partitions,
      beforeJoin: () => beforeJoin(protocol, partitions),
      onSynced(joined) {
        if (stopping.signal.aborted) throw final(new Error('the consumer is being stopped'));
        membership = joined;
      },
    });
    const lag = createLag((topic, records) => {
      metrics.lag.set({ group, topic }, records);
    });

    const open = (): Session =>
      createSession(client, sessionOptions(options, partitions), protocol, {
        joined(owned, source) {
          metrics.rebalances.inc({ group });
          logger.info({ group, generation: membership?.generation, partitions: [...owned.keys()] }, 'joined the group');
          lag.reset();
          if (!stopping.signal.aborted) ownership.assign(owned, source);
          assigned.resolve();
        },
        lost: ownership.abort,
        async batch(batch, control) {
          await ownership.take(batch, control);
          lag.saw(batch.topic, batch.partition, batch.end - batch.next);
        },
        crashed: (error) => void again(error, open),
      });
    commitTimer.start();
    await launch(open);
  }

  async function launch(open: () => Session): Promise<void> {
    const run = async () => {
      if (stopping.signal.aborted) return;
      const opened = open();
      session = opened;
      await opened.run().catch(async (error: unknown) => {
        await within(LEAVE_MS, opened.close(), undefined).catch(() => undefined);
        throw error;
      });
    };
    await untilItWorks(run, { what: group, logger, signal: stopping.signal });
  }

  async function again(error: unknown, open: () => Session): Promise<void> {
    await ownership.release(() => Promise.resolve());
    if (stopping.signal.aborted) return;
    if (fatal !== undefined || !isPassing(error)) {
      await end(fatal ?? error);
      return;
    }
    metrics.degraded.inc({ part: group });
    logger.warn({ group, reason: describe(error) }, 'the consumer lost Kafka and begins again');
    await pause(backoffMs(1), stopping.signal);
    await launch(open).catch((failure: unknown) => end(failure));
    metrics.degraded.dec({ part: group });
  }

  async function end(error: unknown): Promise<void> {
    if (stopping.signal.aborted) return;
    fatal = error;
    await stop();
    assigned.reject(error);
    onCrash(error);
  }

  async function stop(): Promise<void> {
    stopping.abort();
    const last = session;
    session = undefined;
    last?.pause();
    await commitTimer.stop();
    await ownership.release(commit);
    const closing =
      last?.close().then(
        () => 'left',
        () => 'left',
      ) ?? Promise.resolve('left');
    if ((await within(LEAVE_MS, closing, 'late')) === 'late')
      logger.warn({ group }, 'left the group without its answer');
    // A start that waits ends here, unless it is to hear why.
    if (fatal === undefined) assigned.resolve();
  }

  return {
    name: group,
    async start() {
      await begin();
      await assigned.promise;
    },
    stop,
  };
}

const endProcess = (logger: Logger) => (error: unknown) => {
  logger.error({ reason: describe(error), error }, 'the consumer crashed; the process ends');
  process.exit(1);
};

const alarms = {
  lost: 'records were deleted before they were read',
  rewound: 'the log ends below what was applied: its offsets have started again; give the topic a new generation',
};

const rewound = (topic: string, partition: number) =>
  new Failure('conflict', 'kafka.log-rewound', `partition ${partition} of ${topic} ends below what was applied`);

/** An error that kafkajs does not try again. */
const final = (error: Error): Error => Object.assign(error, { retriable: false });

const everything = (topics: readonly SourceTopic[], partitions: number) =>
  topics.flatMap(({ topic }) => Array.from({ length: partitions }, (_, number) => ({ topic, number })));

function sessionOptions(options: ConsumerOptions, partitions: number): SessionOptions {
  return {
    group: options.group,
    topics: options.topics.map(({ topic }) => topic),
    partitions,
    sessionTimeoutMs: options.sessionTimeoutMs ?? 10_000,
    rebalanceTimeoutMs: REBALANCE_TIMEOUT_MS,
    // How fast a rebalance and `stop` are noticed; with `minBytes` 1 neither delays a record.
    heartbeatMs: 500,
    maxWaitMs: 500,
    maxBytesPerPartition: options.maxBytesPerPartition ?? 1_048_576,
  };
}

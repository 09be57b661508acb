import { Failure } from '@switchboard/errors';
import { inTrace, readTraceParent } from '@switchboard/service-kit';
import { type Chunk, type HandleChunk, type SourceTopic } from '../group/types.js';
import { describe } from '../failures.js';
import { type Logger } from '../logger.js';
import { type KafkaMetrics } from '../metrics.js';
import { type Producer } from '../producer.js';
import { groupBy, type IncomingRecord, type OutgoingRecord } from '../record.js';
import { contextOf, type Handler } from './handler.js';
import { defaultPatience, type Patience, settle, type Settled } from './settle.js';

export interface EventHandlersOptions {
  /** One per topic. */
  readonly handlers: readonly Handler[];
  /** Publishes what is set aside. */
  readonly producer: Pick<Producer, 'send'>;
  /** Name of the `<service>.set-aside` topic. */
  readonly setAsideTopic: string;
  readonly logger: Logger;
  readonly metrics: KafkaMetrics;
  readonly patience?: Patience;
  /** Events of different keys that are handled at the same time; those of one key are handled in order. */
  readonly parallel?: number;
}

/** For projections and side effects: one event, one use case. Gives `createConsumer` its topics and its `handle`. */
export function eventHandlers(options: EventHandlersOptions): { topics: SourceTopic[]; handle: HandleChunk } {
  const { logger, metrics, patience = defaultPatience, parallel = 16 } = options;
  const byTopic = new Map(options.handlers.map((handler) => [handler.topic.name, handler]));
  if (byTopic.size < options.handlers.length) throw new TypeError('two handlers hear the same topic');

  async function deliver(handler: Handler, chunk: Chunk, record: IncomingRecord, signal: AbortSignal): Promise<void> {
    const context = contextOf(chunk.topic, chunk.partition, record, signal);
    const { topic, partition, offset, eventId, traceparent } = context;
    const about = { topic, partition, offset, eventId, traceparent };
    const begun = performance.now();
    let waits = 0;
    const onWait = (error: unknown, attempt: number): void => {
      waits += 1;
      if (waits === 1) metrics.degraded.inc({ part: topic });
      logger.warn({ ...about, attempt, reason: describe(error) }, 'a delivery waits for its next attempt');
    };
    const bytes = record.value ?? new Uint8Array();
    const settled = await inTrace(`handle ${topic}`, { parent: readTraceParent(traceparent) }, () =>
      settle(handler, bytes, context, patience, onWait),
    );
    if (waits > 0) metrics.degraded.dec({ part: topic });
    if (!settled) throw signal.reason as Error;
    if (settled.outcome.kind === 'set-aside') await keep(options, chunk, record, settled.outcome.reason, signal);
    metrics.deliveries.inc({ topic, outcome: settled.outcome.kind });
    tell(logger, { ...about, durationMs: Math.round(performance.now() - begun) }, settled);
  }

  return {
    topics: options.handlers.map(({ topic: { name, code, generation } }) => ({
      topic: name,
      code: `${code}${generation}`,
    })),
    async handle(chunk, { signal }) {
      const handler = byTopic.get(chunk.topic);
      if (!handler) throw new TypeError(`nobody hears ${chunk.topic}`);
      // Records without a key are in no order with any other.
      const lanes = groupBy(chunk.records, ({ key, offset }) => key ?? offset);
      await inParallel(parallel, [...lanes.values()], async (lane) => {
        for (const record of lane) await deliver(handler, chunk, record, signal);
      });
      return { done: Promise.resolve() };
    },
  };
}

/** Publishes the record as it was, with the reason and where it came from. Waits for Kafka as for the rest of the world. */
async function keep(
  { producer, setAsideTopic, metrics, patience = defaultPatience }: EventHandlersOptions,
  { topic, partition }: Chunk,
  record: IncomingRecord,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  const aside = setAsideRecord(setAsideTopic, topic, partition, record, reason);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await producer.send([aside]);
      metrics.setAside.inc({ topic });
      return;
    } catch (error) {
      if (signal.aborted || (error instanceof Failure && error.kind === 'invalid')) throw error;
      await patience.wait(attempt, error, signal);
    }
  }
}

/** Header names of a record that was set aside, beside the original's own. */
export const setAsideHeaders = {
  reason: 'set-aside-reason',
  topic: 'set-aside-topic',
  partition: 'set-aside-partition',
  offset: 'set-aside-offset',
} as const;

/** The original bytes under the original key, so that a replay can publish them again as they were. */
export function setAsideRecord(
  setAsideTopic: string,
  topic: string,
  partition: number,
  { key, value, headers, offset }: IncomingRecord,
  reason: string,
): OutgoingRecord {
  return {
    topic: setAsideTopic,
    key: key ?? '',
    value,
    headers: {
      ...headers,
      [setAsideHeaders.reason]: reason,
      [setAsideHeaders.topic]: topic,
      [setAsideHeaders.partition]: String(partition),
      [setAsideHeaders.offset]: String(offset),
    },
  };
}

function tell(logger: Logger, about: object, { outcome, attempts, bug }: Settled): void {
  if (outcome.kind === 'done') logger.debug({ ...about, outcome: 'done', attempts }, 'delivered');
  else if (outcome.kind === 'skipped')
    logger.debug({ ...about, outcome: 'skipped', reason: outcome.reason }, 'delivered');
  else if (bug === undefined) logger.warn({ ...about, outcome: 'set-aside', reason: outcome.reason }, 'set aside');
  else
    logger.error(
      { ...about, outcome: 'set-aside', reason: outcome.reason, error: bug, attempts },
      'set aside for a bug of ours',
    );
}

/** Runs all, at most so many at a time. Begins no more after a rejection; rejects when those under way have ended. */
async function inParallel<T>(most: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  let failure: { readonly error: unknown } | undefined;
  const worker = async () => {
    for (const item of left) {
      if (failure) return;
      await work(item).catch((error: unknown) => {
        failure ??= { error };
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  if (failure) throw failure.error;
}

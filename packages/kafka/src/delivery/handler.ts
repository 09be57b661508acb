import { type Topic } from '@switchboard/contracts/topics';
import { Failure } from '@switchboard/errors';
import { type IncomingRecord } from '../record.js';
import { type Outcome } from './outcome.js';

/** What is known of a delivery beside the event itself. */
export interface DeliveryContext {
  /** Derived from what happened, so it is the same when the event comes twice. */
  readonly eventId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  /** When it happened; when it was said, if the event does not say. */
  readonly time: Date;
  /** The organisation; absent on topics that know none. */
  readonly org?: string;
  /** W3C trace context, to be passed on. */
  readonly traceparent?: string;
  /** From 1. */
  readonly attempt: number;
  /** Aborts when the partition is given up: finish the attempt under way, wait for nothing more. */
  readonly signal: AbortSignal;
}

/** Hears one topic. Made by `handle`. */
export interface Handler {
  readonly topic: Pick<Topic<unknown>, 'name' | 'code' | 'generation'>;
  readonly run: (bytes: Uint8Array, context: DeliveryContext) => Promise<Outcome>;
}

/**
 * A handler that decodes, calls one use case and says how it ended. It needs no try, no retry and no commit: what it
 * throws is dealt with by `settle`. An event may come twice.
 */
export function handle<T>(
  topic: Pick<Topic<T>, 'name' | 'code' | 'generation' | 'decode'>,
  hear: (event: T, context: DeliveryContext) => Promise<Outcome>,
): Handler {
  return { topic, run: (bytes, context) => hear(decode(topic, bytes), context) };
}

function decode<T>(topic: Pick<Topic<T>, 'name' | 'decode'>, bytes: Uint8Array): T {
  try {
    return topic.decode(bytes);
  } catch (error) {
    throw new Failure('invalid', 'kafka.undecodable', `these bytes are no event of ${topic.name}`, { cause: error });
  }
}

/** The context of the first attempt. */
export function contextOf(
  topic: string,
  partition: number,
  { headers, key, offset, timestamp }: IncomingRecord,
  signal: AbortSignal,
): DeliveryContext {
  const { id = `${topic}:${partition}:${offset}`, time, org, traceparent } = headers;
  const happened = new Date(time ?? timestamp);
  return {
    eventId: id,
    topic,
    partition,
    offset,
    key: key ?? '',
    time: Number.isNaN(happened.getTime()) ? new Date(timestamp) : happened,
    attempt: 1,
    signal,
    ...(org !== undefined && { org }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

import { Failure } from '@switchboard/errors';

export const unreachable = (cause?: unknown) =>
  new Failure('unavailable', 'kafka.unreachable', 'Kafka does not answer', { cause, retryAfterMs: 1_000 });

export const queueFull = () =>
  new Failure('exhausted', 'kafka.queue-full', 'more is waiting to be published than we keep', { retryAfterMs: 1_000 });

export const stopping = () =>
  new Failure('unavailable', 'kafka.stopping', 'this process is being stopped and publishes no more', {
    retryAfterMs: 1_000,
  });

export const recordTooLarge = (bytes: number | undefined, most: number, cause?: unknown) =>
  new Failure(
    'invalid',
    'kafka.record-too-large',
    `a record may be ${most} bytes long${bytes === undefined ? '' : `, this is ${bytes}`}`,
    { cause },
  );

/** kafkajs gives its errors no common type a caller may import; these fields are what it documents. */
interface KafkajsError {
  readonly name: string;
  readonly message: string;
  readonly type?: string;
  readonly retriable?: boolean;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** The error and what caused it, outermost first. */
export function causes(error: unknown): KafkajsError[] {
  const found: KafkajsError[] = [];
  const follow = (next: unknown): void => {
    if (!(next instanceof Error) || found.length >= 20) return;
    const known: KafkajsError = next;
    found.push(known);
    for (const part of known.errors ?? []) follow(part);
    follow(known.cause);
  };
  follow(error);
  return found;
}

export const isTooLarge = (error: unknown): boolean =>
  causes(error).some(({ type }) => type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE');

/** Final to kafkajs, but only because it has stopped trying: the cluster may be back in a minute. */
const passing = new Set([
  'KafkaJSNumberOfRetriesExceeded',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSBrokerNotFound',
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSLockTimeout',
  'KafkaJSTimeout',
  // Of a broker that is starting and does not offer everything yet.
  'KafkaJSServerDoesNotSupportApiKey',
]);

const bugs = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError']);

/** True when the same may work later without anybody's doing. */
export function isPassing(error: unknown): boolean {
  const chain = causes(error);
  if (chain.some(({ name }) => bugs.has(name)) || chain.some((cause) => cause instanceof Failure)) return false;
  return chain.some(({ name, retriable }) => passing.has(name) || retriable === true);
}

/** In one line, for a log: what went wrong and why. */
export const describe = (error: unknown): string =>
  causes(error)
    .map(({ name, message }) => `${name}: ${message}`)
    .join('; because ') || String(error);

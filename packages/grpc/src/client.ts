import {
  type ChannelOptions,
  Client,
  type ClientWritableStream,
  credentials,
  Metadata,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { Failure } from '@switchboard/errors';
import { isTracing, traceParent, withSpan } from '@switchboard/service-kit';
import { MESSAGE_BYTES, messageTooLarge } from './limits.js';
import { balanced, KEY } from './rendezvous.js';
import { fromStatus } from './status.js';

type AnyMethod = Pick<
  MethodDefinition<never, unknown>,
  'path' | 'requestStream' | 'responseStream' | 'responseDeserialize'
> & {
  readonly requestSerialize: (value: never) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => unknown;
};

type RequestOf<M> = M extends { readonly requestDeserialize: (bytes: Buffer) => infer R } ? R : never;
type ResponseOf<M> = M extends { readonly responseDeserialize: (bytes: Buffer) => infer R } ? R : never;

export interface CallOptions {
  readonly deadlineMs?: number;
  /** Gives the call up: a unary one is `unavailable` (`grpc.given-up`), a stream ends. */
  readonly signal?: AbortSignal;
  /**
   * Calls with one key go to one process of the other side, as long as that is there, whoever calls; so what it keeps in memory
   * of the key is of use. A wish, not a promise. Calls without a key take turns.
   */
  readonly key?: string;
}

/**
 * Unary methods as async functions, server streams as async iterations, client streams as async functions of one. Fields that
 * are left out have their defaults.
 */
export type GrpcClient<Service> = {
  readonly [Name in keyof Service]: Service[Name] extends { readonly requestStream: true }
    ? (requests: AsyncIterable<RequestOf<Service[Name]>>, options?: CallOptions) => Promise<ResponseOf<Service[Name]>>
    : Service[Name] extends { readonly responseStream: true }
      ? (request: Partial<RequestOf<Service[Name]>>, options?: CallOptions) => AsyncIterable<ResponseOf<Service[Name]>>
      : (request: Partial<RequestOf<Service[Name]>>, options?: CallOptions) => Promise<ResponseOf<Service[Name]>>;
} & { readonly close: () => void };

export interface GrpcClientOptions {
  /** The bearer token, or where to get one. */
  readonly token: string | (() => string | Promise<string>);
  /** For unary calls that name none. */
  readonly deadlineMs?: number;
}

const channel: ChannelOptions = {
  'grpc.service_config': balanced,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.max_receive_message_length': MESSAGE_BYTES,
};

/**
 * A typed client of a service, by its definition (`ChatServiceService`). `address` is `host:port`, a comma separated list
 * of them, or a gRPC name such as `dns:///routing:50051`; calls are balanced over all addresses (`CallOptions.key`). A status is thrown as the
 * `Failure` it was at the other side; `unavailable` when the other side cannot be reached or is late, `invalid` when a
 * message is larger than 8 MiB. The trace that is under way goes on at the other side.
 */
export function grpcClient<Service extends object>(
  definition: Service,
  address: string,
  { token, deadlineMs: usual = 5_000 }: GrpcClientOptions,
): GrpcClient<Service> {
  const client = new Client(target(address), credentials.createInsecure(), channel);
  const metadata = async ({ key }: CallOptions): Promise<Metadata> => {
    const value = typeof token === 'string' ? token : await token();
    const result = new Metadata();
    result.set('authorization', `Bearer ${value}`);
    const parent = traceParent();
    if (parent !== undefined) result.set('traceparent', parent);
    if (key !== undefined) result.set(KEY, key);
    return result;
  };
  const methods = Object.entries(definition as Record<string, AnyMethod>).map(([name, method]) => {
    const complete = (request: object): never =>
      ({ ...(method.requestDeserialize(Buffer.alloc(0)) as object), ...defined(request) }) as never;
    if (method.requestStream) {
      return [
        name,
        (requests: AsyncIterable<never>, options: CallOptions = {}) =>
          upload(client, method, requests, metadata, options),
      ];
    }
    return [
      name,
      method.responseStream
        ? (request: object, options: CallOptions = {}) => stream(client, method, complete(request), metadata, options)
        : (request: object, options: CallOptions = {}) => {
            const run = () => call(client, method, complete(request), metadata, { deadlineMs: usual, ...options });
            return isTracing() ? withSpan(method.path.slice(1), { kind: 'client' }, run) : run();
          },
    ];
  });
  const close = (): void => {
    client.close();
  };
  return { ...(Object.fromEntries(methods) as object), close } as GrpcClient<Service>;
}

async function call(
  client: Client,
  method: AnyMethod,
  request: never,
  metadata: (options: CallOptions) => Promise<Metadata>,
  options: CallOptions,
): Promise<unknown> {
  const { deadlineMs, signal } = options;
  const { path, responseDeserialize } = method;
  const bytes = serialised(method, request);
  const with_ = await metadata(options);
  if (signal?.aborted) throw givenUp(path);
  return new Promise((resolve, reject) => {
    const done = (error: ServiceError | null, response?: unknown): void => {
      signal?.removeEventListener('abort', cancel);
      if (error) reject(signal?.aborted ? givenUp(path, error) : fromStatus(error, path));
      else resolve(response);
    };
    const running = client.makeUnaryRequest(path, same, responseDeserialize, bytes, with_, until(deadlineMs), done);
    const cancel = (): void => {
      running.cancel();
    };
    signal?.addEventListener('abort', cancel);
  });
}

async function* stream(
  client: Client,
  method: AnyMethod,
  request: never,
  metadata: (options: CallOptions) => Promise<Metadata>,
  options: CallOptions,
): AsyncGenerator {
  const { deadlineMs, signal } = options;
  const { path, responseDeserialize } = method;
  const bytes = serialised(method, request);
  const with_ = await metadata(options);
  if (signal?.aborted) return;
  const responses = client.makeServerStreamRequest(path, same, responseDeserialize, bytes, with_, until(deadlineMs));
  const cancel = (): void => {
    responses.cancel();
  };
  signal?.addEventListener('abort', cancel);
  try {
    for await (const response of responses) yield response;
  } catch (error) {
    if (signal?.aborted) return;
    throw fromStatus(error as ServiceError, path);
  } finally {
    signal?.removeEventListener('abort', cancel);
    responses.cancel();
  }
}

/** Without a deadline of its own: how long it takes is the sender's affair. An answer may come before the end. */
async function upload(
  client: Client,
  method: AnyMethod,
  requests: AsyncIterable<never>,
  metadata: (options: CallOptions) => Promise<Metadata>,
  options: CallOptions,
): Promise<unknown> {
  const { deadlineMs, signal } = options;
  const { path, responseDeserialize } = method;
  const with_ = await metadata(options);
  if (signal?.aborted) throw givenUp(path);
  const answered = new AbortController();
  let running: ClientWritableStream<Buffer> | undefined;
  const cancel = (): void => running?.cancel();
  const answer = new Promise<unknown>((resolve, reject) => {
    running = client.makeClientStreamRequest(
      path,
      same,
      responseDeserialize,
      with_,
      until(deadlineMs),
      (error, response) => {
        answered.abort();
        if (error) reject(signal?.aborted ? givenUp(path, error) : fromStatus(error, path));
        else resolve(response);
      },
    );
  });
  answer.catch(() => undefined);
  signal?.addEventListener('abort', cancel);
  try {
    for await (const request of requests) {
      if (answered.signal.aborted) break;
      if (running?.write(serialised(method, request)) === false) await drainedOr(running, answered.signal);
    }
    running?.end();
    return await answer;
  } catch (error) {
    running?.cancel();
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function drainedOr(stream: NodeJS.EventEmitter, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.removeListener('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    stream.once('drain', done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

/** Serialised here and not by gRPC, so that what is too large is told apart from what is broken. */
function serialised({ path, requestSerialize }: AnyMethod, request: never): Buffer {
  const bytes = requestSerialize(request);
  if (bytes.length > MESSAGE_BYTES) throw messageTooLarge(path);
  return bytes;
}

const same = (bytes: Buffer): Buffer => bytes;

const until = (deadlineMs: number | undefined): { deadline?: number } =>
  deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };

const givenUp = (path: string, cause?: unknown): Failure =>
  new Failure('unavailable', 'grpc.given-up', `${path} was given up by its caller`, { cause });

const defined = (request: object): object =>
  Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));

/** A gRPC name from what stands in a setting. */
function target(address: string): string {
  if (/^(dns|ipv4|ipv6|unix):/.test(address)) return address;
  return address.includes(',') ? `ipv4:${address}` : `dns:///${address}`;
}

import {
  type ChannelOptions,
  Client,
  credentials,
  Metadata,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
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
  readonly signal?: AbortSignal;
}

/** Unary methods as async functions, server streams as async iterations. Fields that are left out have their defaults. */
export type GrpcClient<Service> = {
  readonly [Name in keyof Service]: Service[Name] extends { readonly responseStream: true }
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
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.max_receive_message_length': 8 * 1024 * 1024,
};

/**
 * A typed client of a service, by its definition (`ChatServiceService`). `address` is `host:port`, a comma separated list
 * of them, or a gRPC name such as `dns:///routing:50051`; calls are balanced over all addresses. A status is thrown as the
 * `Failure` it was at the other side; `unavailable` when the other side cannot be reached or is late.
 */
export function grpcClient<Service extends object>(
  definition: Service,
  address: string,
  { token, deadlineMs: usual = 5_000 }: GrpcClientOptions,
): GrpcClient<Service> {
  const client = new Client(target(address), credentials.createInsecure(), channel);
  const metadata = async (): Promise<Metadata> => {
    const value = typeof token === 'string' ? token : await token();
    const result = new Metadata();
    result.set('authorization', `Bearer ${value}`);
    return result;
  };
  const methods = Object.entries(definition as Record<string, AnyMethod>).map(([name, method]) => {
    const complete = (request: object): never =>
      ({ ...(method.requestDeserialize(Buffer.alloc(0)) as object), ...defined(request) }) as never;
    return [
      name,
      method.responseStream
        ? (request: object, options: CallOptions = {}) => stream(client, method, complete(request), metadata, options)
        : (request: object, options: CallOptions = {}) =>
            call(client, method, complete(request), metadata, { deadlineMs: usual, ...options }),
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
  metadata: () => Promise<Metadata>,
  { deadlineMs, signal }: CallOptions,
): Promise<unknown> {
  const with_ = await metadata();
  return new Promise((resolve, reject) => {
    const options = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
    const done = (error: ServiceError | null, response?: unknown): void => {
      signal?.removeEventListener('abort', cancel);
      if (error) reject(fromStatus(error, method.path));
      else resolve(response);
    };
    const { path, requestSerialize, responseDeserialize } = method;
    const running = client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, with_, options, done);
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
  metadata: () => Promise<Metadata>,
  { deadlineMs, signal }: CallOptions,
): AsyncGenerator {
  const options = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
  const with_ = await metadata();
  const { path, requestSerialize, responseDeserialize } = method;
  const responses = client.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    request,
    with_,
    options,
  );
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

const defined = (request: object): object =>
  Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));

/** A gRPC name from what stands in a setting. */
function target(address: string): string {
  if (/^(dns|ipv4|ipv6|unix):/.test(address)) return address;
  return address.includes(',') ? `ipv4:${address}` : `dns:///${address}`;
}

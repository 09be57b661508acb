import { Failure } from '@switchboard/errors';
import type { Component, Logger } from '@switchboard/service-kit';
import {
  type Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
  status,
} from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { failureOf, identify } from './calls.js';
import { addReflection } from './reflection.js';
import { toStatus } from './status.js';
import { covers, type Caller, type VerifyToken } from './tokens.js';

/** One service of a server, and what each of its methods needs. */
export interface ServedService {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
  /** Scope per method, by its name in the definition (`listChats`). A missing one is a bug that stops the start. */
  readonly scopes: Readonly<Record<string, string>>;
}

/** What the server measures; a prom-client histogram fits. */
export interface GrpcMetrics {
  readonly answered: (method: string, code: string, seconds: number) => void;
}

export interface GrpcServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly services: readonly ServedService[];
  readonly verify: VerifyToken;
  readonly logger: Logger;
  readonly metrics?: GrpcMetrics;
  /** How long calls under way may go on when the server stops. */
  readonly drainMs?: number;
}

export interface GrpcServer extends Component {
  readonly port: () => number;
}

/** New pods get calls only when old connections end and names are resolved again. */
const CONNECTION_AGE_MS = 300_000;
const MESSAGE_BYTES = 8 * 1024 * 1024;

/**
 * A gRPC server on all addresses of both families. Every method needs a token with its scope: none or a wrong one is
 * UNAUTHENTICATED, a missing scope PERMISSION_DENIED. The standard health service and server reflection are open.
 */
export function grpcServer(options: GrpcServerOptions): GrpcServer {
  const { services, logger, drainMs = 10_000 } = options;
  const server = new Server({
    'grpc.max_receive_message_length': MESSAGE_BYTES,
    'grpc.max_send_message_length': MESSAGE_BYTES,
    'grpc.max_connection_age_ms': CONNECTION_AGE_MS,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.keepalive_permit_without_calls': 1,
  });
  const names = services.map(({ definition }) => serviceName(definition));
  const health = new HealthImplementation(Object.fromEntries(['', ...names].map((name) => [name, 'NOT_SERVING'])));
  for (const service of services) server.addService(service.definition, guarded(service, options));
  health.addToServer(server);
  addReflection(server, [...names, 'grpc.health.v1.Health']);
  let bound = 0;

  return {
    name: 'grpc',
    port: () => bound,
    async start() {
      bound = await bind(server, `[::]:${options.port}`);
      for (const name of ['', ...names]) health.setStatus(name, 'SERVING');
    },
    async stop() {
      for (const name of ['', ...names]) health.setStatus(name, 'NOT_SERVING');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          logger.warn({ ms: drainMs }, 'calls are cut: they outlive the drain');
          server.forceShutdown();
          resolve();
        }, drainMs);
        server.tryShutdown(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}

/** The implementation behind the check of its scopes, with one log line and one measurement per call. */
function guarded(service: ServedService, { verify, logger, metrics }: GrpcServerOptions): UntypedServiceImplementation {
  const { definition, implementation, scopes } = service;
  const guardedMethods: UntypedServiceImplementation = {};
  for (const [name, { path, responseStream }] of Object.entries(definition)) {
    const handler = implementation[name];
    const scope = scopes[name];
    if (!handler) throw new Error(`${path} is not implemented`);
    if (scope === undefined) throw new Error(`${path} names no scope: nothing is open by default`);

    const observe = (call: object, began: number, code: status): void => {
      const seconds = (performance.now() - began) / 1000;
      metrics?.answered(path, status[code], seconds);
      report(logger, path, code, seconds, failureOf(call));
    };
    const admit = async (call: { metadata: Metadata }): Promise<void> => {
      identify(call, await authorised(call.metadata, scope, verify));
    };

    guardedMethods[name] = (
      responseStream
        ? (call: StreamCall) => {
            const began = performance.now();
            let code = status.OK;
            call.once('error', (error: { code?: status }) => {
              code = error.code ?? status.INTERNAL;
            });
            call.once('cancelled', () => {
              code = status.CANCELLED;
            });
            call.once('close', () => {
              observe(call, began, code);
            });
            admit(call).then(
              () => {
                (handler as (call: StreamCall) => void)(call);
              },
              (error: unknown) => {
                call.emit('error', toStatus(error));
              },
            );
          }
        : (call: UnaryCall, callback: UnaryCallback) => {
            const began = performance.now();
            const answer: UnaryCallback = (error, ...rest) => {
              observe(call, began, error?.code ?? status.OK);
              callback(error, ...rest);
            };
            admit(call).then(
              () => {
                (handler as (call: UnaryCall, callback: UnaryCallback) => void)(call, answer);
              },
              (error: unknown) => {
                answer(toStatus(error));
              },
            );
          }
    ) as UntypedHandleCall;
  }
  return guardedMethods;
}

type UnaryCall = ServerUnaryCall<unknown, unknown>;
type UnaryCallback = (error: { code?: status } | null, ...rest: unknown[]) => void;
type StreamCall = NodeJS.EventEmitter & { readonly metadata: Metadata };

async function authorised(metadata: Metadata, scope: string, verify: VerifyToken): Promise<Caller> {
  const [header] = metadata.get('authorization');
  const token = typeof header === 'string' ? /^Bearer +(\S+)$/i.exec(header)?.[1] : undefined;
  if (token === undefined) {
    throw new Failure('unauthenticated', 'auth.missing-token', 'send metadata `authorization: Bearer <token>`');
  }
  const caller = await verify(token);
  if (!covers(caller.scopes, scope)) {
    throw new Failure('forbidden', 'auth.missing-scope', `the token lacks the scope ${scope}`, { details: { scope } });
  }
  return caller;
}

function report(logger: Logger, method: string, code: status, seconds: number, failure: unknown): void {
  const facts = { method, code: status[code], ms: Math.round(seconds * 1000) };
  if (failure === undefined || code === status.CANCELLED || code === status.DEADLINE_EXCEEDED) {
    logger.debug(facts, 'answered');
  } else if (failure instanceof Failure) {
    logger.info({ ...facts, failure: failure.code }, 'refused');
  } else {
    logger.error({ ...facts, err: failure }, 'a call met a bug');
  }
}

function serviceName(definition: ServiceDefinition): string {
  const [path] = Object.values(definition).map((method) => method.path);
  return path?.split('/')[1] ?? '';
}

const bind = (server: Server, address: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });

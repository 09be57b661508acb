import type { Component } from '@switchboard/service-kit';
import { Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { type Guard, guarded, measured, type ServedService } from './guard.js';
import { MESSAGE_BYTES } from './limits.js';
import { addReflection } from './reflection.js';

export interface GrpcServerOptions extends Guard {
  /** 0 takes a free one. */
  readonly port: number;
  readonly services: readonly ServedService[];
  /** How long unary calls under way may go on when the server stops. */
  readonly drainMs?: number;
}

export interface GrpcServer extends Component {
  readonly port: () => number;
}

/** New pods get calls only when old connections end and names are resolved again. */
const CONNECTION_AGE_MS = 300_000;
/** Beyond what we take, so that a little too much is read and refused by us, in words, and not by gRPC. */
const READ_BYTES = 2 * MESSAGE_BYTES;

/**
 * A gRPC server on all addresses of both families. Every method needs a token with its scope: none or a wrong one is
 * UNAUTHENTICATED, a missing scope PERMISSION_DENIED. The standard health service and server reflection are open. A
 * request or an answer of more than 8 MiB is INVALID_ARGUMENT. A stop ends streams at once and lets unary calls under way
 * go on for `drainMs`.
 */
export function grpcServer(options: GrpcServerOptions): GrpcServer {
  const { services, logger, drainMs = 10_000 } = options;
  const server = new Server({
    'grpc.max_receive_message_length': READ_BYTES,
    'grpc.max_send_message_length': MESSAGE_BYTES,
    'grpc.max_connection_age_ms': CONNECTION_AGE_MS,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.keepalive_permit_without_calls': 1,
  });
  const names = services.map(({ definition }) => serviceName(definition));
  const health = new HealthImplementation(Object.fromEntries(['', ...names].map((name) => [name, 'NOT_SERVING'])));
  const stopping = new AbortController();
  for (const service of services) {
    server.addService(measured(service.definition), guarded(service, options, stopping.signal));
  }
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
      stopping.abort();
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

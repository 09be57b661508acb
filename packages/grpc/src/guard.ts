import { Failure } from '@switchboard/errors';
import { inTrace, type Logger, readTraceParent } from '@switchboard/service-kit';
import {
  type Metadata,
  type ServerUnaryCall,
  type ServiceDefinition,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
  status,
} from '@grpc/grpc-js';
import { admit, failureOf, noteFailure } from './calls.js';
import { MESSAGE_BYTES, messageTooLarge, tooLarge } from './limits.js';
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

/** Who may call, and who is told of it. */
export interface Guard {
  readonly verify: VerifyToken;
  readonly logger: Logger;
  readonly metrics?: GrpcMetrics;
}

/** The implementation behind the check of its scopes, with one log line and one measurement per call. */
export function guarded(
  service: ServedService,
  { verify, logger, metrics }: Guard,
  stopping: AbortSignal,
): UntypedServiceImplementation {
  const { definition, implementation, scopes } = service;
  const guardedMethods: UntypedServiceImplementation = {};
  for (const [name, { path, responseStream, responseSerialize }] of Object.entries(definition)) {
    const handler = implementation[name];
    const scope = scopes[name];
    if (!handler) throw new Error(`${path} is not implemented`);
    if (scope === undefined) throw new Error(`${path} names no scope: nothing is open by default`);

    const observe = (call: object, began: number, code: status): void => {
      const seconds = (performance.now() - began) / 1000;
      metrics?.answered(path, status[code], seconds);
      report(logger, path, code, seconds, failureOf(call));
    };
    const enter = async (call: AnyCall): Promise<void> => {
      admit(call, { caller: await authorised(call.metadata, scope, verify), stopping });
      if (call.request === tooLarge) throw messageTooLarge(path);
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
            enter(call).then(
              () =>
                traced(call, path, (ended) => {
                  call.once('close', ended);
                  (handler as (call: StreamCall) => void)(call);
                }),
              (error: unknown) => {
                noteFailure(call, error);
                call.emit('error', toStatus(error));
              },
            );
          }
        : (call: UnaryCall, callback: UnaryCallback) => {
            const began = performance.now();
            const tell = (error: { code?: status } | null, bytes?: Buffer): void => {
              observe(call, began, error?.code ?? status.OK);
              callback(error, bytes);
            };
            const refuse = (error: unknown): void => {
              noteFailure(call, error);
              tell(toStatus(error));
            };
            const answer: UnaryCallback = (error, response) => {
              if (error) {
                tell(error);
                return;
              }
              try {
                const bytes = responseSerialize(response);
                if (bytes.length > MESSAGE_BYTES) refuse(messageTooLarge(path));
                else tell(null, bytes);
              } catch (bug) {
                refuse(bug);
              }
            };
            enter(call).then(
              () =>
                traced(call, path, (ended) => {
                  const answered: UnaryCallback = (error, response) => {
                    answer(error, response);
                    ended();
                  };
                  (handler as (call: UnaryCall, callback: UnaryCallback) => void)(call, answered);
                }),
              refuse,
            );
          }
    ) as UntypedHandleCall;
  }
  return guardedMethods;
}

type UnaryCall = ServerUnaryCall<unknown, unknown>;
type UnaryCallback = (error: { code?: status } | null, response?: unknown) => void;
interface AnyCall {
  readonly metadata: Metadata;
  readonly request: unknown;
}
type StreamCall = NodeJS.EventEmitter & AnyCall;

/** The methods as gRPC is told of them: sizes are checked here, and unary answers come serialised. */
export const measured = (definition: ServiceDefinition): ServiceDefinition =>
  Object.fromEntries(
    Object.entries(definition).map(([name, method]) => [
      name,
      {
        ...method,
        requestDeserialize: (bytes: Buffer): unknown =>
          bytes.length > MESSAGE_BYTES ? tooLarge : (method.requestDeserialize(bytes) as unknown),
        ...(!method.responseStream && { responseSerialize: (bytes: Buffer): Buffer => bytes }),
      },
    ]),
  );

/** Goes on with the caller's trace. What a handler threw marks its span, unless it is a refusal: that is no fault of ours. */
function traced(call: AnyCall, path: string, run: (ended: () => void) => void): Promise<void> {
  const [header] = call.metadata.get('traceparent');
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      run(() => {
        const failure = failureOf(call);
        if (failure === undefined || (failure instanceof Failure && failure.kind !== 'unavailable')) resolve();
        else
          reject(
            failure instanceof Error ? failure : new Error('a handler threw what is no error', { cause: failure }),
          );
      });
    });
  return inTrace(path.slice(1), { kind: 'server', parent: readTraceParent(header) }, work).catch(() => undefined);
}

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

import { BadRequest, ErrorInfo, RetryInfo } from '@switchboard/contracts/google/rpc/error_details';
import { Status } from '@switchboard/contracts/google/rpc/status';
import { Failure, type FailureKind } from '@switchboard/errors';
import { cut, fitting, messageTooLarge } from './limits.js';
import { Metadata, type ServiceError, status, type StatusObject } from '@grpc/grpc-js';

const codeOf: Record<FailureKind, status> = {
  invalid: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  'not-found': status.NOT_FOUND,
  conflict: status.ALREADY_EXISTS,
  exhausted: status.RESOURCE_EXHAUSTED,
  unavailable: status.UNAVAILABLE,
};

const kindOf = new Map<status, FailureKind>(Object.entries(codeOf).map(([kind, code]) => [code, kind as FailureKind]));

const DETAILS = 'grpc-status-details-bin';
const CODE = 'failure-code';
const DOMAIN = 'switchboard';
const typeUrl = (name: string): string => `type.googleapis.com/google.rpc.${name}`;

/**
 * A failure as a status with `google.rpc` details, as much of it as a status can carry; anything else is a bug, of which
 * the caller learns nothing.
 */
export function toStatus(thrown: unknown): Pick<StatusObject, 'code' | 'details' | 'metadata'> {
  const metadata = new Metadata();
  if (!(thrown instanceof Failure)) return { code: status.INTERNAL, details: 'internal error', metadata };
  const error = fitting(thrown);
  const code = codeOf[error.kind];
  metadata.set(CODE, error.code.replace(/[^\x20-\x7e]/g, '?'));
  // The sentence travels beside it, whole.
  const encoded = Status.encode({ code, message: cut(error.message, 200), details: detailsOf(error) }).finish();
  metadata.set(DETAILS, Buffer.from(encoded));
  return { code, details: error.message, metadata };
}

function detailsOf({ code, details, violations, retryAfterMs }: Failure): Status['details'] {
  const info = ErrorInfo.encode({ reason: code, domain: DOMAIN, metadata: { ...details } }).finish();
  const any = [{ typeUrl: typeUrl('ErrorInfo'), value: Buffer.from(info) }];
  if (violations.length > 0) {
    const fieldViolations = violations.map(({ field, description }) => ({
      field,
      description,
      reason: '',
      localizedMessage: undefined,
    }));
    any.push({ typeUrl: typeUrl('BadRequest'), value: Buffer.from(BadRequest.encode({ fieldViolations }).finish()) });
  }
  if (retryAfterMs !== undefined) {
    const retryDelay = { seconds: BigInt(Math.floor(retryAfterMs / 1000)), nanos: (retryAfterMs % 1000) * 1e6 };
    any.push({ typeUrl: typeUrl('RetryInfo'), value: Buffer.from(RetryInfo.encode({ retryDelay }).finish()) });
  }
  return any;
}

/** How grpc-js says that a message is beyond the limit, of a request, an answer or a part of a stream. */
const TOO_LARGE = /message (that decompresses to a size|with a size)? ?larger than/;

/** What a call to another service ended with, as the failure it was there; time-outs and lost peers are `unavailable`. */
export function fromStatus(error: ServiceError, method: string): Failure | Error {
  if (error.code === status.DEADLINE_EXCEEDED || error.code === status.CANCELLED) {
    return new Failure('unavailable', 'grpc.deadline', `${method} was not answered in time`, { cause: error });
  }
  const kind = kindOf.get(error.code);
  if (!kind) return error;
  const restored = restore(error);
  if (kind === 'exhausted' && restored.code === undefined && TOO_LARGE.test(error.details)) {
    return messageTooLarge(method, error);
  }
  const code = restored.code ?? (kind === 'unavailable' ? 'grpc.unreachable' : `grpc.${kind}`);
  return new Failure(kind, code, error.details, { ...restored, cause: error });
}

interface Restored {
  code?: string;
  details?: Record<string, string>;
  violations?: { field: string; description: string }[];
  retryAfterMs?: number;
}

function restore(error: ServiceError): Restored {
  const [bytes] = error.metadata.get(DETAILS);
  if (!(bytes instanceof Buffer)) return {};
  const found: Restored = {};
  for (const { typeUrl: url, value } of Status.decode(bytes).details) {
    if (url === typeUrl('ErrorInfo')) {
      const { reason, metadata } = ErrorInfo.decode(value);
      [found.code, found.details] = [reason, metadata];
    } else if (url === typeUrl('BadRequest')) {
      found.violations = BadRequest.decode(value).fieldViolations.map(({ field, description }) => ({
        field,
        description,
      }));
    } else if (url === typeUrl('RetryInfo')) {
      const { retryDelay } = RetryInfo.decode(value);
      if (retryDelay) found.retryAfterMs = Number(retryDelay.seconds) * 1000 + Math.round(retryDelay.nanos / 1e6);
    }
  }
  return found;
}

import { STATUS_CODES } from 'node:http';
import { Failure, type FailureKind } from '@switchboard/errors';
import type { Logger } from '@switchboard/service-kit';
import type { ErrorRequestHandler } from 'express';

/** The HTTP status of each kind of failure. */
export const httpStatus: Record<FailureKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  exhausted: 429,
  unavailable: 503,
};

/**
 * The one handler at the end of an app: a failure is answered as `{error: {code, message, violations}}` with its status
 * and `Retry-After`; what Express and its parsers refuse (a malformed path, a body that is not JSON or too large) in the
 * same form with their status, as `http.…`; anything else as 500 without a word about it, and logged.
 */
export const failureHandler =
  (logger: Logger): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const refusal = refusalOf(error);
    if (refusal) {
      const { status, ...told } = refusal;
      response.status(status).json({ error: told });
      return;
    }
    if (!(error instanceof Failure)) {
      logger.error({ method: request.method, path: request.path, err: error }, 'a request met a bug');
      response.status(500).json({ error: { code: 'internal', message: 'internal error' } });
      return;
    }
    const { kind, code, message, violations, retryAfterMs } = error;
    if (retryAfterMs !== undefined) response.set('retry-after', String(Math.ceil(retryAfterMs / 1000)));
    response.status(httpStatus[kind]).json({ error: { code, message, ...(violations.length > 0 && { violations }) } });
  };

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** By the `type` that Express's body parsers give their errors. */
const sentences: Readonly<Record<string, string>> = {
  'entity.parse.failed': 'the body is not valid JSON; send JSON in UTF-8',
  'entity.too.large': 'the body is larger than this route takes; send less',
  'encoding.unsupported': 'the content encoding is not supported; send the body as gzip, deflate or plain',
  'charset.unsupported': 'the charset is not supported; send UTF-8',
};

/**
 * What Express refused for the caller's fault. Told in words of our own: those of a parser quote what was sent. Clients
 * of other services give their errors a `status` too; those meant for our caller say `expose`, or are of a path.
 */
function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Failure || typeof error !== 'object' || error === null) return undefined;
  const { status, type, name, expose } = error as Partial<Record<'status' | 'type' | 'name' | 'expose', unknown>>;
  if (expose !== true && name !== 'URIError') return undefined;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 400 || status > 499) return undefined;
  if (name === 'URIError')
    return { status, code: 'http.malformed-path', message: 'the path is malformed; percent-encode it as UTF-8' };
  const known = typeof type === 'string' ? type : undefined;
  return {
    status,
    code: `http.${known?.replaceAll('.', '-') ?? 'refused'}`,
    message: sentences[known ?? ''] ?? `the request cannot be taken: ${STATUS_CODES[status] ?? status}`,
  };
}

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
 * and `Retry-After`, anything else as 500 without a word about it, and logged.
 */
export const failureHandler =
  (logger: Logger): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
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

import { Failure } from '@switchboard/errors';
import { mongo } from 'mongoose';

const DUPLICATE_KEY = 11_000;

/** Server codes that mean "another node, or later": step-downs, elections, shutdowns, time-outs, unreached majorities. */
const TRANSIENT_CODES = new Set([
  6, 7, 50, 64, 89, 91, 112, 133, 134, 189, 202, 246, 251, 262, 290, 317, 358, 384, 9001, 10_058, 10_107, 11_600,
  11_602, 13_435, 13_436,
]);

/** Of the driver's connection pool; their classes are not exported. */
const UNEXPORTED = new Set(['MongoWaitQueueTimeoutError', 'MongoPoolClosedError']);

const TRANSIENT_LABELS = ['RetryableWriteError', 'RetryableError', 'TransientTransactionError', 'ResetPool'];

/**
 * Turns what the driver says when nobody answers, nobody leads or the time is up into
 * `unavailable` (`mongo.unreachable`). What was written then is unknown. Any other error is returned as it is.
 */
export function translateMongoError(error: unknown): unknown {
  if (!isUnreachable(error)) return error;
  return new Failure('unavailable', 'mongo.unreachable', 'the database does not answer', {
    cause: error,
    retryAfterMs: 1_000,
  });
}

/** Runs one call of the driver and throws its errors translated. */
export async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translateMongoError(error);
  }
}

/**
 * The indexes of the operations of one unordered bulk that met a duplicate key, when that is all that went wrong;
 * the others were applied. Null for any other error: what was applied is then unknown.
 */
export function duplicateIndexes(error: unknown): readonly number[] | null {
  if (!(error instanceof mongo.MongoBulkWriteError)) return null;
  if (error.result.getWriteConcernError() !== undefined) return null;
  const writeErrors = [error.writeErrors].flat();
  if (writeErrors.length === 0 || writeErrors.some(({ code }) => code !== DUPLICATE_KEY)) return null;
  return writeErrors.map(({ index }) => index);
}

/** True for a duplicate key, of one insert or of a bulk in which nothing else went wrong. */
export function isDuplicate(error: unknown): boolean {
  if (error instanceof mongo.MongoBulkWriteError) return duplicateIndexes(error) !== null;
  return error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;
}

function isUnreachable(error: unknown): boolean {
  if (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoTopologyClosedError ||
    error instanceof mongo.MongoClientClosedError
  ) {
    return true;
  }
  if (!(error instanceof mongo.MongoError)) return false;
  if (UNEXPORTED.has(error.name)) return true;
  if (TRANSIENT_LABELS.some((label) => error.hasErrorLabel(label))) return true;
  if (error instanceof mongo.MongoBulkWriteError && error.result.getWriteConcernError() !== undefined) return true;
  if (error instanceof mongo.MongoWriteConcernError) return true;
  return typeof error.code === 'number' && TRANSIENT_CODES.has(error.code);
}

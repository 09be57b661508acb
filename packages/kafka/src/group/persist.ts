import { isTransient } from '@switchboard/errors';
import { describe, isPassing } from '../failures.js';
import { type Logger } from '../logger.js';
import { backoffMs, pause } from '../timing.js';

/** Tries until it succeeds; undefined when the signal ends it. */
export type Persist = <T>(
  signal: AbortSignal,
  about: object,
  what: string,
  action: () => Promise<T>,
) => Promise<T | undefined>;

/** `waiting` is told when something begins to wait for its next attempt, and when that is over. */
export function createPersist(logger: Logger, waiting: (delta: 1 | -1) => void): Persist {
  return async function persist(signal, about, what, action) {
    const isOver = () => signal.aborted;
    let attempt = 0;
    try {
      while (!isOver()) {
        try {
          return await action();
        } catch (error) {
          if (isOver()) break;
          attempt += 1;
          if (attempt === 1) waiting(1);
          const isForeseen = isTransient(error) || isPassing(error);
          logger[isForeseen ? 'warn' : 'error']({ ...about, attempt, reason: describe(error) }, what);
          await pause(backoffMs(attempt, 100, 5_000), signal);
        }
      }
      return undefined;
    } finally {
      if (attempt > 0) waiting(-1);
    }
  };
}

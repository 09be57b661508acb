import { describe, isPassing } from './failures.js';
import { type Logger } from './logger.js';
import { backoffMs, pause } from './timing.js';

export interface UntilOptions {
  /** What is not there yet, for the log. */
  readonly what: string;
  readonly logger: Logger;
  readonly signal?: AbortSignal | undefined;
  /** Whether an error is worth another attempt. */
  readonly mayPass?: (error: unknown) => boolean;
}

/** Tries for as long as the world is at fault. Rejects with any other error, and with the last when the signal aborts. */
export async function untilItWorks<T>(
  work: () => Promise<T>,
  { what, logger, signal, mayPass = isPassing }: UntilOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted || !mayPass(error)) throw error;
      logger.warn({ what, attempt, reason: describe(error) }, 'not there yet');
      await pause(backoffMs(attempt, 100, 5_000), signal);
    }
  }
}

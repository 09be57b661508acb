import { Failure, isTransient } from '@switchboard/errors';
import { backoffMs, pause } from '../timing.js';
import { type DeliveryContext, type Handler } from './handler.js';
import { type Outcome, setAside } from './outcome.js';

export interface Patience {
  /** How often a bug is tried before the event is set aside. */
  readonly attemptsForBugs: number;
  /** Waits before the next attempt, or until the signal aborts. */
  readonly wait: (attempt: number, error: unknown, signal: AbortSignal) => Promise<void>;
}

export const defaultPatience: Patience = {
  attemptsForBugs: 3,
  wait: (attempt, error, signal) =>
    pause(Math.max(backoffMs(attempt), error instanceof Failure ? (error.retryAfterMs ?? 0) : 0), signal),
};

export interface Settled {
  readonly outcome: Outcome;
  readonly attempts: number;
  /** The bug for which the event was set aside. */
  readonly bug?: unknown;
}

/**
 * Delivers until it is clear how it ended, and asks whose fault it is. The world's (`unavailable`, `exhausted`): wait
 * for as long as it takes, the event did nothing wrong. The event's (any other failure): set it aside at once. Ours
 * (anything else): a few attempts, then set it aside and say so. Undefined when the signal ends the waiting.
 */
export async function settle(
  handler: Handler,
  bytes: Uint8Array,
  context: DeliveryContext,
  patience: Patience = defaultPatience,
  onWait: (error: unknown, attempt: number) => void = () => undefined,
): Promise<Settled | undefined> {
  for (let attempt = 1; !context.signal.aborted; attempt += 1) {
    try {
      return { outcome: await handler.run(bytes, { ...context, attempt }), attempts: attempt };
    } catch (error) {
      const isWorld: boolean = isTransient(error);
      if (error instanceof Failure && !isWorld)
        return { outcome: setAside(`${error.code}: ${error.message}`), attempts: attempt };
      if (!isWorld && attempt >= patience.attemptsForBugs)
        return { outcome: setAside(String(error)), attempts: attempt, bug: error };
      onWait(error, attempt);
      await patience.wait(attempt, error, context.signal);
    }
  }
  return undefined;
}

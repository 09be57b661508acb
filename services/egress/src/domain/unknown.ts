/** What becomes of a message of which nobody knows whether Meta has it, and of one whose time runs out (TX-4, TX-3). */
import { type Message, withAttempts } from './message.js';

/** So long statuses may tell; then the rule decides. */
export const UNKNOWN_FOR_MS = 10 * 60_000;

/** When the message has to be looked at though nothing happens to it; undefined when it need not. */
export function deadlineOf({ queue, unknownSince, needsDecision, expiresAt }: Message): Date | undefined {
  if (queue === 'waiting') return expiresAt;
  if (queue !== 'unknown' || needsDecision || !unknownSince) return undefined;
  return new Date(unknownSince.getTime() + UNKNOWN_FOR_MS);
}

/** The message as if what is unknown of it had not been handed over: it waits for another attempt. */
export const sentAgain = (message: Message, wentSince: boolean): Message =>
  presuming({ ...message, ...(wentSince && { outOfOrder: true }) }, 'withdrawn');

/** The message as if what is unknown of it had failed. Statuses may still say otherwise. */
export const givenUp = (message: Message): Message => presuming(message, 'failed');

function presuming(message: Message, as: 'withdrawn' | 'failed'): Message {
  const { attempts } = message;
  const upTo = attempts.at(-1)?.number ?? 0;
  return withAttempts({ ...message, presumed: { upTo, as }, notBefore: undefined }, attempts);
}

import { Failure } from '@switchboard/errors';
import { type CallFor } from '../../use-cases/ports.js';

const HOUR_MS = 3_600_000;
/** The part of an account's calls that the reading of everything leaves for people. */
const FOR_PEOPLE = 0.25;

export interface Budget {
  /** Takes one call; `exhausted`, with when one is free again, where there is none. */
  readonly take: (wabaId: string, callFor: CallFor) => void;
}

/** One bucket of management calls per account, refilled evenly. Source: Meta, *Rate limits*: 5,000 an hour and account. */
export function createBudget(callsPerHour: number, monotonicMs: () => number): Budget {
  const buckets = new Map<string, { calls: number; atMs: number }>();
  const perMs = callsPerHour / HOUR_MS;
  return {
    take(wabaId, callFor) {
      const atMs = monotonicMs();
      const bucket = buckets.get(wabaId) ?? { calls: callsPerHour, atMs };
      buckets.set(wabaId, bucket);
      bucket.calls = Math.min(callsPerHour, bucket.calls + (atMs - bucket.atMs) * perMs);
      bucket.atMs = atMs;
      const needed = 1 + (callFor === 'reading' ? callsPerHour * FOR_PEOPLE : 0);
      if (bucket.calls < needed) {
        throw new Failure(
          'exhausted',
          'template.management-limit',
          `Meta takes so many calls of an account in an hour, and ours of this one are used up; try again later`,
          {
            retryAfterMs: Math.ceil((needed - bucket.calls) / perMs),
            details: { calls_per_hour: String(callsPerHour) },
          },
        );
      }
      bucket.calls -= 1;
    },
  };
}

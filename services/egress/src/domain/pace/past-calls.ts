/** What a new owner of a number reads of the calls that a former one has begun. */
import { type Attempt } from '../attempt.js';
import { type PairLimit } from './pairs.js';

/** A call to one customer. */
export interface PastCall {
  readonly begunAt: Date;
  /** Undefined while nobody knows. */
  readonly endedAt: Date | undefined;
  /** Meta refused it as too fast for this customer. */
  readonly isTooFast: boolean;
}

/** Meta: too many messages to this customer. */
const TOO_FAST = 131_056;
/** What was begun so long before may have been counted later. */
const ON_THE_WAY_MS = 30_000;

/** A burst of longer ago is paid back by now. */
export const remembersMs = ({ everyMs, burst }: PairLimit): number => burst * everyMs + ON_THE_WAY_MS;

/** Calls by customer, oldest first, begun after `since`, that Meta counts or may count; what it refused it does not. */
export function pastCalls(
  messages: readonly { readonly customer: string; readonly attempts: readonly Attempt[] }[],
  since: Date,
): ReadonlyMap<string, readonly PastCall[]> {
  const calls = new Map<string, PastCall[]>();
  for (const { customer, attempts } of messages) {
    const found = attempts.filter(({ startedAt }) => startedAt > since).flatMap(pastCall);
    if (found.length > 0) calls.set(customer, [...(calls.get(customer) ?? []), ...found]);
  }
  for (const ofCustomer of calls.values()) ofCustomer.sort((a, b) => a.begunAt.getTime() - b.begunAt.getTime());
  return calls;
}

function pastCall({ startedAt, answeredAt, outcome }: Attempt): PastCall[] {
  const isTooFast = outcome?.kind === 'withdrawn' && outcome.error?.code === TOO_FAST;
  const isCounted = outcome?.kind !== 'withdrawn' && outcome?.kind !== 'rejected';
  return isTooFast || isCounted ? [{ begunAt: startedAt, endedAt: answeredAt, isTooFast }] : [];
}

/**
 * How many people a business portfolio may reach: each counts who was written to outside the customer service window within
 * a moving 24 hours, whichever number wrote. Source: Meta, *Messaging limits*.
 */
import { type Address } from '../address.js';
import { type Refusal } from '../gate/refusal.js';
import { LONGEST_WAIT_MS } from '../retry.js';

/** So long a person counts after they were written to. */
export const REACH_MS = 24 * 3_600_000;
/** While a portfolio has reached all it may, it is looked at again at least so often: the limit may have been raised. */
const LOOK_MS = 60_000;
const SOON_MS = 1_000;

/** Who a message reaches, under one name for all numbers of the portfolio. */
export const personOf = ({ phone, userId, parentUserId }: Address, customer: string): string =>
  phone ?? parentUserId ?? userId ?? customer;

/** No room for another person. */
export interface Full {
  readonly limit: number;
  /** When the person who was reached first counts no more; now, where there may be room in a moment. */
  readonly opensAt: Date;
}

export type Room =
  | { readonly kind: 'wait'; readonly afterMs: number; readonly because: Refusal }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

/** A message waits for room where that opens while it may wait; else it is refused, and told when to come again. */
export function withoutRoom(
  { limit, opensAt }: Full,
  { acceptedAt, expiresAt }: { readonly acceptedAt: number; readonly expiresAt: Date | undefined },
  now: Date,
): Room {
  const because: Refusal = {
    code: 'egress.messaging-limit',
    reason: `Meta lets this portfolio write first to ${limit} people in 24 hours, and they are reached`,
    remedy: `send it again from ${opensAt.toISOString()} on, or raise the limit in WhatsApp Manager; people who write can be answered`,
    opensAt,
  };
  const until = Math.min(acceptedAt + LONGEST_WAIT_MS, expiresAt?.getTime() ?? Infinity);
  if (opensAt.getTime() > until) return { kind: 'refuse', refusal: because };
  const afterMs = Math.min(Math.max(opensAt.getTime() - now.getTime(), SOON_MS), LOOK_MS);
  return { kind: 'wait', afterMs, because };
}

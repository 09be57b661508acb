/** Who may call Meta for the numbers of a partition (architecture §4, *Out*). */

/** So long a lease lasts after it was taken or renewed. */
export const LEASE_MS = 10_000;
export const RENEW_MS = 3_000;
/** A call begins only with so much of it left. */
export const MARGIN_MS = 2_000;
/** An unknown keeps its customer's lane at most so long. */
export const UNKNOWN_HOLDS_MS = 30_000;

/** A lease as its holder knows it. */
export interface Lease {
  readonly partition: number;
  /** Raised each time it changes hands. */
  readonly epoch: number;
  /** By the holder's monotonic clock, counted from before it was asked for, so never later than the store's view. */
  readonly until: number;
}

export const mayBegin = (lease: Lease | undefined, monotonicMs: number): boolean =>
  lease !== undefined && lease.until - monotonicMs >= MARGIN_MS;

const DAY_MS = 24 * 3_600_000;

export type Reach = ReturnType<typeof createReach>;

/** Whom a portfolio has reached outside the window in the last 24 hours, over all its numbers. */
export function createReach() {
  // In the order of the last time; so the oldest stand first.
  const reached = new Map<string, number>();
  const forget = (nowMs: number) => {
    for (const [userId, atMs] of reached) {
      if (nowMs - atMs < DAY_MS) return;
      reached.delete(userId);
    }
  };
  return {
    /** Counts a person; false when that would be one too many. */
    take(userId: string, limit: number | null, nowMs: number): boolean {
      forget(nowMs);
      if (limit !== null && !reached.has(userId) && reached.size >= limit) return false;
      reached.delete(userId);
      reached.set(userId, nowMs);
      return true;
    },
    count(nowMs: number): number {
      forget(nowMs);
      return reached.size;
    },
  };
}

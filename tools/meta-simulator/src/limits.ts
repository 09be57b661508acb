import { z } from 'zod';

/** The limits Meta keeps; each can be switched off. */
export const limitsSchema = z.strictObject({
  /** Messages a second of one number, in and out together. */
  throughput: z.boolean(),
  throughput_per_second: z.number().positive(),
  /** One message each `pair_seconds` from one number to one person; a burst is borrowed from the time after it. */
  pair: z.boolean(),
  pair_seconds: z.number().positive(),
  pair_burst: z.number().int().positive(),
  /** Management calls an hour and WABA. */
  management: z.boolean(),
  management_per_hour: z.number().positive(),
  /** How a free-form message outside the 24 hours fails: in the answer, later in a status, or not at all. */
  window: z.enum(['answer', 'webhook', 'off']),
  /** Templates that are sent: `strict` are those of the account and are checked, `any` is whatever is named. */
  templates: z.enum(['strict', 'any']),
  /** Media ids that are sent: `strict` are those of the number that still live, `any` is whatever is named. */
  media_ids: z.enum(['strict', 'any']),
  /** People the portfolio may reach outside the window in 24 hours, over all its numbers; null: no limit. */
  messaging_limit: z.number().int().min(0).nullable(),
  messaging_limit_by: z.enum(['answer', 'webhook']),
  /** Marketing templates a person gets in 24 hours outside the window; null: no limit. */
  marketing_per_day: z.number().int().min(0).nullable(),
  /** Marketing templates to the United States are accepted and fail. */
  us_marketing_pause: z.boolean(),
  /** Delivered service messages a number has free in each month. */
  free_service_messages: z.number().int().min(0),
  /** Templates of a WABA: their number, how many may be made in an hour, how often an approved one may be edited. */
  templates_per_waba: z.number().int().min(0),
  template_creates: z.boolean(),
  template_creates_per_hour: z.number().int().positive(),
  template_edits: z.boolean(),
  /** How long a review takes. */
  template_review_ms: z.number().min(0),
  /** A body with n variables has more words than this times n; 0: as few as it likes. */
  template_words_per_variable: z.number().int().min(0),
  /** The HTTP status of 130429: Meta's table says 400, some have seen 429. */
  throttle_status: z.union([z.literal(429), z.literal(400)]),
});

export type Limits = z.infer<typeof limitsSchema>;

export const limitsPatch = limitsSchema.partial();

export const metaLimits: Limits = {
  throughput: true,
  throughput_per_second: 80,
  pair: true,
  pair_seconds: 6,
  pair_burst: 45,
  management: true,
  management_per_hour: 5000,
  window: 'answer',
  templates: 'any',
  media_ids: 'any',
  messaging_limit: null,
  messaging_limit_by: 'webhook',
  marketing_per_day: null,
  us_marketing_pause: true,
  free_service_messages: 1000,
  templates_per_waba: 250,
  template_creates: true,
  template_creates_per_hour: 100,
  template_edits: true,
  template_review_ms: 60_000,
  template_words_per_variable: 2,
  throttle_status: 400,
};

/** How many of a kind each person had in the last 24 hours. */
export function createDailyCaps() {
  const given = new Map<string, number[]>();
  return {
    /** Takes one; false when there were `most` in the last 24 hours. */
    take(key: string, most: number, nowMs: number): boolean {
      const recent = (given.get(key) ?? []).filter((atMs) => nowMs - atMs < 24 * 3_600_000);
      given.set(key, recent);
      if (recent.length >= most) return false;
      recent.push(nowMs);
      return true;
    },
  };
}

/** A bucket that refills evenly and holds at most one refill period's worth. */
export function createBuckets() {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const refill = (key: string, capacity: number, periodMs: number, nowMs: number) => {
    const bucket = buckets.get(key) ?? { tokens: capacity, atMs: nowMs };
    bucket.tokens = Math.min(capacity, bucket.tokens + ((nowMs - bucket.atMs) * capacity) / periodMs);
    bucket.atMs = nowMs;
    buckets.set(key, bucket);
    return bucket;
  };
  return {
    /** Takes one; false when there is none. */
    take(key: string, capacity: number, periodMs: number, nowMs: number): boolean {
      const bucket = refill(key, capacity, periodMs, nowMs);
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
    /** Counts one that cannot be refused, such as a customer's message. */
    spend(key: string, capacity: number, periodMs: number, nowMs: number): void {
      const bucket = refill(key, capacity, periodMs, nowMs);
      bucket.tokens = Math.max(0, bucket.tokens - 1);
    },
    clear: () => {
      buckets.clear();
    },
  };
}

/** The pair rate: within one period a burst may run up a debt, and nothing goes until the debt is paid. */
export function createPairs() {
  const pairs = new Map<string, { burstFromMs: number; sent: number; owedUntilMs: number }>();
  return {
    take(key: string, limits: Limits, nowMs: number): boolean {
      const periodMs = limits.pair_seconds * 1000;
      const pair = pairs.get(key);
      if (!pair || nowMs >= pair.owedUntilMs) {
        pairs.set(key, { burstFromMs: nowMs, sent: 1, owedUntilMs: nowMs + periodMs });
        return true;
      }
      if (nowMs - pair.burstFromMs >= periodMs || pair.sent >= limits.pair_burst) return false;
      pair.sent += 1;
      pair.owedUntilMs += periodMs;
      return true;
    },
    clear: () => {
      pairs.clear();
    },
  };
}

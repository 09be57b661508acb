import { z } from 'zod';

const share = z.number().min(0).max(1);
const rangeMs = z.tuple([z.number().min(0), z.number().min(0)]);

/** How the world behaves and misbehaves. Shares are between 0 and 1; ranges are [from, to] in milliseconds. */
export const faultsSchema = z.strictObject({
  answer_delay_ms: rangeMs,
  sent_delay_ms: rangeMs,
  delivered_delay_ms: rangeMs,
  read_delay_ms: rangeMs,
  webhook_delay_ms: rangeMs,
  /** Of the messages, how many tell `delivered`, and how many tell `read`. */
  delivered: share,
  read: share,
  /** Of the posts, how many come twice. */
  duplicates: share,
  /** Of the updates, how many are held back by up to `reorder_ms`, so that later ones overtake them. */
  reorder: share,
  reorder_ms: z.number().min(0),
  drop_statuses: share,
  /** Of the accepted messages, how many are never answered: the connection hangs or is cut. */
  timeouts: share,
  timeout_mode: z.enum(['hang', 'cut']),
  too_many_requests: share,
  server_errors: share,
  /** Every call is answered with 503. */
  outage: z.boolean(),
  /** Updates that gather for `batch_ms` travel in one post, at most `batch_max` in each. */
  batch_max: z.number().int().min(1).max(1000),
  batch_ms: z.number().min(0),
});

export type Faults = z.infer<typeof faultsSchema>;

export const faultsPatch = faultsSchema.partial();

export const noFaults: Faults = {
  answer_delay_ms: [0, 0],
  sent_delay_ms: [20, 80],
  delivered_delay_ms: [100, 400],
  read_delay_ms: [300, 1200],
  webhook_delay_ms: [0, 0],
  delivered: 1,
  read: 1,
  duplicates: 0,
  reorder: 0,
  reorder_ms: 2000,
  drop_statuses: 0,
  timeouts: 0,
  timeout_mode: 'hang',
  too_many_requests: 0,
  server_errors: 0,
  outage: false,
  batch_max: 1,
  batch_ms: 0,
};

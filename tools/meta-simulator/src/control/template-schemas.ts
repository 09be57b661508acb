import { z } from 'zod';
import { categories } from '../templates/draft.js';

const name = z.string().min(1);
const category = z.enum(categories);
const ms = z.number().min(0);

export const seed = z.strictObject({
  waba_id: name.optional(),
  /** With more than one, each gets its number: `order_1`, `order_2`. */
  name: z.string().default('template'),
  count: z.number().int().min(1).max(10_000).default(1),
  language: name.default('en_US'),
  category: category.default('UTILITY'),
  parameter_format: z.enum(['POSITIONAL', 'NAMED']).optional(),
  components: z.array(z.record(z.string(), z.unknown())).optional(),
  status: z.enum(['APPROVED', 'PENDING', 'REJECTED', 'PAUSED', 'DISABLED', 'ARCHIVED']).default('APPROVED'),
});

export const filter = z.strictObject({ waba_id: name.optional(), name: name.optional() });

export const verdict = z.strictObject({
  verdict: z.enum(['approve', 'reject', 'none']).default('approve'),
  reason: name.optional(),
  recommendation: name.optional(),
  category: category.optional(),
  after_ms: ms.optional(),
});

const which = { language: name.optional(), waba_id: name.optional() };

/** What can be done to a template, with what each needs; `language` and `waba_id` tell those of one name apart. */
export const actions = {
  approve: z.strictObject(which),
  reject: z.strictObject({ ...which, reason: name.optional(), recommendation: name.optional() }),
  pause: z.strictObject({
    ...which,
    title: z.enum(['FIRST_PAUSE', 'SECOND_PAUSE', 'RATE_LIMITING_PAUSE']).default('FIRST_PAUSE'),
  }),
  unpause: z.strictObject(which),
  disable: z.strictObject(which),
  categorise: z.strictObject({
    ...which,
    category,
    warn_first: z.boolean().default(true),
    after_ms: ms.default(24 * 3_600_000),
  }),
  quality: z.strictObject({ ...which, score: z.enum(['GREEN', 'YELLOW', 'RED', 'UNKNOWN']) }),
  limit_exceeded: z.strictObject(which),
  status: z.strictObject({
    ...which,
    status: z.enum(['APPROVED', 'PENDING', 'REJECTED', 'IN_APPEAL', 'LIMIT_EXCEEDED', 'ARCHIVED']),
    /** Told instead of the status: `FLAGGED`, `REINSTATED`, `LOCKED`, `UNARCHIVED`. */
    event: name.optional(),
  }),
};

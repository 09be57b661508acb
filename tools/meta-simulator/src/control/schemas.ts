import { z } from 'zod';

const name = z.string().min(1);
const phone = z.string().regex(/^[0-9]{7,15}$/, 'digits only, with the country code');
const json = z.record(z.string(), z.unknown());

const failure = z.strictObject({ code: z.number().int(), by: z.enum(['answer', 'webhook']).default('answer') });

export const newCustomer = z
  .strictObject({
    wa_id: phone,
    user_id: z.string().regex(/^[A-Z]{2}\.[A-Za-z0-9]{1,128}$/),
    parent_user_id: name,
    name,
    username: name,
    hides_phone: z.boolean(),
    fails: failure.nullable(),
  })
  .partial()
  .refine((given) => given.wa_id !== undefined || given.user_id !== undefined || given.name !== undefined, {
    message: 'wa_id, user_id or name is needed',
  });

export const customerPatch = z
  .strictObject({ name, username: name, hides_phone: z.boolean(), fails: failure.nullable() })
  .partial();

export const said = z
  .strictObject({
    phone_number_id: name.optional(),
    text: z.string().optional(),
    message: json.optional(),
    reply_to: name.optional(),
    /** As many messages at once; each text gets its number. */
    count: z.number().int().min(1).max(10_000).default(1),
    /** How the customer is called, when this is the first word of somebody new. */
    name: name.optional(),
  })
  .refine((given) => given.text !== undefined || given.message !== undefined, { message: 'text or message is needed' });

export const reaction = z.strictObject({
  message_id: name,
  emoji: z.string().optional(),
  phone_number_id: name.optional(),
});

export const preference = z.strictObject({ value: z.enum(['stop', 'resume']), phone_number_id: name.optional() });

export const mediaFailure = z.strictObject({
  on: z.enum(['description', 'content']).default('content'),
  http: z.number().int().min(400).max(599).default(500),
  times: z.number().int().min(1).default(1),
});

export const throughput = z.strictObject({
  level: z.enum(['STANDARD', 'HIGH', 'NOT_APPLICABLE']).default('HIGH'),
  maintenance_ms: z.number().min(0).default(60_000),
});

export const messagingLimit = z
  .strictObject({
    tier: z.enum(['TIER_250', 'TIER_2K', 'TIER_10K', 'TIER_100K', 'TIER_UNLIMITED']),
    people: z.number().int().min(0).nullable(),
  })
  .partial()
  .refine(({ tier, people }) => (tier === undefined) !== (people === undefined), {
    message: 'either tier or people is needed',
  });

export const edition = z.strictObject({
  message_id: name,
  text: z.string().optional(),
  message: json.optional(),
  phone_number_id: name.optional(),
});

export const revocation = z.strictObject({ message_id: name, phone_number_id: name.optional() });

export const newPhone = z.strictObject({ wa_id: phone.optional(), phone_number_id: name.optional() });

export const statusByHand = z.strictObject({ message_id: name, status: name, code: z.number().int().optional() });

export const update = z.strictObject({
  phone_number_id: name.optional(),
  field: name.default('messages'),
  list: name,
  item: json,
  contact: json.optional(),
});

export const callbackSchema = z.strictObject({
  url: z.url(),
  app_secret: z.string().optional(),
  verify_token: z.string().optional(),
});

export const orderedFailure = failure.extend({
  phone_number_id: name.optional(),
  to: name.optional(),
  times: z.number().int().min(1).default(1),
});

export const newNumber = z.strictObject({
  phone_number_id: name,
  waba_id: name,
  display_phone_number: name,
  verified_name: name.optional(),
});

export const resetSchema = z.strictObject({ seed: z.string().optional() });

export const advanceSchema = z.strictObject({ ms: z.number().min(0) });

export const messageFilter = z.strictObject({
  phone_number_id: name.optional(),
  customer: name.optional(),
  biz_opaque_callback_data: name.optional(),
  direction: z.enum(['in', 'out']).default('out'),
  after: name.optional(),
  limit: z.coerce.number().int().min(1).max(100_000).default(1000),
});

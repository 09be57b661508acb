import { z } from 'zod';
import { Refused } from '../errors.js';
import type { Json } from '../json.js';

const text = (max: number) => z.string().min(1).max(max);
const mediaKeys = { id: z.string().min(1).optional(), link: z.url().optional() };
const media = (more: z.ZodRawShape = {}) =>
  z.looseObject({ ...mediaKeys, ...more }).refine((given) => 'id' in given || 'link' in given, {
    message: 'id or link is required',
    params: { missing: true },
  });
const caption = { caption: z.string().max(1024).optional() };

const header = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: text(60) }),
  z.looseObject({ type: z.literal('image'), image: media() }),
  z.looseObject({ type: z.literal('video'), video: media() }),
  z.looseObject({ type: z.literal('document'), document: media() }),
]);
const around = (bodyMax: number) => ({
  header: header.optional(),
  body: z.looseObject({ text: text(bodyMax) }),
  footer: z.looseObject({ text: text(60) }).optional(),
});
const action = z.looseObject({ name: z.string().min(1), parameters: z.looseObject({}).optional() });
const buttons = z
  .array(z.looseObject({ type: z.literal('reply'), reply: z.looseObject({ id: text(256), title: text(20) }) }))
  .min(1)
  .max(3);
const sections = z
  .array(
    z.looseObject({
      title: z.string().max(24).optional(),
      rows: z
        .array(z.looseObject({ id: text(200), title: text(24), description: z.string().max(72).optional() }))
        .min(1),
    }),
  )
  .min(1)
  .max(10)
  .refine((all) => all.reduce((count, section) => count + section.rows.length, 0) <= 10, {
    message: 'Total row count exceeds the maximum of 10',
  });

const interactiveKinds = {
  button: z.looseObject({ ...around(1024), action: z.looseObject({ buttons }) }),
  list: z.looseObject({
    ...around(4096),
    header: z.looseObject({ type: z.literal('text'), text: text(60) }).optional(),
    action: z.looseObject({ button: text(20), sections }),
  }),
  cta_url: z.looseObject({
    ...around(1024),
    action: action.extend({ parameters: z.looseObject({ display_text: text(20), url: z.url() }) }),
  }),
  flow: z.looseObject({ ...around(1024), action }),
  product: z.looseObject({ action: z.looseObject({ catalog_id: text(256), product_retailer_id: text(256) }) }),
  product_list: z.looseObject({
    ...around(1024),
    action: z.looseObject({ catalog_id: text(256), sections: z.array(z.looseObject({})).min(1) }),
  }),
  catalog_message: z.looseObject({ ...around(1024), action }),
  location_request_message: z.looseObject({ ...around(1024), action }),
  address_message: z.looseObject({ ...around(1024), action }),
  request_contact_info: z.looseObject({ ...around(1024), action }),
  call_permission_request: z.looseObject({ action }),
  voice_call: z.looseObject({ ...around(1024), action }),
  carousel: z.looseObject({
    ...around(1024),
    action: z.looseObject({ cards: z.array(z.looseObject({})).min(2).max(10) }),
  }),
  order_details: z.looseObject({ ...around(1024), action }),
  order_status: z.looseObject({ ...around(1024), action }),
} as const;

/** What each type of message must look like. Keys that are not named here are let through: Meta adds new ones all the time. */
const kinds: Readonly<Record<string, z.ZodType>> = {
  text: z.looseObject({ body: text(4096), preview_url: z.boolean().optional() }),
  image: media(caption),
  video: media(caption),
  audio: media({ voice: z.boolean().optional() }),
  document: media({ ...caption, filename: z.string().optional() }),
  sticker: media(),
  location: z.looseObject({
    latitude: z.coerce.number().min(-90).max(90),
    longitude: z.coerce.number().min(-180).max(180),
  }),
  contacts: z.array(z.looseObject({ name: z.looseObject({ formatted_name: z.string().min(1) }) })).min(1),
  reaction: z.looseObject({ message_id: z.string().min(1), emoji: z.string().max(32).optional() }),
  template: z.looseObject({
    name: text(512),
    language: z.looseObject({ code: text(15) }),
    components: z
      .array(
        z.looseObject({
          type: z.string().min(1),
          parameters: z.array(z.looseObject({ type: z.string().min(1) })).optional(),
        }),
      )
      .optional(),
  }),
};

/**
 * Checks the content of a message as Meta does.
 * @throws Refused 100 for what is missing in the simple types, 131008 for what is missing elsewhere, 131009 for what is
 * there and wrong, 131051 for a type that does not exist.
 */
export function checkContent(type: string, content: unknown): void {
  const schema = type === 'interactive' ? interactiveSchema(content) : kinds[type];
  if (!schema) {
    const types = [...Object.keys(kinds), 'interactive'].sort().join(', ').toUpperCase();
    throw new Refused(100, { message: `(#100) Param type must be one of {${types}} - got "${type}".` });
  }
  if (content === undefined) throw required(type);
  const result = schema.safeParse(content);
  if (result.success) return;
  const [issue] = result.error.issues;
  if (issue) throw refusalOf(type, issue);
}

const required = (name: string) => new Refused(100, { message: `(#100) The parameter ${name} is required.` });

function interactiveSchema(content: unknown): z.ZodType {
  const kind = (content as Json | undefined)?.['type'];
  if (typeof kind !== 'string') return z.looseObject({ type: z.string() });
  if (!Object.hasOwn(interactiveKinds, kind)) {
    throw new Refused(131009, { details: `interactive['type'] "${kind}" is not a known type of interactive message.` });
  }
  return interactiveKinds[kind as keyof typeof interactiveKinds];
}

function refusalOf(type: string, issue: z.core.$ZodIssue): Refused {
  const name = `${type}${issue.path.map((key) => `['${String(key)}']`).join('')}`;
  const isMissing =
    (issue.code === 'invalid_type' && issue.input === undefined && issue.message.includes('undefined')) ||
    (issue.code === 'custom' && issue.params?.['missing'] === true);
  if (isMissing && type === 'text') return required(name);
  if (isMissing) return new Refused(131008, { details: `Parameter ${name} is missing: ${issue.message}.` });
  if (issue.code === 'too_big' && type === 'text') {
    return new Refused(100, { message: `(#100) Param ${name} must be at most ${issue.maximum} characters long.` });
  }
  const length =
    issue.code === 'too_big'
      ? `length invalid. Max length: ${issue.maximum}`
      : issue.code === 'too_small'
        ? `length invalid. Min length: ${issue.minimum}`
        : issue.message;
  return new Refused(131009, { details: `${name}: ${length}` });
}

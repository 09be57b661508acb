import { z } from 'zod';
import { Refused } from '../errors.js';
import type { Json } from '../json.js';
import { caption, filename, location, media, text } from './content-parts.js';
import { interactiveKinds } from './interactive-kinds.js';
import { template } from './template-content.js';

/** Beside the name that is shown Meta wants one of its parts. */
const name = z
  .looseObject({
    formatted_name: text(1024),
    first_name: z.string().optional(),
    last_name: z.string().optional(),
    middle_name: z.string().optional(),
    suffix: z.string().optional(),
    prefix: z.string().optional(),
  })
  .refine((given) => [given.first_name, given.last_name, given.middle_name, given.suffix, given.prefix].some(Boolean), {
    message: 'one of first_name, last_name, middle_name, suffix, prefix is required',
    params: { missing: true },
  });
const contact = z.looseObject({
  name,
  phones: z
    .array(
      z.looseObject({
        phone: z.string().optional(),
        wa_id: z
          .string()
          .regex(/^\d{5,15}$/)
          .optional(),
        type: z.string().optional(),
      }),
    )
    .optional(),
  emails: z.array(z.looseObject({ email: z.string().optional(), type: z.string().optional() })).optional(),
  urls: z.array(z.looseObject({ url: z.string().optional(), type: z.string().optional() })).optional(),
  addresses: z.array(z.looseObject({})).optional(),
  org: z.looseObject({ company: z.string().optional() }).optional(),
  birthday: z.iso.date().optional(),
});

/** One symbol as people see it; empty takes the reaction back. */
const isEmoji = (given: string): boolean =>
  given === '' || ([...new Intl.Segmenter().segment(given)].length === 1 && /\p{Emoji}/u.test(given));

/** What each type of message must look like. Keys that are not named here are let through: Meta adds new ones all the time. */
const kinds: Readonly<Record<string, z.ZodType>> = {
  text: z.looseObject({ body: text(4096), preview_url: z.boolean().optional() }),
  image: media(caption),
  video: media(caption),
  audio: media({ voice: z.boolean().optional() }),
  document: media({ ...caption, ...filename }),
  sticker: media(),
  location,
  contacts: z.array(contact).min(1).max(257),
  reaction: z.looseObject({
    message_id: z.string().startsWith('wamid.'),
    emoji: z.string().refine(isEmoji, { message: 'must be one emoji' }),
  }),
  template,
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

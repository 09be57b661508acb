import { z } from 'zod';
import { filename, location, media, text } from './content-parts.js';

/** The values of parameters that stand for no text of a template; those are looked at with the template. */
const values: Readonly<Record<string, z.ZodType>> = {
  image: z.looseObject({ image: media() }),
  video: z.looseObject({ video: media() }),
  gif: z.looseObject({ gif: media() }),
  document: z.looseObject({ document: media(filename) }),
  location: z.looseObject({ location }),
  product: z.looseObject({ product: z.looseObject({ product_retailer_id: text(256) }) }),
  payload: z.looseObject({ payload: text(256) }),
  coupon_code: z.looseObject({ coupon_code: text(20) }),
  action: z.looseObject({ action: z.looseObject({}) }),
};

const parameter = z
  .looseObject({ type: z.string().min(1), parameter_name: text(512).optional() })
  .superRefine((given, context) => {
    const result = values[given.type.toLowerCase()]?.safeParse(given);
    for (const issue of result?.error?.issues ?? []) context.addIssue({ ...issue });
  });
const parameters = z.array(parameter).optional();

const part = z.looseObject({ type: z.string().min(1), parameters });
// Meta wants the place of a button as text, and takes a number as well.
const place = z.union([z.string().regex(/^\d$/), z.number().int().min(0).max(9)]);
const button = part
  .extend({ sub_type: z.string().min(1), index: place.optional() })
  .refine(({ index }) => index !== undefined, {
    path: ['index'],
    message: 'index is required',
    params: { missing: true },
  });
const component = z.looseObject({ type: z.string().min(1) }).superRefine((given, context) => {
  const schema = given.type.toLowerCase() === 'button' ? button : part;
  for (const issue of schema.safeParse(given).error?.issues ?? []) context.addIssue({ ...issue });
});
const card = z.looseObject({ card_index: z.number().int().min(0).max(9), components: z.array(component) });

export const template = z.looseObject({
  name: z.string().regex(/^[a-z0-9_]{1,512}$/),
  language: z.looseObject({ code: text(15) }),
  components: z.array(component.and(z.looseObject({ cards: z.array(card).min(1).max(10).optional() }))).optional(),
});

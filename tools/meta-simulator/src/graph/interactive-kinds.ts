import { z } from 'zod';
import { distinct, filename, link, media, notHere, text } from './content-parts.js';
import { buttons, flow, productSections, rowSections } from './interactive-actions.js';

const BODY = 1024;

const textHeader = z.looseObject({ type: z.literal('text'), text: text(60) });
const header = z.discriminatedUnion('type', [
  textHeader,
  z.looseObject({ type: z.literal('image'), image: media() }),
  z.looseObject({ type: z.literal('video'), video: media() }),
  z.looseObject({ type: z.literal('document'), document: media(filename) }),
]);
const mediaHeader = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('image'), image: media() }),
  z.looseObject({ type: z.literal('video'), video: media() }),
]);
const body = (max: number) => z.looseObject({ text: text(max) });

const withFooter = { footer: body(60).optional() };
const usual = { header: header.optional(), body: body(BODY), ...withFooter };
const withoutHeader = { header: notHere, body: body(BODY), ...withFooter };
const bare = { header: notHere, body: body(BODY), footer: notHere };

const action = <Shape extends z.ZodRawShape>(name: string, parameters?: z.ZodObject<Shape>) =>
  z.looseObject({ name: z.literal(name), parameters: parameters ?? z.looseObject({}).optional() });

const cta = action('cta_url', z.looseObject({ display_text: text(20), url: link }));
const card = z.looseObject({
  card_index: z.number().int().min(0).max(9),
  type: z.enum(['cta_url', 'product']),
  header: mediaHeader.optional(),
  body: body(160).optional(),
  action: z.looseObject({}),
});

/** What each kind of interactive message must look like. Source: Meta, *Interactive messages*, the page of each kind. */
export const interactiveKinds = {
  button: z.looseObject({ ...usual, action: z.looseObject({ buttons }) }),
  list: z.looseObject({
    header: textHeader.optional(),
    body: body(4096),
    ...withFooter,
    action: z.looseObject({ button: text(20), sections: rowSections }),
  }),
  cta_url: z.looseObject({ ...usual, action: cta }),
  flow: z.looseObject({ ...usual, action: z.looseObject({ name: z.literal('flow'), parameters: flow }) }),
  product: z.looseObject({
    ...withoutHeader,
    body: body(BODY).optional(),
    action: z.looseObject({ catalog_id: text(256), product_retailer_id: text(256) }),
  }),
  product_list: z.looseObject({
    header: textHeader,
    body: body(BODY),
    ...withFooter,
    action: z.looseObject({ catalog_id: text(256), sections: productSections }),
  }),
  catalog_message: z.looseObject({
    ...withoutHeader,
    action: z.looseObject({
      name: z.literal('catalog_message'),
      parameters: z.looseObject({ thumbnail_product_retailer_id: text(256) }).optional(),
    }),
  }),
  location_request_message: z.looseObject({ ...bare, action: action('send_location') }),
  request_contact_info: z.looseObject({ ...bare, action: action('request_contact_info') }),
  address_message: z.looseObject({
    ...usual,
    action: action('address_message', z.looseObject({ country: z.string().length(2) })),
  }),
  call_permission_request: z.looseObject({
    ...bare,
    body: body(BODY).optional(),
    action: action('call_permission_request'),
  }),
  voice_call: z.looseObject({ ...usual, action: action('voice_call') }),
  carousel: z.looseObject({
    ...bare,
    action: z.looseObject({
      cards: z
        .array(card)
        .min(2)
        .max(10)
        .refine((all) => distinct(all.map(({ card_index: index }) => String(index))), {
          message: 'Duplicated card_index',
        })
        .refine((all) => new Set(all.map(({ type }) => type)).size === 1, {
          message: 'All cards must have the same type',
        }),
    }),
  }),
  order_details: z.looseObject({
    ...usual,
    action: action('review_and_pay', z.looseObject({ reference_id: text(60), currency: z.string().length(3) })),
  }),
  order_status: z.looseObject({
    ...usual,
    action: action(
      'review_order',
      z.looseObject({ reference_id: text(60), order: z.looseObject({ status: text(64) }) }),
    ),
  }),
} as const;

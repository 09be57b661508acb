import { z } from 'zod';
import { distinct, text } from './content-parts.js';

/** What can be pressed in an interactive message. */

export const buttons = z
  .array(z.looseObject({ type: z.literal('reply'), reply: z.looseObject({ id: text(256), title: text(20) }) }))
  .min(1)
  .max(3)
  .refine((all) => distinct(all.map(({ reply }) => reply.id)), { message: 'Duplicated button ids' })
  .refine((all) => distinct(all.map(({ reply }) => reply.title)), { message: 'Duplicated button titles' });

interface Section {
  readonly title?: string | undefined;
}
const hasTitles = (sections: readonly Section[]): boolean =>
  sections.length === 1 || sections.every(({ title }) => title !== undefined && title !== '');
const titled = { message: 'Sections need a title when there is more than one' };

const rows = z
  .array(z.looseObject({ id: text(200), title: text(24), description: z.string().max(72).optional() }))
  .min(1);
export const rowSections = z
  .array(z.looseObject({ title: z.string().max(24).optional(), rows }))
  .min(1)
  .max(10)
  .refine((all) => all.flatMap((each) => each.rows).length <= 10, {
    message: 'Total row count exceeds the maximum of 10',
  })
  .refine((all) => distinct(all.flatMap((each) => each.rows.map(({ id }) => id))), { message: 'Duplicated row ids' })
  .refine(hasTitles, titled);

const products = z.array(z.looseObject({ product_retailer_id: text(256) })).min(1);
export const productSections = z
  .array(z.looseObject({ title: z.string().max(24).optional(), product_items: products }))
  .min(1)
  .max(10)
  .refine((all) => all.flatMap((each) => each.product_items).length <= 30, {
    message: 'Total product count exceeds the maximum of 30',
  })
  .refine(hasTitles, titled);

export const flow = z
  .looseObject({
    flow_message_version: z.literal('3'),
    flow_id: text(256).optional(),
    flow_name: text(256).optional(),
    flow_cta: text(30).refine((cta) => !/\p{Extended_Pictographic}/u.test(cta), { message: 'Emoji are not allowed' }),
    flow_token: text(1024).optional(),
    mode: z.enum(['draft', 'published']).optional(),
    flow_action: z.enum(['navigate', 'data_exchange']).optional(),
    flow_action_payload: z.looseObject({ screen: text(256), data: z.looseObject({}).optional() }).optional(),
  })
  .refine((given) => given.flow_id !== undefined || given.flow_name !== undefined, {
    message: 'flow_id or flow_name is required',
    params: { missing: true },
  })
  .refine((given) => given.flow_action !== 'data_exchange' || given.flow_action_payload === undefined, {
    message: 'flow_action_payload is for flow_action navigate alone',
  });

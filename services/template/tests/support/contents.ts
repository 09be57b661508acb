import { type Template, TemplateCategory, TemplateContent } from '@switchboard/contracts/template/v1/template';
import { type Client, WABA } from './world.js';

export const nothing = TemplateContent.decode(new Uint8Array());
export const says = (text: string): TemplateContent => ({ ...nothing, body: { text: { text, examples: [] } } });
export const marketing = TemplateCategory.TEMPLATE_CATEGORY_MARKETING;
export const utility = TemplateCategory.TEMPLATE_CATEGORY_UTILITY;

let made = 0;
export const newName = (): string => `made_${(made += 1)}`;

/** A template that says its own name, for Meta takes none twice. */
export async function draft(client: Client, more: object = {}): Promise<Template> {
  const name = newName();
  const about = { wabaId: WABA, name, language: 'en_US', category: utility, content: says(`This is message ${name}.`) };
  const { template } = await client.create({ ...about, ...more });
  if (!template) throw new Error('no template was answered');
  return template;
}

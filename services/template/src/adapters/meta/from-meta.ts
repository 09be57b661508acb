/** A template as Meta gives it. What a newer Meta may have added is left out, never guessed. Source: Meta, *Template components*. */
import { type Category, type Header, type PlaceheldText, type TemplateContent } from '../../domain/content.js';
import { placeholdersIn } from '../../domain/grammar/placeholders.js';
import { statusOfMeta } from '../../domain/hear.js';
import { type MetaTemplate } from '../../domain/inputs.js';
import { type Quality } from '../../domain/template.js';
import { buttonFromMeta } from './buttons-from-meta.js';
import { isRecord, type Json, list, record, text } from './json.js';

const categories: Readonly<Record<string, Category>> = {
  MARKETING: 'marketing',
  UTILITY: 'utility',
  AUTHENTICATION: 'authentication',
};
const qualities: Readonly<Record<string, Quality>> = { GREEN: 'green', YELLOW: 'yellow', RED: 'red' };

export const categoryFromMeta = (word: string): Category | undefined => categories[word.toUpperCase()];
export const qualityFromMeta = (word: string): Quality => qualities[word.toUpperCase()] ?? 'unknown';
export const languageFromMeta = (word: string): string => word.replaceAll('-', '_');

/** The template where all of it can be read, and its name in any case. */
export function templateFromMeta(given: Json): {
  readonly name: string;
  readonly language: string;
  readonly template: MetaTemplate | undefined;
} {
  const [name, language] = [text(given['name']), languageFromMeta(text(given['language']))];
  const category = categoryFromMeta(text(given['category']));
  const status = statusOfMeta(text(given['status']));
  const metaTemplateId = text(given['id']);
  if (!category || !status || metaTemplateId === '' || name === '' || language === '')
    return { name, language, template: undefined };
  const components = list(given['components']).filter(isRecord);
  const template: MetaTemplate = {
    metaTemplateId,
    name,
    language,
    category,
    status,
    reason: text(given['rejected_reason']),
    quality: qualityFromMeta(text(record(given['quality_score'])['score'])),
    content: { ...contentFromMeta(components, category), sendTtlSeconds: lifeOf(given['message_send_ttl_seconds']) },
  };
  return { name, language, template };
}

/** -1 is Meta's longest, which is what it does where nothing is said. */
const lifeOf = (seconds: unknown): number => (typeof seconds === 'number' && seconds > 0 ? seconds : 0);

function contentFromMeta(components: readonly Json[], category: Category): Omit<TemplateContent, 'sendTtlSeconds'> {
  const part = (type: string): Json | undefined => components.find((each) => text(each['type']).toUpperCase() === type);
  const [header, body, footer] = [part('HEADER'), part('BODY'), part('FOOTER')];
  const buttons = list(part('BUTTONS')?.['buttons']).filter(isRecord).map(buttonFromMeta);
  if (category === 'authentication') {
    const minutes = footer?.['code_expiration_minutes'];
    const authentication = {
      securityRecommendation: body?.['add_security_recommendation'] === true,
      codeExpirationMinutes: typeof minutes === 'number' ? minutes : 0,
    };
    return { header: null, body: null, footer: '', buttons, authentication };
  }
  return {
    header: header ? headerFromMeta(header) : null,
    body: body ? textFromMeta(body, 'body_text') : null,
    footer: text(footer?.['text']),
    buttons,
    authentication: null,
  };
}

function headerFromMeta(header: Json): Header {
  const format = text(header['format']).toLowerCase();
  if (format === 'text') return { kind: 'text', ...textFromMeta(header, 'header_text') };
  if (format === 'location') return { kind: 'location' };
  const [exampleHandle] = list(record(header['example'])['header_handle']);
  return { kind: 'media', media: format, exampleHandle: text(exampleHandle) };
}

/** Examples of a body are lists of lists, those of a header a list; named ones say their names. */
function textFromMeta(component: Json, key: 'body_text' | 'header_text'): PlaceheldText {
  const words = text(component['text']);
  const example = record(component['example']);
  const named = list(example[`${key}_named_params`]).filter(isRecord);
  const values = list(example[key]).flat();
  const examples = placeholdersIn(words).flatMap((placeholder, index) => {
    const value = named.find((each) => text(each['param_name']) === placeholder)?.['example'] ?? values[index];
    return typeof value === 'string' ? [{ placeholder, value }] : [];
  });
  return { text: words, examples };
}

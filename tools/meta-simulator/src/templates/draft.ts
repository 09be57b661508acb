import { isJson, type Json, textOf } from '../json.js';
import { checkComponents, type Grammar } from './components.js';
import { languages } from './languages.js';
import { invalid, missing, mustBe, tooLong } from './refusals.js';
import type { TemplateCategory } from './store.js';
import type { ParameterFormat } from './variables.js';

export interface Draft {
  readonly name: string;
  readonly language: string;
  readonly category: TemplateCategory;
  readonly parameter_format: ParameterFormat;
  readonly components: readonly Json[];
  readonly message_send_ttl_seconds?: number;
}

export const categories = ['AUTHENTICATION', 'MARKETING', 'UTILITY'] as const;

/** How long a message may wait to be delivered, in seconds, by category; -1 is 30 days. */
const lifeOf: Readonly<Record<TemplateCategory, readonly [number, number]>> = {
  AUTHENTICATION: [30, 900],
  UTILITY: [30, 43_200],
  MARKETING: [43_200, 2_592_000],
};

export type Rules = Pick<Grammar, 'wordsPerVariable' | 'isSample'>;

/** A template to be created. @throws Refused for the first thing that is wrong */
export function readDraft(body: unknown, rules: Rules): Draft {
  const given = isJson(body) ? body : {};
  const { name, language } = given;
  if (typeof name !== 'string' || name === '') throw missing('name');
  if (name.length > 512) throw tooLong('The name', 512);
  if (!/^[a-z0-9_]+$/.test(name)) {
    throw invalid(2388046, 'The message template name can only have lowercase letters and underscores.');
  }
  if (typeof language !== 'string') throw missing('language');
  if (!languages.has(language)) throw mustBe('language', `one of {${[...languages].join(', ')}}`);
  const category = readCategory(given['category']);
  const format = readFormat(given['parameter_format']);
  const components = checkComponents(given['components'], { ...rules, format, category });
  return { name, language, category, parameter_format: format, components, ...readLife(given, category) };
}

export function readCategory(given: unknown): TemplateCategory {
  if (given === undefined) throw missing('category');
  const category = categories.find((each) => each === textOf(given).toUpperCase());
  if (!category) throw mustBe('category', `one of {${categories.join(', ')}}`);
  return category;
}

function readFormat(given: unknown): ParameterFormat {
  const format = given === undefined ? 'POSITIONAL' : textOf(given).toUpperCase();
  if (format !== 'POSITIONAL' && format !== 'NAMED') throw mustBe('parameter_format', 'one of {NAMED, POSITIONAL}');
  return format;
}

export function readLife(given: Json, category: TemplateCategory): { message_send_ttl_seconds?: number } {
  const life = given['message_send_ttl_seconds'];
  if (life === undefined) return {};
  const [low, high] = lifeOf[category];
  if (typeof life !== 'number' || (life !== -1 && (life < low || life > high))) {
    throw mustBe('message_send_ttl_seconds', `-1 or from ${low} to ${high} for category ${category}`);
  }
  return { message_send_ttl_seconds: life };
}

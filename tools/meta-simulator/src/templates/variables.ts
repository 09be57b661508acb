import { isJson } from '../json.js';

export type ParameterFormat = 'POSITIONAL' | 'NAMED';

const variable = /\{\{([^{}]*)\}\}/g;

/** The variables of a text, each once, in the order they first come. */
export const variablesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(variable)].map(([, name = '']) => name.trim())),
];

/** What is wrong with the way a text writes its variables; nothing when all is well. */
export function faultOf(text: string, format: ParameterFormat): string | undefined {
  if (/\{\{|\}\}/.test(text.replace(variable, ''))) return 'Variables must be written as {{1}} or {{name}}.';
  const names = variablesIn(text);
  if (format === 'NAMED') {
    const odd = names.find((name) => !/^[a-z][a-z0-9_]*$/.test(name));
    return odd === undefined
      ? undefined
      : `Variable names can only have lowercase letters and underscores: {{${odd}}}.`;
  }
  const odd = names.find((name) => !/^[1-9][0-9]*$/.test(name));
  if (odd !== undefined) return `Positional variables can only be whole numbers: {{${odd}}}.`;
  const hasGap = names.some((_name, index) => !names.includes(String(index + 1)));
  return hasGap ? 'Variables must be sequential and begin with {{1}}.' : undefined;
}

/** Whether a text begins or ends with a variable; punctuation around it does not count. */
export function hasVariableAtEdge(text: string): boolean {
  const core = text.replace(/^[\s\p{P}]*(?=\{\{)/u, '').replace(/(?<=\}\})[\s\p{P}]*$/u, '');
  return core.startsWith('{{') || core.endsWith('}}');
}

export const hasAdjacentVariables = (text: string): boolean => /\}\}\s*\{\{/.test(text);

export const wordsBeside = (text: string): number => text.replace(variable, ' ').match(/[\p{L}\p{N}]+/gu)?.length ?? 0;

export const fill = (text: string, values: ReadonlyMap<string, string>): string =>
  text.replace(variable, (whole, name: string) => values.get(name.trim()) ?? whole);

/** Whether `example` has a sample for each variable, in the form the component wants: `body_text` or `header_text`. */
export function hasExamples(names: readonly string[], format: ParameterFormat, key: string, example: unknown): boolean {
  if (names.length === 0) return true;
  if (!isJson(example)) return false;
  if (format === 'NAMED') {
    const given = example[`${key}_named_params`];
    if (!Array.isArray(given)) return false;
    const named = new Map(given.filter(isJson).map((each) => [each['param_name'], each['example']]));
    return names.every((name) => isFilledText(named.get(name)));
  }
  const given: unknown = example[key];
  const flat: unknown = key === 'body_text' && Array.isArray(given) ? given[0] : given;
  return Array.isArray(flat) && flat.length === names.length && flat.every(isFilledText);
}

export const isFilledText = (value: unknown): value is string => typeof value === 'string' && value !== '';

import { type PlaceheldText } from '../content.js';
import { demand, type Problem } from './problem.js';

const placeholder = /\{\{([a-z0-9_]+)\}\}/g;

/** Each once: positional ones by number, named ones as they first come. */
export function placeholdersIn(text: string): string[] {
  const found = [...new Set([...text.matchAll(placeholder)].map(([, name = '']) => name))];
  return found.every(isPosition) ? found.sort((a, b) => Number(a) - Number(b)) : found;
}

export const isPosition = (name: string): boolean => /^[0-9]+$/.test(name);

const isName = (name: string): boolean => /^[a-z][a-z0-9_]*$/.test(name);

/** The text with what stands for its placeholders; those without a value stay. */
export const fill = (text: string, values: ReadonlyMap<string, string>): string =>
  text.replace(placeholder, (whole, name: string) => values.get(name) ?? whole);

/** How placeholders are written, counted and exampled. What is true of a body alone is in `body.ts`. */
export function placeholderProblems(field: string, { text, examples }: PlaceheldText): Problem[] {
  const names = placeholdersIn(text);
  const positions = names.filter(isPosition);
  const isMixed = positions.length > 0 && positions.length < names.length;
  const odd = names.find((name) => !isPosition(name) && !isName(name));
  const gap = positions.findIndex((name, index) => name !== String(index + 1));
  return [
    ...demand(
      !/\{\{|\}\}/.test(text.replace(placeholder, '')),
      field,
      'placeholder-broken',
      'placeholders must be written {{1}} or {{order_id}}, without spaces, in lower-case letters, digits and underscores',
      'close the braces, or take them out',
    ),
    ...demand(
      odd === undefined,
      field,
      'placeholder-name',
      `names of placeholders must begin with a lower-case letter: {{${odd ?? ''}}}`,
      'give it another name',
    ),
    ...demand(
      !isMixed,
      field,
      'placeholders-mixed',
      'numbered and named placeholders must not be mixed',
      'number all of them, or name all of them',
    ),
    ...demand(
      isMixed || gap === -1,
      field,
      'placeholder-gap',
      `numbered placeholders must count from {{1}} without gaps: {{${gap + 1}}} is missing`,
      'number them anew',
    ),
    ...exampleProblems(`${field}.examples`, names, examples),
  ];
}

function exampleProblems(field: string, names: readonly string[], examples: PlaceheldText['examples']): Problem[] {
  const missing = names.filter((name) => !examples.some((each) => each.placeholder === name));
  return [
    ...missing.flatMap((name) =>
      demand(
        false,
        field,
        'example-missing',
        `every placeholder needs an example: {{${name}}} has none`,
        'say what could stand there',
      ),
    ),
    ...examples.flatMap((each, index) => {
      const at = `${field}[${index}]`;
      const isFirst = examples.findIndex(({ placeholder }) => placeholder === each.placeholder) === index;
      return [
        ...demand(
          names.includes(each.placeholder) && isFirst,
          `${at}.placeholder`,
          'example-surplus',
          `must name a placeholder of the text, each once: ${names.map((name) => `{{${name}}}`).join(', ') || 'it has none'}`,
          'take it away, or correct the name',
        ),
        ...demand(
          each.value.trim() !== '' && each.value.length <= 1_024,
          `${at}.value`,
          'example-length',
          'an example must be 1 to 1024 characters',
          'write what could stand there',
        ),
      ];
    }),
  ];
}

/** Whether a text begins or ends with a placeholder; punctuation around it does not count. */
export function hasPlaceholderAtEdge(text: string): boolean {
  const core = text.replace(/^[\s\p{P}]*(?=\{\{)/u, '').replace(/(?<=\}\})[\s\p{P}]*$/u, '');
  return core.startsWith('{{') || core.endsWith('}}');
}

export const hasAdjacentPlaceholders = (text: string): boolean => /\}\}\s*\{\{/.test(text);

export const wordsBeside = (text: string): number =>
  text.replace(placeholder, ' ').match(/[\p{L}\p{N}]+/gu)?.length ?? 0;

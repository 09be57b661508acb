import { english } from './lists/english.js';
import { japanese } from './lists/japanese.js';
import { parseWordsCsv } from './words-csv.js';

const lists: Readonly<Record<string, string>> = { en: english, ja: japanese };
const read = new Map<string, readonly string[]>();

/** Languages there is a list for. */
export const shippedLanguages: readonly string[] = Object.keys(lists);

/** The words of a shipped list; none for a language without one. */
export function shippedWords(language: string): readonly string[] {
  const text = Object.hasOwn(lists, language) ? lists[language] : undefined;
  if (text === undefined) return [];
  let words = read.get(language);
  if (!words) read.set(language, (words = parseWordsCsv(text).entries.map(({ word }) => word)));
  return words;
}

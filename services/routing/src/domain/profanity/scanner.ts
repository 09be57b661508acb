import { createFindWords, type Found } from './find-words.js';
import { shippedWords } from './shipped-words.js';
import { createWordTree } from './word-tree.js';

/** A part of a text, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

export interface Scanner {
  /** The parts of a text that are listed words, in order, at most a hundred. Never throws, whatever the text. */
  readonly scan: (text: string) => Span[];
}

/**
 * Makes a scanner for shipped lists (`en`, `ja`) and further words (PF-2). A word is found whole, never inside another;
 * in any case, with any accents and in any Unicode form; and in simple disguise: letters repeated, parted, or written
 * as digits, signs and look-alikes of other scripts, hidden characters among them. A phrase is found whatever parts its
 * words. Allowed words are no hits, and neither is what lies in an allowed phrase. Words that nobody can read are
 * ignored. Making one takes tens of milliseconds for thousands of words: keep it as long as the settings hold.
 */
export function createScanner(what: {
  readonly lists: readonly string[];
  readonly words: readonly string[];
  readonly allowed: readonly string[];
}): Scanner {
  const tree = createWordTree([...what.lists.flatMap(shippedWords), ...what.words], what.allowed);
  const findWords = createFindWords(tree);
  return { scan: (text) => spansOf(findWords(text)) };
}

/** The longest of those that overlap. */
function spansOf(found: readonly Found[]): Span[] {
  const allowed = found.filter(({ isAllowed }) => isAllowed);
  const hits = found
    .filter((hit) => !allowed.some(({ start, end }) => start <= hit.start && hit.end <= end))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const spans: Span[] = [];
  let covered = 0;
  for (const { start, end } of hits) {
    if (start < covered) continue;
    covered = end;
    spans.push({ start, length: end - start });
  }
  return spans;
}

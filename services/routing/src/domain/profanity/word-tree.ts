import { Kind, smallVowels, symbolsOf } from './symbols.js';

/**
 * All words in one tree. An edge is a letter and how often it stands there in a row at least: `asss` holds `ass`, `as`
 * does not. Words are found from their beginnings alone, so a tree is enough: the failure links of Aho and Corasick
 * would find them inside other words, where none is wanted.
 */
export interface WordTree {
  /** Of a code point; 0 = in no word. */
  readonly letterOf: (code: number) => number;
  /** The node below; undefined = no word goes on so. */
  readonly below: (node: number, letter: number, times: number) => number | undefined;
  /** What ends here. */
  readonly endsAt: (node: number) => WordEnd | undefined;
}

export interface WordEnd {
  readonly isAllowed: boolean;
  /** Letters, those in a row counted each. */
  readonly letters: number;
}

export const ROOT = 0;
/** The letter between the words of a phrase. */
export const GAP = 1;
/** Letters in a row are told apart up to so many. */
export const LONGEST_RUN = 4;

interface Step {
  readonly code: number;
  readonly times: number;
}

export function createWordTree(listed: readonly string[], allowed: readonly string[]): WordTree {
  const letters = new Map<number, number>();
  const read = (word: string): readonly Step[] => {
    const steps = stepsOf(word);
    for (const { code } of steps) if (code !== GAP_CODE && !letters.has(code)) letters.set(code, letters.size + 2);
    return steps;
  };
  const words = [
    ...listed.map((word) => ({ steps: read(word), isAllowed: false })),
    ...allowed.map((word) => ({ steps: read(word), isAllowed: true })),
  ];
  const width = (letters.size + 2) * (LONGEST_RUN + 1);
  const edges = new Map<number, number>();
  const ends = new Map<number, WordEnd>();
  const letterOf = (code: number): number => letters.get(code) ?? 0;
  const edgeOf = (node: number, letter: number, times: number): number =>
    node * width + letter * (LONGEST_RUN + 1) + times;
  let nodes = 1;
  for (const { steps, isAllowed } of words) {
    let node = ROOT;
    for (const { code, times } of steps) {
      const edge = edgeOf(node, code === GAP_CODE ? GAP : letterOf(code), times);
      const next = edges.get(edge) ?? nodes++;
      edges.set(edge, next);
      node = next;
    }
    const count = steps.reduce((sum, { code, times }) => sum + (code === GAP_CODE ? 0 : times), 0);
    if (node !== ROOT) ends.set(node, { isAllowed, letters: count });
  }
  return {
    letterOf,
    below: (node, letter, times) => edges.get(edgeOf(node, letter, times)),
    endsAt: (node) => ends.get(node),
  };
}

/** False for what is nothing to read: spaces, dashes, signs that cannot be seen. Such a word is never found. */
export const isReadable = (word: string): boolean => stepsOf(word).length > 0;

const GAP_CODE = -1;

/** Spaces, dashes and the like part the words of a phrase; around it they are nothing. */
function stepsOf(word: string): readonly Step[] {
  const { codes, kinds } = symbolsOf(word);
  const steps: Step[] = [];
  codes.forEach((read, index) => {
    const code = smallVowels.get(read) ?? read;
    const kind = kinds[index];
    if (kind === Kind.long && steps.length > 0) return;
    const last = steps.at(-1);
    if (kind === Kind.white || kind === Kind.pause || dashes.has(code)) {
      if (last && last.code !== GAP_CODE) steps.push({ code: GAP_CODE, times: 1 });
    } else if (last?.code === code) {
      steps[steps.length - 1] = { code, times: Math.min(last.times + 1, LONGEST_RUN) };
    } else steps.push({ code, times: 1 });
  });
  return steps.at(-1)?.code === GAP_CODE ? steps.slice(0, -1) : steps;
}

const dashes: ReadonlySet<number> = new Set(Array.from('-‐‑‒–—―_・', (dash) => dash.codePointAt(0) ?? 0));

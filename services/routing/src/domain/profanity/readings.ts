import { lookalikes, type Lookalike } from './lookalikes.js';
import { smallVowels } from './symbols.js';
import type { WordTree } from './word-tree.js';

/** One thing that a symbol may stand for. */
export interface Reading {
  readonly letter: number;
  readonly as: Lookalike['as'] | 'itself';
  readonly place: Lookalike['place'];
}

/** All that a symbol may stand for in the words of a tree. */
export type Readings = (code: number) => readonly Reading[];

export function createReadings(tree: WordTree): Readings {
  const known = new Map<number, readonly Reading[]>();
  const read = (code: number): readonly Reading[] => {
    const itself = { letter: tree.letterOf(smallVowels.get(code) ?? code), as: 'itself', place: 'anywhere' } as const;
    const look = lookalikes.get(code);
    const meant = Array.from(look?.letters ?? '', (letter) => tree.letterOf(letter.codePointAt(0) ?? 0));
    const others = look ? meant.map((letter) => ({ letter, as: look.as, place: look.place })) : [];
    return [itself, ...others].filter(({ letter }) => letter !== 0);
  };
  return (code) => {
    let found = known.get(code);
    if (!found) {
      found = read(code);
      // What is in no word is not worth remembering.
      if (found.length > 0) known.set(code, found);
    }
    return found;
  };
}

import type { Lookalike } from './lookalikes.js';
import type { Reading } from './readings.js';
import { ROOT } from './word-tree.js';

/** How far a word was read, and by what liberties. */
export interface Path {
  readonly node: number;
  /** The next symbol. */
  readonly at: number;
  /** Letters since the last sign that parts letters; those in a row count once. */
  readonly together: number;
  /** True when there were several together before a sign. */
  readonly wereTogether: boolean;
  readonly gaps: Gaps;
  /** Symbols that are none of the word's letters. */
  readonly skipped: readonly number[];
  /** Symbols read as the letters they are, or as letters of another script. */
  readonly letters: number;
  readonly digits: number;
  /** Digits that a letter follows. */
  readonly digitsInside: number;
  readonly masks: number;
  readonly isUnspaced: boolean;
  readonly firstAs: Reading['as'];
  readonly lastAs: Reading['as'];
  readonly lastPlace: Lookalike['place'];
}

/** What parts the letters. */
export interface Gaps {
  readonly white: boolean;
  readonly pause: boolean;
  readonly sign: boolean;
}
export const noGaps: Gaps = { white: false, pause: false, sign: false };

export const pathFrom = (at: number): Path => ({
  node: ROOT,
  at,
  together: 0,
  wereTogether: false,
  gaps: noGaps,
  skipped: [],
  letters: 0,
  digits: 0,
  digitsInside: 0,
  masks: 0,
  isUnspaced: true,
  firstAs: 'itself',
  lastAs: 'itself',
  lastPlace: 'anywhere',
});

/** The path with one symbol more. */
export function taken(path: Path, at: number, { as, place }: Reading): Path {
  const isLetter = as === 'itself' || as === 'letter';
  return {
    ...path,
    at: at + 1,
    letters: path.letters + Number(isLetter),
    digits: path.digits + Number(as === 'digit'),
    digitsInside: isLetter ? path.digits : path.digitsInside,
    firstAs: path.node === ROOT && path.together === 0 ? as : path.firstAs,
    lastAs: as,
    lastPlace: place,
  };
}

/** Shorter words are in too much that is none: codes of products, single letters. */
export const LONG_ENOUGH = 4;

/** True when the liberties taken are those of somebody who hides a word of so many letters, not of chance. */
export function isDisguise(path: Path, letters: number): boolean {
  const { gaps, digits, digitsInside, masks, isUnspaced, together, wereTogether, lastPlace } = path;
  if (lastPlace === 'inside' || path.letters === 0) return false;
  if (gaps.white && letters < LONG_ENOUGH) return false;
  if (gaps.pause && (isUnspaced || letters < LONG_ENOUGH - 1)) return false;
  if (gaps.sign && !isUnspaced) {
    const isInGroups = wereTogether || together > 1;
    if (letters < (isInGroups ? LONG_ENOUGH : LONG_ENOUGH - 1)) return false;
  }
  if (masks > 0 && (masks > 1 || letters < LONG_ENOUGH)) return false;
  if (digits === 0) return true;
  // Letters and then digits is how products are called: A55, CL17.
  const isCode = digitsInside === 0 && digits > 1;
  return letters >= LONG_ENOUGH && path.letters > 1 && !isCode;
}

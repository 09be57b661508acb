import { Kind, type Symbols } from './symbols.js';

/** Whether a word may begin or end there, in scripts that put no spaces between words. */
export interface Segments {
  /**
   * True when the symbols from `first` to `last` are a word or words of their own among their neighbours. `skipped`
   * are those among them that are disguise.
   */
  readonly areWords: (first: number, last: number, skipped: readonly number[]) => boolean;
}

/** The rules of one language hold for all such scripts: each has a dictionary of its own. */
const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });
/** Words are told apart by their neighbours; those farther away do not matter. */
const NEIGHBOURS = 24;
/** A text made to be slow is looked at in part. */
const MOST_LOOKS = 200;

export function createSegments(text: string, symbols: Symbols): Segments {
  const { kinds, starts, ends } = symbols;
  let looks = 0;
  const isPart = (at: number): boolean => isOfRun.has(kinds[at] ?? Kind.sign);

  /** As it is written there, in one form. */
  const piece = (at: number): string =>
    at > 0 && starts[at] === starts[at - 1] ? '' : text.slice(starts[at], ends[at]).normalize('NFKC');
  const written = (from: number, to: number, skipped: readonly number[]): string => {
    let all = '';
    for (let at = from; at < to; at += 1) if (!skipped.includes(at)) all += piece(at);
    return all.normalize('NFC');
  };

  return {
    areWords(first, last, skipped) {
      let [from, to] = [first, last + 1];
      while (from > 0 && first - from < NEIGHBOURS && isPart(from - 1)) from -= 1;
      while (to < kinds.length && to - last <= NEIGHBOURS && isPart(to)) to += 1;
      if (from === first && to === last + 1) return true;
      if ((looks += 1) > MOST_LOOKS) return false;
      const before = written(from, first, []);
      const word = written(first, last + 1, skipped);
      const after = written(last + 1, to, []);
      // A run of katakana is one word, often a foreign one that no dictionary has.
      if (isKatakana(before.at(-1)) && isKatakana(word[0])) return false;
      if (isKatakana(word.at(-1)) && isKatakana(after[0])) return false;
      const segments = segmenter.segment(before + word + after);
      const isEdge = (at: number): boolean => (segments.containing(at)?.index ?? at) === at;
      return isEdge(before.length) && isEdge(before.length + word.length);
    },
  };
}

const isOfRun: ReadonlySet<Kind> = new Set([Kind.unspaced, Kind.mark, Kind.long]);
const isKatakana = (letter: string | undefined): boolean =>
  letter !== undefined && /[\p{Script=Katakana}ー]/u.test(letter);

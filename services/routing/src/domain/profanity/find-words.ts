import { isDisguise, LONG_ENOUGH, noGaps, type Path, pathFrom, taken } from './path.js';
import { createReadings, type Reading } from './readings.js';
import { createSegments } from './segments.js';
import { Kind, smallVowels, symbolsOf } from './symbols.js';
import { GAP, LONGEST_RUN, ROOT, type WordTree } from './word-tree.js';

/** A word of the tree in a text, from the beginning of its first letter to the end of its last. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly isAllowed: boolean;
}

/** More tell nothing new of a message. */
const MOST_FOUND = 100;
/** From one beginning, and in one text: only a text made for it needs more. */
const MOST_STEPS = 500;
const MOST_STEPS_OF_TEXT = 20_000;
const MOST_SIGNS_BETWEEN = 3;
const LONGEST_LETTER = 50;
const LONG_MARK = 0x30fc;

/** Finds the words of a tree in texts, all that begin anywhere. */
export function createFindWords(tree: WordTree): (text: string) => Found[] {
  const readings = createReadings(tree);

  return function findWords(text) {
    const symbols = symbolsOf(text);
    const { codes, kinds, starts, ends } = symbols;
    const segments = createSegments(text, symbols);
    const found: Found[] = [];
    let [first, steps, stepsOfText] = [0, 0, 0];

    /** Reads on: directly, past signs that part letters, or to the next word of a phrase. */
    function go(path: Path): void {
      const { gaps } = path;
      const isSpelled = gaps.white || gaps.pause;
      if (!isSpelled || path.together === 0) read(path);
      if (path.node === ROOT) return;
      if (gaps === noGaps) goToNextWord(path);
      if (path.masks > 0) return;
      const wereTogether = path.wereTogether || path.together > 1;
      let parted: Path = { ...path, together: 0, wereTogether };
      for (let count = 0; count < MOST_SIGNS_BETWEEN; count += 1) {
        const next = past(parted);
        // Between groups of letters, what ends words and sentences ends this one too.
        if (!next || ((next.gaps.white || next.gaps.pause) && wereTogether)) return;
        read((parted = next));
      }
    }

    function past(path: Path): Path | undefined {
      const { at, gaps } = path;
      const on = { ...path, at: at + 1, skipped: [...path.skipped, at] };
      if (kinds[at] === Kind.white) return { ...on, gaps: { ...gaps, white: true } };
      if (kinds[at] === Kind.pause) return { ...on, gaps: { ...gaps, pause: true } };
      if (kinds[at] === Kind.sign) return { ...on, gaps: { ...gaps, sign: true } };
      return undefined;
    }

    function goToNextWord(path: Path): void {
      const node = tree.below(path.node, GAP, 1);
      if (node === undefined) return;
      let { at } = path;
      while (partsWords.has(kinds[at])) at += 1;
      if (at > path.at) read({ ...path, node, at, together: 0, wereTogether: false });
    }

    /** Takes the next symbol, and those after it that say it again, as the next letter, in every way it can be read. */
    function read(path: Path): void {
      const code = codes[path.at];
      if (code === undefined) return;
      for (const reading of readings(code)) {
        if (path.node === ROOT && reading.place !== 'anywhere') continue;
        // Where stars part letters they mask none.
        if (reading.as === 'mask' && (path.masks > 0 || path.gaps !== noGaps)) continue;
        readRun(path, reading);
      }
    }

    function readRun(path: Path, reading: Reading): void {
      const isUnspaced = kinds[path.at] === Kind.unspaced || kinds[path.at] === Kind.mark;
      const masks = path.masks + Number(reading.as === 'mask');
      let so: Path = { ...taken(path, path.at, reading), masks, isUnspaced: path.isUnspaced && isUnspaced };
      for (let times = 1; ;) {
        if ((steps += 1) > MOST_STEPS || (stepsOfText += 1) > MOST_STEPS_OF_TEXT) return;
        const again = so.at - path.at < LONGEST_LETTER ? sayAgain(so.at, reading.letter, isUnspaced) : undefined;
        // A letter that can only be the same one is never the beginning of something else.
        if (!again?.isPlain) stop({ ...so, together: path.together + 1 }, reading.letter, times);
        if (!again) {
          const parted = path.together === 0 && !path.wereTogether ? pastToAgain(so, reading.letter) : undefined;
          if (!parted) return;
          so = parted;
          times += 1;
        } else if (again.reading) {
          so = taken(so, so.at, again.reading);
          times += 1;
        } else so = { ...so, at: so.at + 1, skipped: [...so.skipped, so.at] };
      }
    }

    /** Where letters stand apart, those in a row do so too. */
    function pastToAgain(path: Path, letter: number): Path | undefined {
      let parted: Path | undefined = path;
      for (let count = 0; count < MOST_SIGNS_BETWEEN; count += 1) {
        parted = past(parted);
        if (!parted || (steps += 1) > MOST_STEPS || (stepsOfText += 1) > MOST_STEPS_OF_TEXT) return undefined;
        const reading = readings(codes[parted.at] ?? 0).find((each) => each.letter === letter);
        if (reading) return taken(parted, parted.at, reading);
      }
      return undefined;
    }

    /** Whether a symbol says the letter before it once more, or only longer. */
    function sayAgain(at: number, letter: number, isUnspaced: boolean) {
      const code = codes[at];
      if (code === undefined) return undefined;
      if (isUnspaced && (kinds[at] === Kind.long || smallVowels.has(code))) return { isPlain: false };
      const all = readings(code);
      const reading = all.find((each) => each.letter === letter);
      return reading && { reading, isPlain: reading.as === 'itself' && all.length === 1 && !isUnspaced };
    }

    function stop(path: Path, letter: number, times: number): void {
      for (let least = Math.min(times, LONGEST_RUN); least > 0; least -= 1) {
        const node = tree.below(path.node, letter, least);
        if (node === undefined) continue;
        const end = tree.endsAt(node);
        if (end && isDisguise(path, end.letters) && isWhole(path, end.letters)) {
          found.push({ start: starts[first] ?? 0, end: ends[path.at - 1] ?? 0, isAllowed: end.isAllowed });
        }
        go({ ...path, node });
      }
    }

    /** True when nothing before and after makes it a part of a longer word. */
    function isWhole({ at, skipped, firstAs, lastAs }: Path, letters: number): boolean {
      const last = at - 1;
      const isJoined = (edge: Kind | undefined, as: Reading['as'], beside: Kind | undefined): boolean => {
        if (edge === Kind.sign && as === 'itself') return false;
        if (beside === Kind.digit) return edge === Kind.digit || (edge === Kind.spaced && letters < LONG_ENOUGH);
        return beside === Kind.spaced && edge !== Kind.unspaced && edge !== Kind.mark;
      };
      if (kinds[at] === Kind.mark) return false;
      if (isJoined(kinds[first], firstAs, kinds[first - 1]) || isJoined(kinds[last], lastAs, kinds[at])) return false;
      const isUnspaced = [kinds[first], kinds[last]].some((kind) => kind !== undefined && isOfUnspaced.has(kind));
      return !isUnspaced || segments.areWords(first, last, skipped);
    }

    /** True when it may be the letter before it, said once more or longer. */
    function mayGoOn(code: number | undefined, letter: number): boolean {
      if (code === undefined) return false;
      if (code === LONG_MARK || smallVowels.has(code)) return true;
      for (const reading of readings(code)) if (reading.letter === letter) return true;
      return false;
    }

    /** True when the letters there, read as they stand, begin no word: so it is nearly everywhere. */
    function isPlainlyNone(from: number): boolean {
      let node = ROOT;
      for (let at = from; ; at += 1) {
        const code = codes[at];
        if (code === undefined) return tree.below(node, GAP, 1) === undefined;
        const kind = kinds[at] ?? Kind.sign;
        if (at > from + 1 && endsLetters.has(kind)) return tree.below(node, GAP, 1) === undefined;
        const [reading, ...others] = readings(code);
        if (!reading) return isLetter.has(kind);
        if (others.length > 0 || reading.as !== 'itself' || !isLetter.has(kind)) return false;
        if (mayGoOn(codes[at + 1], reading.letter)) return false;
        const next = tree.below(node, reading.letter, 1);
        if (next === undefined) return true;
        if (tree.endsAt(next)) return false;
        node = next;
      }
    }

    for (; first < codes.length && found.length < MOST_FOUND; first += 1) {
      const kind = kinds[first] ?? Kind.white;
      if (beginsNothing.has(kind) || isInside(kind, kinds[first - 1]) || isPlainlyNone(first)) continue;
      steps = 0;
      go(pathFrom(first));
    }
    return found;
  };
}

/** In the middle of a word or a number nothing begins. */
const isInside = (kind: Kind, before: Kind | undefined): boolean =>
  (kind === Kind.spaced && before === Kind.spaced) ||
  (kind === Kind.digit && (before === Kind.digit || before === Kind.spaced));

const isLetter: ReadonlySet<Kind> = new Set([Kind.spaced, Kind.unspaced, Kind.mark]);
const endsLetters: ReadonlySet<Kind> = new Set([Kind.white, Kind.pause, Kind.apostrophe]);
const partsWords: ReadonlySet<Kind | undefined> = new Set([Kind.white, Kind.pause, Kind.sign]);
const beginsNothing: ReadonlySet<Kind> = new Set([Kind.white, Kind.mark, Kind.long]);
const isOfUnspaced: ReadonlySet<Kind> = new Set([Kind.unspaced, Kind.mark, Kind.long]);

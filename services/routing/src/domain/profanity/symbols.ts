/** What a symbol is to words: which may stand between letters, which make a word go on. */
export const Kind = {
  /** A letter of a script that puts spaces between words. */
  spaced: 0,
  /** A letter of a script that does not: Japanese, Chinese, Thai and their like. */
  unspaced: 1,
  digit: 2,
  /** A mark that makes another letter of the unspaced one before it: Thai vowels, the voicing of kana. */
  mark: 3,
  /** Lengthens the kana before it. */
  long: 4,
  apostrophe: 5,
  white: 6,
  /** Ends a sentence or a part of one. */
  pause: 7,
  /** Any other punctuation, and pictures. */
  sign: 8,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** A text as its reader sees it: one entry for each letter or sign, with the place in the text it was read from. */
export interface Symbols {
  readonly codes: readonly number[];
  readonly kinds: readonly Kind[];
  /** UTF-16, of the original text. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * Reads any text, lone surrogates included. Compatibility forms are taken apart, case and accents taken off, and what
 * cannot be seen is left out, so that a text and its normal forms give the same symbols.
 */
export function symbolsOf(text: string): Symbols {
  const codes: number[] = [];
  const kinds: Kind[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (let at = 0; at < text.length;) {
    const unit = text.charCodeAt(at);
    const plain = ascii[unit];
    if (plain) {
      codes.push(plain.code);
      kinds.push(plain.kind);
      starts.push(at);
      ends.push((at += 1));
      continue;
    }
    const code = text.codePointAt(at) ?? 0;
    const next = at + (code > 0xffff ? 2 : 1);
    for (const folded of foldedOf(code)) {
      const last = codes.length - 1;
      if (folded === ACCENT) {
        // The accent is part of what is shown as one letter; one that follows nothing is nothing.
        if (last >= 0 && ends[last] === at) ends[last] = next;
        continue;
      }
      // A voicing mark that stands alone is a space and a mark to Unicode.
      if (isVoicing(folded.code) && kinds[last] === Kind.white) {
        for (const list of [codes, kinds, starts, ends]) list.pop();
      }
      if (isVoicing(folded.code)) {
        const voiced = voicedOf(codes[codes.length - 1], folded.code);
        if (voiced !== undefined) {
          codes[codes.length - 1] = voiced;
          ends[codes.length - 1] = next;
          continue;
        }
      }
      codes.push(folded.code);
      kinds.push(folded.kind);
      if (folded.isMark) sortMarks(codes);
      starts.push(at);
      ends.push(next);
    }
    at = next;
  }
  return { codes, kinds, starts, ends };
}

/** Marks of one letter mean the same in any order. */
function sortMarks(codes: number[]): void {
  for (let at = codes.length - 1; at > 0; at -= 1) {
    const [before = 0, mark = 0] = [codes[at - 1], codes[at]];
    if (before <= mark || !isMark.test(String.fromCodePoint(before))) return;
    [codes[at - 1], codes[at]] = [mark, before];
  }
}

interface Folded {
  readonly code: number;
  readonly kind: Kind;
  readonly isMark: boolean;
}
const ACCENT = 'accent';
type Reading = Folded | typeof ACCENT;

const known = new Map<number, readonly Reading[]>();
/** Texts hold few different characters; one that holds many does not fill the memory. */
const MOST_KNOWN = 20_000;

function foldedOf(code: number): readonly Reading[] {
  const found = known.get(code);
  if (found) return found;
  if (known.size >= MOST_KNOWN) known.clear();
  const made = fold(String.fromCodePoint(code));
  known.set(code, made);
  return made;
}

function fold(character: string): readonly Reading[] {
  if (isHidden.test(character)) return [];
  return Array.from(character.normalize('NFKD')).flatMap((part): Reading[] => {
    if (isHidden.test(part)) return [];
    if (isAccent.test(part) && !isVoicing(part.codePointAt(0) ?? 0)) return [ACCENT];
    // Upper case first: it makes ß two letters and takes the dotless i for one.
    const letters = Array.from(part.toUpperCase().toLowerCase().normalize('NFKD')).filter(
      (letter) => !isAccent.test(letter),
    );
    return (letters.length > 0 && !isVoicing(part.codePointAt(0) ?? 0) ? letters : [part]).map((letter) => {
      const code = letter.codePointAt(0) ?? 0;
      return { code, kind: kindOf(letter), isMark: isMark.test(letter) };
    });
  });
}

const isHidden = /[\p{Default_Ignorable_Code_Point}\p{Cf}]|(?!\s)\p{Cc}/u;
/** Marks of no script in particular are accents; Hebrew points are as good as none too. */
const isAccent =
  /\p{M}(?<=\p{Script=Inherited}|\p{Script=Latin}|\p{Script=Cyrillic}|\p{Script=Greek}|\p{Script=Hebrew})/u;
/** The kana that one with the mark is to people; undefined = there is none. */
function voicedOf(kana: number | undefined, mark: number): number | undefined {
  if (kana === undefined) return undefined;
  const written = String.fromCodePoint(kana, mark).normalize('NFC');
  return written.length === 1 ? written.codePointAt(0) : undefined;
}
const isMark = /\p{M}/u;
const isVoicing = (code: number): boolean => code === 0x3099 || code === 0x309a;

function kindOf(letter: string): Kind {
  return kindTests.find(([, test]) => test.test(letter))?.[0] ?? Kind.sign;
}
const kindTests: readonly (readonly [Kind, RegExp])[] = [
  [Kind.white, /[\s\u2800]/u],
  [Kind.long, /\u30fc/u],
  [Kind.mark, /[\u3099\u309a]|\p{M}(?<=[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])/u],
  [Kind.unspaced, /[々〆]|\p{L}(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])/u],
  [Kind.unspaced, /\p{L}(?<=[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])/u],
  [Kind.spaced, /[\p{L}\p{M}]/u],
  [Kind.digit, /\p{N}/u],
  [Kind.apostrophe, /['’‘ʼ`´]/u],
  [Kind.pause, /[.,:;!?/¡¿、。…،؛؟।]/u],
];

/** Small vowels of kana, each with the vowel: they are said longer, or make another sound of the letter before. */
export const smallVowels: ReadonlyMap<number, number> = new Map(
  Array.from('ぁぃぅぇぉァィゥェォ', (vowel) => [vowel.codePointAt(0) ?? 0, (vowel.codePointAt(0) ?? 0) + 1]),
);

/** Most of most texts; what is left out of them is not here. */
const ascii: readonly (Folded | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const [folded] = fold(String.fromCharCode(code));
  return folded === ACCENT ? undefined : folded;
});

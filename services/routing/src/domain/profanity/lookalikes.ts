/** Letters that a sign or a letter of another script may stand for, and where in a word it may. */
export interface Lookalike {
  readonly letters: string;
  /** Signs that also end sentences stand for letters only between others. */
  readonly place: 'anywhere' | 'not-first' | 'inside';
  readonly as: 'letter' | 'digit' | 'sign' | 'mask';
}

/** By code point, after case and accents are gone. */
export const lookalikes: ReadonlyMap<number, Lookalike> = new Map([
  ...table('letter', 'anywhere', {
    // Cyrillic
    ...{
      а: 'a',
      в: 'b',
      с: 'c',
      ԁ: 'd',
      е: 'e',
      є: 'e',
      ғ: 'f',
      һ: 'h',
      н: 'h',
      і: 'i',
      ј: 'j',
      к: 'k',
      ӏ: 'l',
      м: 'm',
    },
    ...{
      п: 'n',
      о: 'o',
      р: 'p',
      ԛ: 'q',
      г: 'r',
      я: 'r',
      ѕ: 's',
      т: 't',
      ц: 'u',
      ѵ: 'v',
      ш: 'w',
      ԝ: 'w',
      х: 'x',
      у: 'yu',
    },
    // Greek
    ...{ α: 'a', β: 'b', ϲ: 'c', δ: 'd', ε: 'e', η: 'nh', ι: 'i', κ: 'k', μ: 'um', ν: 'nv', ο: 'o', ρ: 'p', σ: 'so' },
    ...{ τ: 't', υ: 'uy', ω: 'w', χ: 'x', γ: 'y', ζ: 'z' },
    // Armenian
    ...{ օ: 'o', ս: 'u', հ: 'h', ո: 'n', ց: 'g', յ: 'j' },
    // Latin letters of their own
    ...{
      ø: 'o',
      ł: 'l',
      đ: 'd',
      ħ: 'h',
      ŧ: 't',
      ƒ: 'f',
      ɑ: 'a',
      ɡ: 'g',
      ɪ: 'i',
      ı: 'i',
      ə: 'e',
      ɛ: 'e',
      ɔ: 'c',
      ʀ: 'r',
    },
    ...{ ᴀ: 'a', ʙ: 'b', ᴄ: 'c', ᴅ: 'd', ᴇ: 'e', ꜰ: 'f', ɢ: 'g', ʜ: 'h', ᴊ: 'j', ᴋ: 'k', ʟ: 'l', ᴍ: 'm', ɴ: 'n' },
    ...{ ᴏ: 'o', ᴘ: 'p', ꜱ: 's', ᴛ: 't', ᴜ: 'u', ᴠ: 'v', ᴡ: 'w', ʏ: 'y', ᴢ: 'z', ӕ: 'a' },
    ...alphabetFrom(0x1f150),
    ...alphabetFrom(0x1f170),
  }),
  ...table('digit', 'anywhere', { 0: 'o', 1: 'il', 3: 'e', 4: 'a', 5: 's', 6: 'g', 7: 't', 8: 'b', 9: 'g' }),
  ...table('sign', 'anywhere', { '@': 'a', $: 's', '€': 'e' }),
  ...table('sign', 'not-first', { '+': 't', '¢': 'c' }),
  ...table('sign', 'inside', { '!': 'il', '¡': 'i', '|': 'il' }),
  ...table('mask', 'inside', { '*': 'aeiou' }),
]);

function table(
  as: Lookalike['as'],
  place: Lookalike['place'],
  letters: Readonly<Record<string, string>>,
): [number, Lookalike][] {
  return Object.entries(letters).map(([sign, meant]) => [sign.codePointAt(0) ?? 0, { letters: meant, place, as }]);
}

/** Twenty-six pictures of letters in a row, which Unicode does not take for letters. */
function alphabetFrom(first: number): Record<string, string> {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  return Object.fromEntries(Array.from(letters, (letter, index) => [String.fromCodePoint(first + index), letter]));
}

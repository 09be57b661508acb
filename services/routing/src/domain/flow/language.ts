/**
 * The language a text is likely written in, by its script alone, as a BCP 47 primary tag; empty when that tells nothing.
 * A script that several languages share counts as the most spoken of them; Latin is shared by too many to tell. Kana
 * make a text Japanese; Han alone is Japanese for a customer from Japan, else Chinese.
 */
export function languageOf(text: string, country: string): string {
  const letters = text.slice(0, ENOUGH).match(/\p{L}/gu) ?? [];
  let [best, most] = ['', letters.filter((letter) => /\p{Script=Latin}/u.test(letter)).length];
  for (const [language, script] of scripts) {
    const count = letters.filter((letter) => script.test(letter)).length;
    if (count > most) [best, most] = [language, count];
  }
  return best === HAN ? hanOf(text, country) : best;
}

/** The beginning of a long text tells as much as the whole. */
const ENOUGH = 500;
const HAN = 'han';
const hanOf = (text: string, country: string): string =>
  country === 'JP' || /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text) ? 'ja' : 'zh';

const scripts: readonly (readonly [language: string, script: RegExp])[] = [
  [HAN, /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['am', /\p{Script=Ethiopic}/u],
  ['ar', /\p{Script=Arabic}/u],
  ['bn', /\p{Script=Bengali}/u],
  ['el', /\p{Script=Greek}/u],
  ['gu', /\p{Script=Gujarati}/u],
  ['he', /\p{Script=Hebrew}/u],
  ['hi', /\p{Script=Devanagari}/u],
  ['hy', /\p{Script=Armenian}/u],
  ['ka', /\p{Script=Georgian}/u],
  ['km', /\p{Script=Khmer}/u],
  ['kn', /\p{Script=Kannada}/u],
  ['ko', /\p{Script=Hangul}/u],
  ['lo', /\p{Script=Lao}/u],
  ['ml', /\p{Script=Malayalam}/u],
  ['my', /\p{Script=Myanmar}/u],
  ['pa', /\p{Script=Gurmukhi}/u],
  ['ru', /\p{Script=Cyrillic}/u],
  ['si', /\p{Script=Sinhala}/u],
  ['ta', /\p{Script=Tamil}/u],
  ['te', /\p{Script=Telugu}/u],
  ['th', /\p{Script=Thai}/u],
];

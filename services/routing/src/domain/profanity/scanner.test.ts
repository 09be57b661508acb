import fc from 'fast-check';
import { createScanner } from './scanner.js';
import { shippedLanguages, shippedWords } from './shipped-words.js';

/** `PF-2`: what is found, what is not, and where. Texts mark what is to be found with ⟦ and ⟧. */

const shipped = createScanner({ lists: shippedLanguages, words: [], allowed: [] });
const hitsOf = (text: string, { scan } = shipped): string[] =>
  scan(text).map(({ start, length }) => text.slice(start, start + length));

/** The text with what is found in it marked. */
function marked(text: string, { scan } = shipped): string {
  const spans = scan(text).reverse();
  return spans.reduce(
    (so, { start, length }) => `${so.slice(0, start)}⟦${so.slice(start, start + length)}⟧${so.slice(start + length)}`,
    text,
  );
}
const unmarked = (text: string): string => text.replace(/[⟦⟧]/g, '');

describe('PF-2 a listed word is found', () => {
  it.each([
    'this is ⟦shit⟧, really',
    '⟦SHIT⟧! ⟦Shit⟧? (⟦shit⟧) "⟦shit⟧" *⟦shit⟧* _⟦shit⟧_',
    'repeated: ⟦fuuuuck⟧ ⟦FFFuckkk⟧ ⟦assss⟧',
    'accents: ⟦fück⟧ ⟦f́úćḱ⟧ ⟦ｆｕｃｋ⟧ ⟦ⓢⓗⓘⓣ⟧ ⟦🅢🅗🅘🅣⟧',
    'digits and signs: ⟦sh1t⟧ ⟦5h1t⟧ ⟦$hit⟧ ⟦b!tch⟧ ⟦@sshole⟧ ⟦a$$⟧ ⟦n1gg3r⟧ ⟦bi+ch⟧ ⟦d1ckhead⟧',
    'masked: ⟦sh*t⟧ ⟦f*ck⟧ ⟦b*tch⟧',
    'hidden: ⟦sh\u200bit⟧ ⟦sh\u00adit⟧ ⟦s\u2060h\u200di\ufefft⟧',
    'other scripts: ⟦ѕһіt⟧ ⟦ғυск⟧ ⟦bіtсh⟧',
    'parted: ⟦f.u.c.k⟧ ⟦f u c k⟧ ⟦f - u - c - k⟧ ⟦sh-it⟧ ⟦f_uck⟧ ⟦a.s.s⟧ ⟦p u s s y⟧ ⟦f🔥u🔥c🔥k⟧',
    'all at once: ⟦ＦＦ.ü.с\u200b.КK⟧',
    'beside digits and other scripts: ⟦shit⟧123 だ⟦shit⟧だ',
    'phrases: ⟦go to hell⟧, ⟦kill   yourself⟧; ⟦Piss-Off⟧',
  ])('%s', (text) => {
    expect(marked(unmarked(text))).toBe(text);
  });

  it.each([
    'お前は⟦ばか⟧だ',
    '⟦バカ⟧！ ⟦ﾊﾞｶ⟧ ⟦馬鹿⟧ ⟦バーーカ⟧ ⟦バカァァ⟧ ⟦バ・カ⟧ ⟦ば\u200bか⟧',
    'この⟦クソ野郎⟧、⟦死ね⟧よ',
    'お前⟦バカ⟧か、⟦バカ⟧から言われたくない',
    'なんだこの⟦くそ⟧アプリ',
    '⟦うぜぇ⟧',
  ])('%s', (text) => {
    expect(marked(unmarked(text))).toBe(text);
  });

  it('in languages that put no spaces between words', () => {
    const own = createScanner({ lists: [], words: ['傻逼', 'ควาย'], allowed: [] });

    expect(marked('你这个大傻逼啊', own)).toBe('你这个大⟦傻逼⟧啊');
    expect(marked('อีควายโง่', own)).toBe('อี⟦ควาย⟧โง่');
    expect(marked('คนไทยไม่ควร', own)).toBe('คนไทยไม่ควร');
  });
});

describe('PF-2 nothing is found', () => {
  it.each([
    ['inside words', 'Scunthorpe classic Arsenal assassin cockpit Essex Penistone bass grass shitake Dickens cocktail'],
    ['inside words in disguise', 'Scunth0rpe cl4ssic c0ckpit @ssassin'],
    ['where words meet', "It's hit, push it, as shown, who're you, he'll go.ok, cu.m."],
    ['in codes and prices', 'Galaxy A55, CL17, T175, EC1 4SS, A$55, SH17'],
    ['in names with an exclamation mark', 'Hi Ana! (lit) Wow! 1st!!!'],
    ['in other languages', 'en retard, sum, Сам Том нет, το και, Ärger, crème brûlée'],
    [
      'in longer katakana words',
      'サブスク パチンコ ワンマンコンサート ロマンコース カスタマー バカリズム ファックス スバル デブリ',
    ],
    ['in longer Japanese words', 'ばかり、そばかす。ばかばかしい。馬鹿力'],
    ['where Japanese words meet', '楽しいですしね。安いし、ね。お金をかす'],
  ])('%s', (_where, text) => {
    expect(hitsOf(text)).toEqual([]);
  });
});

describe('PF-1 a brand', () => {
  it('has words and phrases of its own, in its spelling, signs too', () => {
    const own = createScanner({ lists: [], words: ['Nachttopf!', 'no refund', '🖕', '1488', 'ab'], allowed: [] });

    expect(marked('NACHTTÖPF no-refund 🖕🖕 1488 21488 ab abc ab1', own)).toBe(
      '⟦NACHTTÖPF⟧ ⟦no-refund⟧ ⟦🖕🖕⟧ ⟦1488⟧ 21488 ⟦ab⟧ abc ab1',
    );
  });

  it('allows words whatever the lists say, and what lies in phrases that it allows', () => {
    const own = createScanner({ lists: ['en'], words: ['cum'], allowed: ['cock', 'magna cum laude'] });

    expect(marked('a c0ck and a dick, magna  cum laude, cum', own)).toBe(
      'a c0ck and a ⟦dick⟧, magna  cum laude, ⟦cum⟧',
    );
  });

  it('is not disturbed by words that nobody can read, nor by lists that there are not', () => {
    const own = createScanner({ lists: ['xx', '__proto__'], words: ['', ' - ', '\u200b', '\ud800'], allowed: ['.'] });

    expect(hitsOf('- \u200b . words', own)).toEqual([]);
  });
});

/** Somebody hides a word: what they do to each letter, and what they put between letters. */
interface Disguise {
  readonly letter: (letter: string, index: number) => string;
  readonly between?: string;
}
const likeness: Readonly<Record<string, string>> = {
  a: 'а',
  c: 'с',
  e: 'е',
  i: 'і',
  o: 'ο',
  p: 'р',
  s: 'ѕ',
  t: 'τ',
  k: 'к',
  u: 'υ',
};
const figure: Readonly<Record<string, string>> = {
  a: '4',
  e: '3',
  i: '1',
  o: '0',
  s: '5',
  t: '7',
  b: '8',
  g: '9',
  l: '1',
};
const isLetter = (letter: string): boolean => /\p{L}/u.test(letter);

const disguises: Readonly<Record<string, fc.Arbitrary<Disguise>>> = {
  repeated: fc.infiniteStream(fc.integer({ min: 1, max: 5 })).map((times) => ({
    letter: (letter) => (isLetter(letter) ? letter.repeat(times.next().value) : letter),
  })),
  cased: fc.infiniteStream(fc.boolean()).map((upper) => ({
    letter: (letter) => (upper.next().value ? letter.toUpperCase() : letter),
  })),
  accented: fc.constantFrom('\u0301', '\u0308', '\u0327').map((accent) => ({
    letter: (letter) => (isLetter(letter) ? letter + accent : letter),
  })),
  wide: fc.constant({
    letter: (letter: string) => letter.replace(/[!-~]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0)),
  }),
  foreign: fc.constant({ letter: (letter: string) => likeness[letter] ?? letter }),
  hidden: fc.constantFrom('\u200b', '\u00ad', '\u2060', '\ufe0f', '\u200d').map((sign) => ({
    letter: (letter: string, index: number) => (index === 0 ? letter : sign + letter),
  })),
  parted: fc
    .constantFrom('.', '-', '_', ' - ', '*')
    .map((between) => ({ letter: (letter: string) => letter, between })),
};
/** One letter as a digit: the first that there is one for. */
const asDigit = (word: string): string => {
  const at = Array.from(word).findIndex((letter) => figure[letter] !== undefined);
  return at < 0 ? word : word.slice(0, at) + (figure[word[at] ?? ''] ?? '') + word.slice(at + 1);
};

const english = shippedWords('en');
const hiddenWord = fc.constantFrom(...english).chain((word) =>
  fc.record({ kinds: fc.subarray(Object.keys(disguises)), digit: fc.boolean() }).chain(({ kinds, digit }) =>
    fc
      .tuple(
        ...kinds
          .filter((kind) => kind !== 'parted' || !word.includes(' '))
          .map((kind) => disguises[kind] ?? fc.constant<Disguise>({ letter: (letter) => letter })),
      )
      .map((all) => {
        const start = digit && word.length > 3 && !word.includes(' ') ? asDigit(word) : word;
        const letters = Array.from(start, (letter, index) =>
          all.reduce((so, { letter: change }) => change(so, index), letter),
        );
        return letters
          .join(all.find(({ between }) => between !== undefined)?.between ?? '')
          .replaceAll(' - ', word.length > 3 ? ' - ' : '.');
      }),
  ),
);

describe('PF-2 whatever is done to a word of a list', () => {
  it('it is found, exactly where it stands', () => {
    fc.assert(
      fc.property(
        hiddenWord,
        fc.constantFrom('', 'you ', 'お前', '— ', '«'),
        fc.constantFrom('', '!', ' now', '»', 'だ'),
        (word, before, after) => {
          expect(shipped.scan(before + word + after)).toEqual([{ start: before.length, length: word.length }]);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('it is not found inside longer letters', () => {
    // No word begins or ends with these, so none is only repeated.
    const letters = fc.stringMatching(/^[qx]{1,3}$/);
    const oneSide = fc.oneof(
      fc.tuple(letters, letters),
      fc.tuple(letters, fc.constant('')),
      fc.tuple(fc.constant(''), letters),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...english.filter((word) => !word.includes(' '))),
        oneSide,
        (word, [before, after]) => {
          expect(hitsOf(`so ${before}${word}${after}.`)).toEqual([]);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('it is found in every shipped language, alone and among signs', () => {
    for (const word of shippedLanguages.flatMap(shippedWords)) {
      expect([word, ...hitsOf(`「${word}」`)]).toEqual([word, word]);
    }
  });

  it('no katakana word is found inside longer katakana', () => {
    for (const word of shippedWords('ja').filter((each) => /^[\u30a0-\u30ff]+$/.test(each))) {
      expect([word, ...hitsOf(`ヌ${word}ヌ`)]).toEqual([word]);
    }
  });
});

describe('PF-2 any text at all', () => {
  const unit = fc.oneof(
    fc.integer({ min: 0, max: 0xffff }),
    fc.integer({ min: 0xd800, max: 0xdfff }),
    fc.integer({ min: 32, max: 126 }),
  );
  const anything = fc.array(unit, { maxLength: 60 }).map((units) => String.fromCharCode(...units));
  const mixed = fc
    .array(fc.oneof(anything, hiddenWord, fc.constantFrom(...shippedWords('ja'))), { maxLength: 6 })
    .map((parts) => parts.join(' '));

  it('is scanned, and spans lie in it, in order and apart', () => {
    fc.assert(
      fc.property(mixed, (text) => {
        let end = 0;
        for (const { start, length } of shipped.scan(text)) {
          expect(start).toBeGreaterThanOrEqual(end);
          expect(length).toBeGreaterThan(0);
          end = start + length;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('holds as many hits in each of its normal forms', () => {
    fc.assert(
      fc.property(mixed, fc.constantFrom('NFC', 'NFD', 'NFKC', 'NFKD'), (text, form) => {
        expect(shipped.scan(text.normalize(form))).toHaveLength(shipped.scan(text).length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('may be a word of a list', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 5 }), anything, (words, text) => {
        expect(() =>
          createScanner({ lists: [], words, allowed: words.slice(2) }).scan(text + words.join(' ')),
        ).not.toThrow();
      }),
    );
  });

  it('ends, however it is made to be slow', () => {
    const slow = createScanner({
      lists: ['en', 'ja'],
      words: ['il'.repeat(50), 'a'.repeat(100), 'i l '.repeat(25)],
      allowed: [],
    });

    for (const part of ['1', 'i1!l|', 'a', 'a ', 'f*', 'ばか', 'ー', '\u0301', 'a$']) {
      expect(slow.scan(part.repeat(4_096)).length).toBeLessThanOrEqual(100);
    }
  });
});

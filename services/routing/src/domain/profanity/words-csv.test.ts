import { shippedLanguages, shippedWords } from './shipped-words.js';
import { parseWordsCsv } from './words-csv.js';

const header = 'word,language,note\n';

describe('PF-1 a word list', () => {
  it('is read with its languages and notes, each word once', () => {
    const { entries, problems } = parseWordsCsv(
      `\ufeff${header}idiot,en,\r\n"ばか, あほ",JA,"says ""both"""\n\nidiot,,again\n`,
    );

    expect(problems).toEqual([]);
    expect(entries).toEqual([
      { word: 'idiot', language: 'en', note: '' },
      { word: 'ばか, あほ', language: 'ja', note: 'says "both"' },
    ]);
  });

  it.each([
    ['no header', 'idiot,en,', 1, '', 'the first line must be word,language,note; add it'],
    ['nothing at all', '', 1, '', 'the first line must be word,language,note; add it'],
    [
      'too few fields',
      `${header}idiot,en`,
      2,
      '',
      'a line must have 3 fields, not 2; put fields with commas in quotes',
    ],
    ['no word', `${header}\nok,en,\n ,en,`, 4, 'word', 'must have 1 to 100 characters, not 0'],
    ['a long word', `${header}${'x'.repeat(101)},en,`, 2, 'word', 'must have 1 to 100 characters, not 101'],
    ['an invisible word', `${header}\u200b,en,`, 2, 'word', 'must hold a letter, a digit or a sign that can be seen'],
    ['half a character', `${header}a\ud800,en,`, 2, 'word', 'must hold a letter, a digit or a sign that can be seen'],
    [
      'a language in words',
      `${header}idiot,english,`,
      2,
      'language',
      'must be a language of 2 or 3 letters such as en',
    ],
    ['a long note', `${header}idiot,en,${'x'.repeat(201)}`, 2, 'note', 'must have at most 200 characters; shorten it'],
    ['an open quote', `${header}"a\nb",en,\n"idiot,en,\n`, 4, '', 'a quoted field must end with a quote; close it'],
  ])('with %s says where and which rule', (_what, text, line, column, rule) => {
    expect(parseWordsCsv(text).problems).toContainEqual({
      line,
      column,
      rule: expect.stringContaining(rule) as string,
    });
  });

  it('tells all that is wrong, and reads the rest', () => {
    const { entries, problems } = parseWordsCsv(`${header},x,\nfine,en,\nalso fine,en`);

    expect(entries.map(({ word }) => word)).toEqual(['fine']);
    expect(problems.map(({ line, column }) => [line, column])).toEqual([
      [2, 'word'],
      [2, 'language'],
      [4, ''],
    ]);
  });

  it('holds 5,000 words and names the first one too many', () => {
    const rows = Array.from({ length: 5_002 }, (_, index) => `word${index},en,`);
    const { entries, problems } = parseWordsCsv(header + rows.join('\n'));

    expect(entries).toHaveLength(5_000);
    expect(problems).toMatchObject([{ line: 5_002 }]);
  });

  it.each(shippedLanguages)('is shipped for %s, in order to be changed by a brand', (language) => {
    expect(shippedWords(language).length).toBeGreaterThan(100);
    expect(new Set(shippedWords(language)).size).toBe(shippedWords(language).length);
  });
});

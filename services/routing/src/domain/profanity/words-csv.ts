import { isReadable } from './word-tree.js';

export interface WordEntry {
  readonly word: string;
  /** BCP 47 primary tag; empty = of no language in particular. */
  readonly language: string;
  readonly note: string;
}

/** What is wrong in a file, where, and what to do. */
export interface CsvProblem {
  /** From 1, as editors count. */
  readonly line: number;
  readonly column: 'word' | 'language' | 'note' | '';
  readonly rule: string;
}

export interface WordsRead {
  /** In the order of the file, each word once. */
  readonly entries: readonly WordEntry[];
  /** Empty = the file may be taken. At most a hundred. */
  readonly problems: readonly CsvProblem[];
}

const HEADER = 'word,language,note';
const LONGEST_WORD = 100;
const LONGEST_NOTE = 200;
const MOST_WORDS = 5_000;
const MOST_PROBLEMS = 100;

/**
 * Reads a word list: CSV as of RFC 4180 in UTF-8, with the header `word,language,note`; language and note may be empty.
 * Lines that are empty are passed over, a byte-order mark too. Every problem is told with its line and the rule it
 * breaks; words that are right are read all the same, so that a file can be shown before it is taken.
 */
export function parseWordsCsv(text: string): WordsRead {
  const entries = new Map<string, WordEntry>();
  const problems: CsvProblem[] = [];
  const { rows, unclosed } = rowsOf(text.replace(/^\ufeff/, ''));
  const [header, ...rest] = rows;
  if (header?.fields.map((field) => field.trim().toLowerCase()).join(',') !== HEADER) {
    problems.push({ line: header?.line ?? 1, column: '', rule: `the first line must be ${HEADER}; add it` });
    return { entries: [], problems };
  }
  for (const { line, fields } of rest) {
    const wrong = problemsOf(fields).map((problem) => ({ line, ...problem }));
    problems.push(...wrong);
    const [word = '', language = '', note = ''] = fields.map((field) => field.trim());
    if (wrong.length > 0 || entries.has(word)) continue;
    if (entries.size < MOST_WORDS) entries.set(word, { word, language: language.toLowerCase(), note });
    else {
      problems.push({ line, column: '', rule: `a list holds at most ${MOST_WORDS} words; leave this one out` });
      break;
    }
  }
  if (unclosed !== undefined) {
    problems.push({ line: unclosed, column: '', rule: 'a quoted field must end with a quote; close it' });
  }
  return { entries: [...entries.values()], problems: problems.slice(0, MOST_PROBLEMS) };
}

function problemsOf(fields: readonly string[]): Omit<CsvProblem, 'line'>[] {
  if (fields.length !== 3) {
    const rule = `a line must have 3 fields, not ${fields.length}; put fields with commas in quotes`;
    return [{ column: '', rule }];
  }
  const [word = '', language = '', note = ''] = fields.map((field) => field.trim());
  const problems: Omit<CsvProblem, 'line'>[] = [];
  const { length } = Array.from(word);
  if (length === 0 || length > LONGEST_WORD) {
    problems.push({ column: 'word', rule: `must have 1 to ${LONGEST_WORD} characters, not ${length}` });
  } else if (/\p{Cs}/u.test(word) || !isReadable(word)) {
    problems.push({ column: 'word', rule: 'must hold a letter, a digit or a sign that can be seen; leave it out' });
  }
  if (!/^([a-z]{2,3})?$/i.test(language)) {
    problems.push({ column: 'language', rule: 'must be a language of 2 or 3 letters such as en, or empty' });
  }
  if (Array.from(note).length > LONGEST_NOTE) {
    problems.push({ column: 'note', rule: `must have at most ${LONGEST_NOTE} characters; shorten it` });
  }
  return problems;
}

interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Fields as RFC 4180 has them: quoted ones may hold commas, line ends, and quotes written twice. */
function rowsOf(text: string): { rows: Row[]; unclosed: number | undefined } {
  const rows: Row[] = [];
  let [line, begun] = [1, 1];
  let fields: string[] = [];
  let [field, isQuoted] = ['', false];
  let opened = 0;
  const endRow = () => {
    fields.push(field);
    if (fields.length > 1 || field.trim() !== '') rows.push({ line: begun, fields });
    fields = [];
    field = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\n') line += 1;
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else isQuoted = false;
    } else if (character === '"' && field.trim() === '') {
      [field, isQuoted, opened] = ['', true, line];
    } else if (character === ',') {
      fields.push(field);
      field = '';
    } else if (character === '\n') {
      endRow();
      begun = line;
    } else if (character !== '\r') field += character;
  }
  endRow();
  return { rows, unclosed: isQuoted ? opened : undefined };
}

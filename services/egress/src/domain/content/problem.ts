/** What is wrong with one field of a message. */
export interface Problem {
  /** Path within the message: `content.interactive.list.sections[0].rows[2].title`. */
  readonly field: string;
  /** What it has to be: `must be 1 to 24 characters and has 25`. */
  readonly rule: string;
  /** What to do about it. */
  readonly remedy: string;
}

export const demand = (isKept: boolean, field: string, rule: string, remedy: string): Problem[] =>
  isKept ? [] : [{ field, rule, remedy }];

/** Longest text of a field for which Meta names no limit. */
const UNLIMITED = 1_024;

/** Lengths are UTF-16 units, as Meta counts them. */
export function aText(field: string, text: string, max = UNLIMITED): Problem[] {
  if (text.trim() === '') return demand(false, field, `must be 1 to ${max} characters`, 'write something');
  return demand(text.length <= max, field, `must be 1 to ${max} characters and has ${text.length}`, 'shorten it');
}

export const aTextOrNone = (field: string, text = '', max = UNLIMITED): Problem[] =>
  demand(text.length <= max, field, `must be at most ${max} characters and has ${text.length}`, 'shorten it');

export const aCount = (field: string, count: number, max: number, what: string): Problem[] =>
  demand(
    count >= 1 && count <= max,
    field,
    `must be 1 to ${max} ${what} and ${count === 1 ? 'is' : 'are'} ${count}`,
    count === 0 ? 'add one' : 'take some away',
  );

/** Each value that was there before, by the field it stands in. */
export function unique(all: readonly (readonly [field: string, value: string])[]): Problem[] {
  const firstOf = new Map(all.toReversed().map(([field, value]) => [value, field]));
  return all.flatMap(([field, value]) =>
    demand(
      value === '' || firstOf.get(value) === field,
      field,
      `must not be the same as ${firstOf.get(value) ?? ''}`,
      'change one of them',
    ),
  );
}

const LONGEST_ADDRESS = 2_000;

export const anAddress = (field: string, address: string): Problem[] =>
  demand(
    /^https?:\/\/[^\s/]+\S*$/.test(address) && address.length <= LONGEST_ADDRESS,
    field,
    `must be an address that begins with http:// or https://, at most ${LONGEST_ADDRESS} characters`,
    'write it out, without spaces',
  );

/** JSON of an object that is not empty, or nothing at all. */
export const anObjectOrNone = (field: string, json: string): Problem[] =>
  demand(
    json === '' || isFilledObject(json),
    field,
    'must be a JSON object with at least one field',
    'correct it, or leave it empty',
  );

function isFilledObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
  } catch {
    return false;
  }
}

import { Refused } from '../errors.js';
import { isJson, type Json, textOf } from '../json.js';

/** A component of a message: what it gives for a part of the template. */
export interface Given {
  /** In small letters. */
  readonly type: string;
  readonly subType: string;
  readonly index: number | undefined;
  readonly parameters: readonly Json[];
  readonly cards: readonly Json[];
}

export function readGiven(components: unknown): Given[] {
  if (!Array.isArray(components)) return [];
  return components.filter(isJson).map((each) => ({
    type: textOf(each['type']).toLowerCase(),
    subType: textOf(each['sub_type']).toLowerCase(),
    index: each['index'] === undefined ? undefined : Number(each['index']),
    parameters: listOf(each['parameters']),
    cards: listOf(each['cards']),
  }));
}

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);

export const parametersOf = (given: Given | undefined): readonly Json[] => given?.parameters ?? [];

export const countMismatch = (where: string, given: number, expected: number) =>
  new Refused(132000, {
    details: `${where}: number of localizable_params (${given}) does not match the expected number of params (${expected})`,
  });

/** The value of each variable. @throws Refused */
export function valuesOf(
  where: string,
  names: readonly string[],
  parameters: readonly Json[],
  isNamed: boolean,
): ReadonlyMap<string, string> {
  if (parameters.length !== names.length) throw countMismatch(where, parameters.length, names.length);
  const ordered = isNamed ? names : [...names].sort((a, b) => Number(a) - Number(b));
  return new Map(
    parameters.map((parameter, index) => {
      const name = isNamed ? textOf(parameter['parameter_name']) : (ordered[index] ?? '');
      if (!names.includes(name)) {
        throw new Refused(132018, {
          details: `${where}: there is no parameter with the name "${name}" in the template`,
        });
      }
      return [name, valueOf(where, parameter)];
    }),
  );
}

function valueOf(where: string, parameter: Json): string {
  const type = textOf(parameter['type']).toLowerCase();
  if (type === 'currency' || type === 'date_time') {
    const value = parameter[type];
    if (!isJson(value))
      throw new Refused(131008, { details: `${where}: Parameter of type ${type} is missing its value` });
    return textOf(value['fallback_value']);
  }
  if (type !== 'text') {
    const received = type === '' ? 'UNKNOWN' : type.toUpperCase();
    throw new Refused(132012, { details: `${where}: Format mismatch, expected TEXT, received ${received}` });
  }
  const text = textOf(parameter['text']);
  if (text === '') throw new Refused(131008, { details: `${where}: Parameter of type text is missing text value` });
  if (/[\n\t]| {5}/.test(text)) {
    throw new Refused(132018, {
      details: `${where}: Param text cannot have new-line/tab characters or more than 4 consecutive spaces`,
    });
  }
  return text;
}

import type { FieldViolation } from '@switchboard/errors';
import { compareDurations, type Duration, isOfTheClock, parseDuration } from './duration.js';

/** Readers of single fields. Each gives what is there as far as it can be read, and notes every rule it breaks. */
export interface Fields {
  readonly violations: readonly FieldViolation[];
  readonly refuse: (field: string, description: string) => void;
  readonly duration: <T>(field: string, text: string, range: Range, otherwise: T) => Duration | T;
  /** Characters are counted as people count them: an emoji of one code point is one. */
  readonly text: (field: string, text: string, least: number, most: number) => string;
  /** A text for customers: with the placeholders that are filled in. One of spaces alone is empty. */
  readonly message: (field: string, text: string, least?: number) => string;
  /** Notes a list that is too long, and gives as much of it as is worth reading. */
  readonly list: <T>(field: string, items: readonly T[], most: number, remedy: string) => readonly T[];
  readonly whole: (field: string, value: number, least: number, most: number) => number;
}

/** The shortest and the longest that is allowed. */
export interface Range {
  readonly least: string;
  readonly most: string;
  /** True = in hours, minutes and seconds: it must have one length whatever the day. */
  readonly clock?: boolean;
  /** What an empty one means; absent = the default. */
  readonly empty?: string;
}

const LONGEST_MESSAGE = 1_024;
const placeholders = ['{customer}', '{brand}'];

export function createFields(): Fields {
  const violations: FieldViolation[] = [];
  const refuse = (field: string, description: string): void => void violations.push({ field, description });

  function text(field: string, value: string, least: number, most: number): string {
    const length = value.trim() === '' ? 0 : Array.from(value).length;
    if (isBroken(value)) {
      refuse(field, 'must be well-formed Unicode and holds a character that is not (U+FFFD); encode it anew');
    } else if (length < least || Array.from(value).length > most) {
      refuse(
        field,
        `must be ${least} to ${most} characters and is ${length}; ${length < least ? 'write' : 'shorten'} it`,
      );
    }
    return value;
  }

  return {
    violations,
    refuse,
    text,
    duration(field, value, range, otherwise) {
      if (value === '') return otherwise;
      const duration = parseDuration(value);
      const rule = `must be ${range.least} to ${range.most}${range.clock ? ' in hours, minutes and seconds' : ''}`;
      if (!duration) {
        refuse(field, `${rule}, a duration of ISO 8601 without fractions; write for example ${range.least}`);
        return otherwise;
      }
      const isWithin =
        compareDurations(duration, known(range.least)) >= 0 && compareDurations(duration, known(range.most)) <= 0;
      if (!isWithin || (range.clock === true && !isOfTheClock(duration))) {
        const empty = range.empty ?? 'for the default';
        refuse(field, `${rule}, and is ${value}; choose one of that range, or leave it empty ${empty}`);
      }
      return duration;
    },
    message(field, value, least = 0) {
      const unknown = (value.match(/\{[a-z_]{1,40}\}/gi) ?? []).find((found) => !placeholders.includes(found));
      if (unknown !== undefined) {
        refuse(field, `must hold no placeholder but ${placeholders.join(' and ')} and holds ${unknown}; correct it`);
      }
      text(field, value, least, LONGEST_MESSAGE);
      return value.trim() === '' ? '' : value;
    },
    list(field, items, most, remedy) {
      if (items.length > most) refuse(field, `must be at most ${most} and is ${items.length}; ${remedy}`);
      return items.slice(0, most);
    },
    whole(field, value, least, most) {
      if (!Number.isInteger(value) || value < least || value > most) {
        refuse(field, `must be a whole number of ${least} to ${most} and is ${value}; choose one of that range`);
      }
      return value;
    },
  };
}

function known(text: string): Duration {
  const duration = parseDuration(text);
  if (!duration) throw new Error(`${text} is no duration`);
  return duration;
}

/** Half a surrogate pair, or bytes that are no UTF-8, arrive as U+FFFD: what was meant is lost. */
const isBroken = (value: string): boolean => /[\p{Cs}\uFFFD]/u.test(value);

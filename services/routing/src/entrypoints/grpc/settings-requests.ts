import type { FieldViolation } from '@switchboard/errors';

type Violation = FieldViolation | undefined;

const id = /^[a-z0-9][a-z0-9-]{0,63}$/;

export const aBrandId = (field: string, value: string): Violation =>
  id.test(value)
    ? undefined
    : { field, description: 'must be the id of a brand, 1 to 64 lower-case letters, digits and dashes; copy it whole' };

export const anIdOrEmpty = (field: string, value: string): Violation =>
  value === '' || id.test(value)
    ? undefined
    : { field, description: 'must be 1 to 64 lower-case letters, digits and dashes, or empty; correct the id' };

export const aNumberOrNone = (field: string, value: string): Violation =>
  /^\d{0,32}$/.test(value)
    ? undefined
    : { field, description: "must be Meta's phone number id, up to 32 digits, or empty; copy it from the number" };

/** Versions are counted from 1; what is above this nobody has made. */
const HIGHEST = 1_000_000_000n;

export const aVersion = (field: string, value: bigint): Violation =>
  value <= HIGHEST ? undefined : { field, description: 'must be a version there is, or 0; take it from GetSettings' };

export const aSmallPage = (field: string, value: number): Violation =>
  value <= 100 ? undefined : { field, description: 'must be 1 to 100, or 0 for the usual size; ask for smaller pages' };

export const aLongText = (field: string, value: string, longest: number): Violation => {
  if (/[\p{Cs}\uFFFD]/u.test(value)) {
    return { field, description: 'must be well-formed Unicode and is not (U+FFFD); encode it anew' };
  }
  return Array.from(value).length <= longest
    ? undefined
    : { field, description: `must be at most ${longest} characters; shorten it` };
};

/** Years that calendars agree on. */
export const aTime = (field: string, value: Date | undefined): Violation =>
  value === undefined || (value.getTime() >= 0 && value.getUTCFullYear() < 3_000)
    ? undefined
    : { field, description: 'must be a time from 1970 to 2999, or absent for now; correct it' };

import { invalid, type FieldViolation } from '@switchboard/errors';

/** Ids that callers choose: they stand in URLs, logs and keys. */
const idPattern = /^[a-z0-9][a-z0-9-]{0,63}$/;
/** Ids that Meta gives. */
const metaIdPattern = /^[0-9]{1,32}$/;

type Rule = (field: string, value: string) => FieldViolation | undefined;

export const anId: Rule = (field, value) =>
  idPattern.test(value)
    ? undefined
    : {
        field,
        description:
          'must be 1 to 64 lower-case letters, digits and dashes, not starting with a dash; choose another id',
      };

/** Empty is allowed: the service then makes one. */
export const anIdOrNone: Rule = (field, value) => (value === '' ? undefined : anId(field, value));

export const aMetaId: Rule = (field, value) =>
  metaIdPattern.test(value)
    ? undefined
    : { field, description: "must be Meta's id, 1 to 32 digits; copy it from WhatsApp Manager" };

export const aName: Rule = (field, value) => {
  // Half a surrogate pair, or bytes that are no UTF-8, arrive as U+FFFD: what was meant is lost.
  if (/[\p{Cc}\p{Cs}\uFFFD]/u.test(value)) {
    return {
      field,
      description:
        'must hold no control characters and be well-formed Unicode; take out line breaks, or encode it anew',
    };
  }
  return value.trim().length > 0 && Array.from(value).length <= 200
    ? undefined
    : { field, description: 'must be 1 to 200 characters; give a name that people know' };
};

export const aToken: Rule = (field, value) =>
  /^[\x21-\x7e]{1,4096}$/.test(value)
    ? undefined
    : {
        field,
        description: "must be Meta's access token, 1 to 4096 printable ASCII characters without spaces; copy it whole",
      };

export const aPageSize = (field: string, value: number, usual = 50): FieldViolation | undefined =>
  value <= 500 ? undefined : { field, description: `must be 1 to 500, or 0 for ${usual}; ask for smaller pages` };

export const aLimit = (field: string, value: number): FieldViolation | undefined =>
  value <= 100 ? undefined : { field, description: "must be 1 to 100, or 0 for the brand's limit; set a lower one" };

/** At most a hundred ids. */
export const ids = (field: string, values: readonly string[]): readonly (FieldViolation | undefined)[] =>
  values.length > 100
    ? [{ field, description: 'must be at most 100 ids; name fewer' }]
    : values.map((value, index) => anId(`${field}[${index}]`, value));

/** A page begins after the id that the one before ended with. */
export const aPageToken: Rule = (field, value) =>
  value === '' || metaIdPattern.test(value)
    ? undefined
    : { field, description: 'must be empty or come from the answer before; start at the first page' };

/** Throws one `invalid` failure that lists everything that is wrong. */
export function demand(...found: readonly (FieldViolation | undefined)[]): void {
  const violations = found.filter((violation) => violation !== undefined);
  if (violations.length > 0) throw invalid('account.invalid-request', violations);
}

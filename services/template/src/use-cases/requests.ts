import { Failure, type FieldViolation, invalid } from '@switchboard/errors';
import { type Problem } from '../domain/grammar/problem.js';

/** Who asks. */
export interface Caller {
  readonly subject: string;
  /** Whose templates may be seen; null = all, for internal services. */
  readonly organisationId: string | null;
}

type Rule = (field: string, value: string) => FieldViolation | undefined;

const rule =
  (pattern: RegExp, description: string): Rule =>
  (field, value) =>
    pattern.test(value) ? undefined : { field, description };

export const aWabaId = rule(
  /^[0-9]{1,32}$/,
  "must be Meta's id of the account, 1 to 32 digits; copy it from WhatsApp Manager",
);
export const aTemplateId = rule(
  /^[0-9a-f]{32}$/,
  'must be the id of a template; take it from an answer of this service',
);
export const anOrganisationId = rule(
  /^[a-z0-9][a-z0-9-]{0,63}$/,
  'must be 1 to 64 lower-case letters, digits and dashes, not starting with a dash; name the organisation',
);
export const aNamePrefix = rule(
  /^[a-z0-9_]{0,512}$/,
  'must be the beginning of a name: lower-case letters, digits and underscores; correct it',
);

/** What may be left out. */
export const orEmpty =
  (of: Rule): Rule =>
  (field, value) =>
    value === '' ? undefined : of(field, value);

export const aPageSize = (value: number, most: number, usual: number): FieldViolation | undefined =>
  value <= most
    ? undefined
    : { field: 'page_size', description: `must be 1 to ${most}, or 0 for ${usual}; ask for smaller pages` };

export const badPageToken: FieldViolation = {
  field: 'page_token',
  description: 'must be empty or come from the answer before; start at the first page',
};

/** Throws one `invalid` failure that lists everything that is wrong. */
export function demand(...found: readonly (FieldViolation | undefined)[]): void {
  const violations = found.filter((violation) => violation !== undefined);
  if (violations.length > 0) throw invalid('template.invalid-request', violations);
}

/** Throws one `invalid` failure with every problem; a single one gives it its code. */
export function mustHaveNo(problems: readonly Problem[], code: string): void {
  if (problems.length === 0) return;
  const violations = problems.map(({ field, rule: broken, remedy }) => ({
    field,
    description: `${broken}; ${remedy}`,
  }));
  const [first, ...others] = problems;
  throw invalid(first && others.length === 0 ? first.code : code, violations);
}

export const accountNotFound = (): Failure =>
  new Failure(
    'not-found',
    'template.account-not-found',
    'the organisation has no connected number in this account; connect one first',
  );

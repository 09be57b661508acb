/** What Meta reported of one attempt, and how reports merge: in any order and any repetition to the same result (TX-3). */

export interface Pricing {
  readonly billable?: boolean;
  readonly model: string;
  readonly type: string;
  readonly category: string;
}

export interface MetaError {
  readonly code: number;
  readonly title: string;
  readonly message: string;
  readonly details: string;
  readonly href: string;
}

/** All that is known of one status of one attempt. */
export interface Report {
  /** `sent`, `delivered`, `read`, `played`, `failed`, or what Meta adds. */
  readonly status: string;
  /** The earliest time Meta gave, by its clock. */
  readonly at: Date;
  readonly pricing?: Pricing;
  readonly errors?: readonly MetaError[];
}

/** The reports with one more; the same list when it says nothing new. Kept in the order of the status' name. */
export function mergeReport(reports: readonly Report[], report: Report): readonly Report[] {
  const index = reports.findIndex(({ status }) => status >= report.status);
  const known = reports[index];
  if (!known) return [...reports, report];
  if (known.status !== report.status) return reports.toSpliced(index, 0, report);
  const joined = join(known, report);
  return joined === known ? reports : reports.with(index, joined);
}

/** The pricing as far as it was reported: what was reported of a later state wins, field by field. */
export function pricingOf(reports: readonly Report[]): Pricing | undefined {
  let merged: Pricing | undefined;
  for (const status of ['sent', 'delivered', 'read', 'played']) {
    const pricing = reports.find((report) => report.status === status)?.pricing;
    if (pricing) merged = merged ? overlay(merged, pricing) : pricing;
  }
  return merged;
}

/** What two reports of one status come to. Commutative, associative and idempotent, as each of its parts is. */
function join(known: Report, other: Report): Report {
  const at = other.at < known.at ? other.at : known.at;
  const pricing = joinPricing(known.pricing, other.pricing);
  const errors = joinErrors(known.errors, other.errors);
  if (at === known.at && pricing === known.pricing && errors === known.errors) return known;
  return { status: known.status, at, ...(pricing && { pricing }), ...(errors && { errors }) };
}

/** Where two reports of one status contradict each other, which Meta does not do, the greater text is taken. */
function joinPricing(known: Pricing | undefined, other: Pricing | undefined): Pricing | undefined {
  if (!known || !other) return known ?? other;
  const billable = known.billable === true || other.billable === true ? true : (known.billable ?? other.billable);
  const joined = {
    ...(billable !== undefined && { billable }),
    model: greater(known.model, other.model),
    type: greater(known.type, other.type),
    category: greater(known.category, other.category),
  };
  return canonical(joined) === canonical(known) ? known : joined;
}

function joinErrors(
  known: readonly MetaError[] | undefined,
  other: readonly MetaError[] | undefined,
): readonly MetaError[] | undefined {
  if (!known || !other) return known ?? other;
  return JSON.stringify(other.map(inOrder)) > JSON.stringify(known.map(inOrder)) ? other : known;
}

function overlay(below: Pricing, above: Pricing): Pricing {
  const billable = above.billable ?? below.billable;
  return {
    ...(billable !== undefined && { billable }),
    model: above.model || below.model,
    type: above.type || below.type,
    category: above.category || below.category,
  };
}

const greater = (a: string, b: string): string => (a > b ? a : b);
const canonical = ({ billable, model, type, category }: Pricing): string =>
  JSON.stringify([billable, model, type, category]);
const inOrder = ({ code, title, message, details, href }: MetaError): unknown[] => [
  code,
  title,
  message,
  details,
  href,
];

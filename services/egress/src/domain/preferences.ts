/** What was said of a customer that keeps messages from them. */
import { type Address } from './address.js';

export interface LastWord {
  /** True = no more of it; false = taken back. */
  readonly no: boolean;
  /** When it was said, by the clock of whoever said it. */
  readonly at: Date;
  /** It is over from then on. */
  readonly until?: Date | undefined;
}

export type PreferenceNews = LastWord & Subject & { readonly number: string };

/** Whom it is about: routing names its customer, Meta the phone, the user id or both. */
export type Subject =
  { readonly kind: 'block'; readonly customer: string } | { readonly kind: 'marketing'; readonly recipient: Address };

/** The portfolio that a number belongs to, as far as it is known. */
export type PortfolioOf = (number: string) => string | undefined;

/**
 * The names under which it is kept: a block is of one number, as routing says it; marketing that is stopped is of the whole
 * business portfolio, like the user ids that name the person. Meta says of it *this business* (131050).
 */
export function keysOf(number: string, subject: Subject, portfolioOf: PortfolioOf): string[] {
  if (subject.kind === 'block') return subject.customer === '' ? [] : [`${number}:customer:${subject.customer}`];
  return aliasesOf(subject.recipient).map((alias) => `${portfolioOf(number) ?? number}:${alias}`);
}

/** Where marketing that was stopped is looked for: also under the number alone, from before its portfolio was known. */
export function marketingKeysOf(number: string, recipient: Address, portfolioOf: PortfolioOf): string[] {
  const scopes = new Set([portfolioOf(number) ?? number, number]);
  return [...scopes].flatMap((scope) => aliasesOf(recipient).map((alias) => `${scope}:${alias}`));
}

const aliasesOf = ({ phone, userId }: Address): string[] => [
  ...(phone ? [`phone:${phone}`] : []),
  ...(userId ? [`user:${userId}`] : []),
];

/** Of what was said under several names of one customer the last counts. */
export function holds(said: readonly LastWord[], now: Date): boolean {
  const [last] = said.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  return last !== undefined && last.no && !(last.until && last.until <= now);
}

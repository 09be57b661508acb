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

/** The names under which it is kept, in the namespace of a number. */
export function subjectsOf(subject: Subject): string[] {
  if (subject.kind === 'block') return subject.customer === '' ? [] : [`customer:${subject.customer}`];
  const { phone, userId } = subject.recipient;
  return [...(phone ? [`phone:${phone}`] : []), ...(userId ? [`user:${userId}`] : [])];
}

/** Of what was said under several names of one customer the last counts. */
export function holds(said: readonly LastWord[], now: Date): boolean {
  const [last] = said.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  return last !== undefined && last.no && !(last.until && last.until <= now);
}

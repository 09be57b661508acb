import { type Micros } from '../money.js';
import { type Day } from './day.js';
import { type Category, isCategory, rateFor, type Rates } from './rates.js';
import { withTier } from './tiers.js';

/** What Meta reports of a message decides whether it costs, and as what (BL-4). Amounts are never reported. */
export interface Reported {
  /** `regular`, `free_customer_service`, `free_entry_point`, `free_group_customer_service`, or what Meta adds; empty. */
  readonly type: string;
  /** Meta's word, for example `marketing_lite`. */
  readonly category: string;
  /** Announced for removal: asked only where there is no type. */
  readonly billable: boolean | undefined;
}

export type Charge =
  | { readonly kind: 'free'; readonly category: Category | undefined }
  | { readonly kind: 'charged'; readonly category: Category; readonly amount: Micros }
  /** It costs, and we know neither its category nor a rate: what was held is charged. */
  | { readonly kind: 'as-held' };

/** `held` is the category it was held as; undefined when nothing was. `tier` is the price of its volume tier (BL-10). */
export function chargeOf(
  rates: Rates,
  reported: Reported | undefined,
  about: {
    readonly market: string;
    readonly day: Day;
    readonly held: Category | undefined;
    readonly tier: Micros | undefined;
  },
): Charge {
  if (!reported) return { kind: 'as-held' };
  const category = categoryOf(reported.category) ?? about.held;
  if (!costs(reported)) return { kind: 'free', category };
  if (!category) return { kind: 'as-held' };
  const rate = rateFor(rates, about.market, category, about.day);
  return rate ? { kind: 'charged', category, amount: withTier(rate.amount, about.tier) } : { kind: 'as-held' };
}

const costs = ({ type, billable }: Reported): boolean => (type === '' ? billable !== false : !type.startsWith('free_'));

/** Categories of Meta that are priced as another one. */
const synonyms: Readonly<Record<string, Category>> = {
  'authentication-international': 'authentication_international',
  marketing_lite: 'marketing',
  group_marketing: 'marketing',
  group_utility: 'utility',
  group_service: 'service',
};

const categoryOf = (word: string): Category | undefined => (isCategory(word) ? word : synonyms[word]);

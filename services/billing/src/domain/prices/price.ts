import { type Micros } from '../money.js';
import { type Day } from './day.js';
import { isPaused, policyOn } from './policies.js';
import { type Category, rateFor, type Rates } from './rates.js';
import { withTier } from './tiers.js';

/** What one message costs: a pure function of the rates and the policy in force on the day (BL-2 … BL-4). */

export interface Question {
  readonly category: Category;
  readonly market: string;
  /** ISO 3166, for pauses; empty when it is not known. */
  readonly country: string;
  /** In the account's time zone. */
  readonly day: Day;
  readonly windowOpen: boolean;
  /** Inside the 72 hours after an answered click-to-WhatsApp advertisement. */
  readonly freeEntry: boolean;
  /** Of the number and month, by what has been delivered. */
  readonly freeServiceLeft: number;
  /** The price of the volume tier that is reached, where it is known and lower (BL-10). */
  readonly tier: Micros | undefined;
}

export type Rule =
  | 'rate'
  | 'tier'
  | 'free-window'
  | 'free-entry'
  | 'free-allowance'
  | 'free-policy'
  /** Meta does not deliver it, so that it costs nothing. */
  | 'paused';

export type Price =
  | {
      readonly kind: 'known';
      readonly amount: Micros;
      readonly rule: Rule;
      readonly policy: Day;
      /** Empty where no rate was needed. */
      readonly rateSince: Day;
    }
  /** It costs, and no rate is known for that market and day. */
  | { readonly kind: 'unknown'; readonly policy: Day };

export function priceOf(rates: Rates, question: Question): Price {
  const policy = policyOn(question.day);
  const free = freeBy(question);
  if (free) return { kind: 'known', amount: 0n, rule: free, policy: policy.since, rateSince: '' };
  const rate = rateFor(rates, question.market, question.category, question.day);
  if (!rate) return { kind: 'unknown', policy: policy.since };
  const amount = withTier(rate.amount, question.tier);
  return {
    kind: 'known',
    amount,
    rule: amount < rate.amount ? 'tier' : 'rate',
    policy: policy.since,
    rateSince: rate.since,
  };
}

function freeBy({ category, country, day, windowOpen, freeEntry, freeServiceLeft }: Question): Rule | undefined {
  if (isPaused(country, category, day)) return 'paused';
  if (freeEntry) return 'free-entry';
  const policy = policyOn(day);
  if (category === 'utility' && windowOpen && policy.utilityInWindow === 'free') return 'free-window';
  if (category !== 'service') return undefined;
  if (policy.service === 'free') return 'free-policy';
  return freeServiceLeft > 0 ? 'free-allowance' : undefined;
}

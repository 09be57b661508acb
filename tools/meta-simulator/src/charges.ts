import type { Price } from './pricing.js';

export const pricingCategories = [
  'MARKETING',
  'UTILITY',
  'AUTHENTICATION',
  'SERVICE',
  'AUTHENTICATION_INTERNATIONAL',
  'GROUP_MARKETING',
  'GROUP_UTILITY',
  'GROUP_SERVICE',
  'MARKETING_LITE',
  'REFERRAL_CONVERSION',
] as const;
export const pricingTypes = [
  'REGULAR',
  'FREE_CUSTOMER_SERVICE',
  'FREE_ENTRY_POINT',
  'FREE_GROUP_CUSTOMER_SERVICE',
] as const;

/** What Meta took for one delivered message; analytics are added up from these. */
export interface Charge {
  /** Of the message, or of an invention of the control API. */
  readonly id: string;
  readonly phone_number_id: string;
  /** ISO 3166, of the recipient. */
  readonly country: string;
  /** In capitals, as analytics have it. */
  readonly category: string;
  readonly type: string;
  readonly at: number;
}

/** One price; without a country it is that of all others. */
export interface CardRate {
  readonly country?: string | undefined;
  readonly category: string;
  readonly usd: number;
}

/** North America on 1 October 2026. */
const usualRates: readonly CardRate[] = [
  { category: 'MARKETING', usd: 0.025 },
  { category: 'UTILITY', usd: 0.0034 },
  { category: 'AUTHENTICATION', usd: 0.0034 },
  { category: 'SERVICE', usd: 0.0034 },
];

/** Meta's words of a webhook, as analytics write them. */
export const inCapitals = (word: string): string => word.toUpperCase().replaceAll('-', '_');

/** Every message that was charged, or was free by a rule, once. */
export function createCharges() {
  const charges = new Map<string, Charge>();
  let rates = usualRates;
  return {
    all: (): readonly Charge[] => [...charges.values()],
    find: (id: string) => charges.get(id),
    /** The first status with a price counts. */
    keep(about: Omit<Charge, 'category' | 'type'>, { category, type }: Pick<Price, 'category' | 'type'>) {
      if (charges.has(about.id)) return;
      charges.set(about.id, { ...about, category: inCapitals(category), type: inCapitals(type) });
    },
    put(charge: Charge) {
      charges.set(charge.id, charge);
    },
    setRates(card: readonly CardRate[]) {
      rates = card;
    },
    /** What one costs in USD; free ones and categories without a price cost nothing. */
    cost({ country, category, type }: Charge): number {
      if (type !== 'REGULAR') return 0;
      const ofCategory = rates.filter((rate) => rate.category === category);
      const rate =
        ofCategory.find((each) => each.country === country) ?? ofCategory.find((each) => each.country === undefined);
      return rate?.usd ?? 0;
    },
    clear() {
      charges.clear();
      rates = usualRates;
    },
  };
}

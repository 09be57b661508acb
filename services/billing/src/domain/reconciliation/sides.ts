import { type Micros } from '../money.js';
import { type Day } from '../prices/day.js';

/** Messages of one kind: what is compared, row by row. */
export interface Kind {
  readonly number: string;
  /** ISO 3166 of the recipient; empty where it is not known. */
  readonly country: string;
  /** Empty for free ones: what Meta calls those differs between its webhooks and its analytics. */
  readonly category: string;
  /** `regular`, a `free_…` one, or `unpriced`. */
  readonly type: string;
}

export interface Sum {
  readonly messages: number;
  readonly cost: Micros;
}

export interface Counted extends Kind, Sum {
  /** In UTC: the days of Meta's analytics. */
  readonly day: Day;
}

export interface Point extends Counted {
  /** `lower:upper`; empty where Meta tells none. */
  readonly tier: string;
}

/** Categories of Meta that are priced as another one. */
const pricedAs: Readonly<Record<string, string>> = {
  marketing_lite: 'marketing',
  group_marketing: 'marketing',
  group_utility: 'utility',
  group_service: 'service',
};

/** Webhooks write `authentication-international` and `regular`, analytics in capitals with `_`. */
const word = (text: string): string => text.toLowerCase().replaceAll('-', '_');

/** One way to write it, whoever told of it. */
export function kindOf(told: Kind): Kind {
  const [category, type] = [word(told.category), word(told.type)];
  return { ...told, type, category: type.startsWith('free_') ? '' : (pricedAs[category] ?? category) };
}

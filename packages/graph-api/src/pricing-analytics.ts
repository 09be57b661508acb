import { Failure } from '@switchboard/errors';
import { recordIn } from './errors.js';
import { type GraphCall } from './templates.js';

/** What Meta counted in one period, for one phone number, country, category, type and tier. */
export interface PricingPoint {
  /** Seconds since the epoch; days begin in UTC. */
  readonly start: number;
  /** Digits. */
  readonly phoneNumber: string;
  /** ISO 3166. */
  readonly country: string;
  /** For example `MARKETING`. */
  readonly category: string;
  /** For example `REGULAR`. */
  readonly type: string;
  /** `lower:upper`; empty where Meta tells none. */
  readonly tier: string;
  readonly volume: number;
  /** In the currency of the account; approximate. */
  readonly cost: number;
}

export interface PricingAnalytics {
  /** ISO 4217, of the account; empty where Meta tells none. */
  readonly currency: string;
  readonly points: readonly PricingPoint[];
}

export interface PricingAnalyticsCalls {
  /** `GET /{waba-id}?fields=pricing_analytics…` by day (UTC) and every dimension. Throws a `Failure`. */
  readonly getPricingAnalytics: (wabaId: string, token: string, from: Date, until: Date) => Promise<PricingAnalytics>;
}

export const pricingAnalyticsCalls = (call: GraphCall): PricingAnalyticsCalls => ({
  async getPricingAnalytics(wabaId, token, from, until) {
    const range = `start(${secondsOf(from)}).end(${secondsOf(until)})`;
    const dimensions = 'dimensions(PHONE,COUNTRY,PRICING_CATEGORY,PRICING_TYPE,TIER)';
    const analytics = `pricing_analytics.${range}.granularity(DAILY).${dimensions}.metric_types(COST,VOLUME)`;
    const query = new URLSearchParams({ fields: `currency,${analytics}` });
    const answer = await call(`${encodeURIComponent(wabaId)}?${query.toString()}`, token, { method: 'GET' });
    const found = recordIn(answer, 'pricing_analytics')?.['data'];
    // Without the field there is nothing to compare with; an empty list says that nothing was charged.
    if (!Array.isArray(found)) throw incomplete('no pricing_analytics');
    const points = (found as unknown[]).flatMap((each) => {
      const { data_points: some } = (each ?? {}) as Record<string, unknown>;
      return Array.isArray(some) ? (some as unknown[]).map(pointOf) : [];
    });
    return { currency: text(answer['currency']), points };
  },
});

function pointOf(point: unknown): PricingPoint {
  const { start, phone_number, country, pricing_category, pricing_type, tier, volume, cost } = (point ?? {}) as Record<
    string,
    unknown
  >;
  return {
    start: numberOf(start, 'start'),
    phoneNumber: text(phone_number).replace(/\D/g, ''),
    country: text(country),
    category: text(pricing_category),
    type: text(pricing_type),
    tier: text(tier),
    volume: numberOf(volume, 'volume'),
    // What is free has none.
    cost: numberOf(cost ?? 0, 'cost'),
  };
}

const secondsOf = (at: Date): number => Math.floor(at.getTime() / 1_000);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function numberOf(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw incomplete(`a point without ${name}`);
}

const incomplete = (what: string): Failure =>
  new Failure('unavailable', 'meta.answer-incomplete', `Meta answered with ${what}`);

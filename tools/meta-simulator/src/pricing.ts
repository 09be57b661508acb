import type { Json } from './json.js';

/** What one message costs, as its statuses tell it under the rules of October 2026. */
export interface Price {
  readonly billable: boolean;
  readonly type: 'regular' | 'free_customer_service' | 'free_entry_point';
  readonly category: string;
}

export const toPricing = (price: Price): Json => ({
  billable: price.billable,
  pricing_model: 'PMP',
  type: price.type,
  category: price.category,
});

/** Templates have no category of their own here; their name tells it. */
export function categoryOf(type: string, templateName: string): string {
  if (type !== 'template') return 'service';
  if (/auth|otp|code|verif/i.test(templateName)) return 'authentication';
  return /market|promo|offer|sale|news/i.test(templateName) ? 'marketing' : 'utility';
}

export type PriceBook = ReturnType<typeof createPriceBook>;

/** Knows what was used up of each number's free service messages of the month, and which free entry points are open. */
export function createPriceBook() {
  const used = new Map<string, number>();
  const clicked = new Map<string, number>();
  const entryPoints = new Map<string, { untilMs: number; conversationId: string }>();
  return {
    /** A customer came through an ad: if the business answers within 24 hours, 72 hours are free. */
    cameThroughAd(pair: string, atMs: number) {
      clicked.set(pair, atMs);
    },
    entryPoint(pair: string, nowMs: number, conversationId: () => string) {
      const open = entryPoints.get(pair);
      if (open && nowMs < open.untilMs) return open;
      const at = clicked.get(pair);
      clicked.delete(pair);
      if (at === undefined || nowMs - at > 24 * 3_600_000) return undefined;
      const opened = { untilMs: nowMs + 72 * 3_600_000, conversationId: conversationId() };
      entryPoints.set(pair, opened);
      return opened;
    },
    price(phoneNumberId: string, category: string, isFreeEntry: boolean, free: number, nowMs: number): Price {
      if (isFreeEntry) return { billable: false, type: 'free_entry_point', category: 'referral_conversion' };
      if (category !== 'service') return { billable: true, type: 'regular', category };
      const month = `${phoneNumberId}|${new Date(nowMs).toISOString().slice(0, 7)}`;
      const count = (used.get(month) ?? 0) + 1;
      used.set(month, count);
      if (count <= free) return { billable: false, type: 'free_customer_service', category };
      return { billable: true, type: 'regular', category };
    },
    clear() {
      used.clear();
      clicked.clear();
      entryPoints.clear();
    },
  };
}

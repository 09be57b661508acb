import { readCard } from './card.js';
import { marketTable } from './data/markets.js';
import { rateCard } from './data/rate-card.js';
import { createMarkets, type Markets, readMarkets } from './markets.js';
import { type Rate } from './rates.js';

/** What the product brings along: Meta's list prices of some days, and the markets of countries. */
export const { rates: shippedRates }: { readonly rates: readonly Rate[] } = readCard(
  rateCard
    .trim()
    .split('\n')
    .map((line) => line.split(',')),
);

export const shippedMarkets: Markets = createMarkets(readMarkets(marketTable));

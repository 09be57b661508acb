import { type PricingServiceServer, PricingServiceService } from '@switchboard/contracts/billing/v1/pricing_service';
import { invalid } from '@switchboard/errors';
import { type ServedService, unary } from '@switchboard/grpc';
import { CsvError, parse } from 'csv-parse/sync';
import { dayOf, isDay } from '../../domain/prices/day.js';
import { categories, type Category, isCategory } from '../../domain/prices/rates.js';
import { type PriceUseCases, rateMissing } from '../../use-cases/prices.js';
import { type NumberFacts } from '../../use-cases/hold-prices.js';
import { batchRule, refuse, type Rule } from './requests.js';

/** Rates change at midnight of the account's zone; where no number tells it, UTC. */
const ZONE = 'UTC';
const MAX_CSV_BYTES = 4 * 1_048_576;

const categoryRule = (field: string, value: string): Rule => [
  field,
  isCategory(value),
  `must be one of ${categories.join(', ')}; service is everything that is no template`,
];
const countryRule = (field: string, value: string, mayBeEmpty: boolean): Rule => [
  field,
  (mayBeEmpty && value === '') || /^[A-Z]{2}$/.test(value),
  'must be a country as ISO 3166 writes it, for example BR; correct it',
];
const dayRule = (day: string): Rule => ['day', day === '' || isDay(day), 'must be a day as 2026-11-26; write it so'];

/** Prices: of one message, of an audience, and the cards they come from. */
export function pricingServer(prices: PriceUseCases, factsOf: NumberFacts, now: () => Date): ServedService {
  /** Of the number, in whose zone months and prices change; a number that nobody knows is in UTC, and has no volume. */
  async function momentOf(number: string, at: Date = now()) {
    const { timeZone, portfolio, freeServiceLeft } = await factsOf(number);
    return { at, day: dayOf(at, timeZone), portfolio, freeServiceLeft };
  }

  const implementation: PricingServiceServer = {
    getPrice: unary(async (request) => {
      const { phoneNumberId, phone, country, category, at, windowOpen, freeEntry } = request;
      refuse([
        categoryRule('category', category),
        countryRule('country', country, phone !== ''),
        ['phone', phone === '' || /^\d{5,15}$/.test(phone), 'must be 5 to 15 digits with country code; write it so'],
      ]);
      const { freeServiceLeft, ...moment } = await momentOf(phoneNumberId, at);
      const { day } = moment;
      const about = { phone, country, category: category as Category, windowOpen, freeEntry, freeServiceLeft };
      const { price, market } = await prices.getPrice({ ...about, ...moment });
      if (price.kind === 'unknown') throw rateMissing(market, category, day);
      const { amount: amountMicros, rule, policy, rateSince } = price;
      return { amountMicros, market, policy, rule, rateSince };
    }),
    quote: unary(async ({ phoneNumberId, groups, at }) => {
      refuse([
        batchRule('groups', groups.length),
        ...groups.flatMap((group, index) => [
          countryRule(`groups[${index}].country`, group.country, false),
          categoryRule(`groups[${index}].category`, group.category),
        ]),
      ]);
      const quotes = await prices.quote(
        groups.map((group) => ({ ...group, category: group.category as Category })),
        await momentOf(phoneNumberId, at),
      );
      return {
        groups: quotes.map(({ market, price, least, most, paused }) => ({
          market,
          priceMicros: price,
          leastMicros: least,
          mostMicros: most,
          paused,
        })),
        leastMicros: quotes.reduce((sum, { least }) => sum + least, 0n),
        mostMicros: quotes.reduce((sum, { most }) => sum + most, 0n),
      };
    }),
    importRates: unary(async ({ csv, dryRun }, { caller }) => {
      refuse([['csv', csv.length > 0 && csv.length <= MAX_CSV_BYTES, 'must be 1 byte to 4 MB; import it in parts']]);
      const { lines, changes, tierChanges, problems } = await prices.importCard(caller.subject, readCsv(csv), dryRun);
      return {
        lines,
        changes: [...changes.map((change) => ({ ...change, from: 0 })), ...tierChanges].map(
          ({ market, category, since, from, before, amount }) => ({
            market,
            category,
            since,
            tierFrom: BigInt(from),
            ...(before !== undefined && { beforeMicros: before }),
            afterMicros: amount,
          }),
        ),
        problems: problems.map((problem) => ({ ...problem })),
      };
    }),
    listRates: unary(async ({ day, market }) => {
      refuse([dayRule(day)]);
      const { rates, tables } = await prices.listRates(day || dayOf(now(), ZONE), market);
      const tiers = tables.flatMap(({ tiers: all, ...about }) => all.map((tier) => ({ ...about, ...tier })));
      return {
        rates: [...rates.map((rate) => ({ ...rate, from: 0 })), ...tiers].map(
          ({ market: of, category, amount, since, from }) => ({
            market: of,
            category,
            amountMicros: amount,
            since,
            tierFrom: BigInt(from),
          }),
        ),
      };
    }),
  };
  return {
    definition: PricingServiceService,
    implementation,
    scopes: {
      getPrice: 'billing.prices:read',
      quote: 'billing.prices:read',
      importRates: 'billing.prices:write',
      listRates: 'billing.prices:read',
    },
  };
}

function readCsv(csv: Uint8Array): string[][] {
  try {
    return parse(Buffer.from(csv), { bom: true, relax_column_count: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw invalid('billing.csv-broken', [{ field: 'csv', description: `must be CSV (RFC 4180): ${error.message}` }]);
  }
}

import { createAggregates, createMemoryStore } from '@switchboard/aggregates';
import { volumeAggregate } from '../src/adapters/kafka/volume-aggregate.js';
import { countryOf } from '../src/adapters/node/countries.js';
import { type Category, type Rate } from '../src/domain/prices/rates.js';
import { shippedMarkets, shippedRates } from '../src/domain/prices/shipped.js';
import { createHoldPrices } from '../src/use-cases/hold-prices.js';
import { createPriceBooks } from '../src/use-cases/price-book.js';
import { createPriceUseCases, type Group } from '../src/use-cases/prices.js';
import { createVolumeUseCases } from '../src/use-cases/volumes.js';
import { createMemoryPositions, createMemoryTiers } from './support/pricing.js';

/** Prices where volume tiers were imported: of one message, of an audience, of a hold. Brazil's list price is 0.0068. */

const HEADER = 'market,marketing,utility,authentication,effective_date,currency,tier';
const CARD = [
  HEADER,
  'Brazil,,0.0068,,2026-12-01,USD,1:5',
  'Brazil,,0.0060,,2026-12-01,USD,6:10',
  'Brazil,,0.0050,,2026-12-01,USD,11:MAX',
].join('\n');
const records = (csv: string): string[][] => csv.split('\n').map((line) => line.split(','));
const december = new Date('2026-12-05T12:00:00Z');
const moment = { day: '2026-12-05', at: december, portfolio: '20' };
const BRAZIL = '5511987654321';

const made: { stop: () => Promise<void> }[] = [];
afterEach(() => Promise.all(made.splice(0).map((each) => each.stop())));

async function pricing({ counted = 0, csv = CARD }: { counted?: number; csv?: string } = {}) {
  let time = new Date('2026-11-26T12:00:00Z');
  const now = () => time;
  const rates: Rate[] = [];
  const store = {
    all: () => Promise.resolve(rates),
    save: (some: readonly Rate[]) => Promise.resolve(void rates.push(...some)),
  };
  const books = createPriceBooks({ store, tierStore: createMemoryTiers(), shipped: shippedRates, now });
  const aggregates = createAggregates({
    definition: volumeAggregate,
    store: createMemoryStore(),
    publish: () => Promise.resolve(),
  });
  made.push(aggregates);
  const observer = { stale: () => undefined };
  const volumes = createVolumeUseCases({ volumes: aggregates, positions: createMemoryPositions(), observer });
  const prices = createPriceUseCases({ books, volumes, markets: shippedMarkets, countryOf });
  if (csv !== '') await prices.importCard('somebody', records(csv), false);
  const message = { portfolio: '20', market: 'Brazil', category: 'utility', month: '2026-12', at: december } as const;
  await volumes.positionsOf(Array.from({ length: counted }, (_, index) => ({ ...message, id: `m${index}:1` })));
  const factsOf = () => Promise.resolve({ brand: 'acme', timeZone: 'UTC', portfolio: '20' });
  return {
    prices,
    priceHold: createHoldPrices({ prices, factsOf, now }),
    moveTo: (at: Date) => void (time = at),
    priceOf: async (about: Partial<typeof moment> & { category?: Category } = {}) => {
      const plain = { phone: BRAZIL, country: '', windowOpen: false, freeEntry: false, freeServiceLeft: 0 };
      const { price } = await prices.getPrice({ ...plain, category: 'utility', ...moment, ...about });
      return price.kind === 'known' ? [price.amount, price.rule] : [price.kind];
    },
  };
}

describe('GetPrice', () => {
  it.each<[number, bigint, string]>([
    [0, 6_800n, 'rate'],
    [4, 6_800n, 'rate'],
    [5, 6_000n, 'tier'],
    [9, 6_000n, 'tier'],
    [10, 5_000n, 'tier'],
  ])('BL-10 behind %d messages of the portfolio the next one costs %d by its %s', async (counted, amount, rule) => {
    expect(await (await pricing({ counted })).priceOf()).toEqual([amount, rule]);
  });

  it('BL-10 of another portfolio, month, category, or of nobody, is that of the first message', async () => {
    const { priceOf } = await pricing({ counted: 10 });

    expect(await priceOf({ portfolio: '21' })).toEqual([6_800n, 'rate']);
    expect(await priceOf({ portfolio: '' })).toEqual([6_800n, 'rate']);
    expect(await priceOf({ day: '2027-01-01' })).toEqual([6_800n, 'rate']);
    expect(await priceOf({ category: 'authentication' })).toEqual([6_800n, 'rate']);
    expect(await priceOf({ day: '2026-11-30' })).toEqual([6_800n, 'rate']);
  });
});

describe('a hold', () => {
  it('BL-10 is for the price of the next message', async () => {
    const { priceHold, moveTo } = await pricing({ counted: 10 });
    moveTo(december);
    const message = { number: '1', brand: '', country: '', market: '', category: 'utility', userInitiated: false };
    const recipient = { phone: BRAZIL, userId: '' };

    const priced = await priceHold({ id: 'x:1', amount: 0n, message, memo: '', recipient });

    expect(priced).toMatchObject({ kind: 'hold', hold: { amount: 5_000n } });
  });
});

describe('a quote', () => {
  const group = (recipients: number, more: Partial<Group> = {}): Group => ({
    country: 'BR',
    category: 'utility',
    recipients,
    windowsOpen: 0,
    ...more,
  });

  it('BL-10 goes through the tiers message by message, from where the portfolio stands', async () => {
    const { prices } = await pricing({ counted: 4 });

    expect(await prices.quote([group(8)], moment)).toMatchObject([
      { price: 6_800n, most: 6_800n + 5n * 6_000n + 2n * 5_000n, least: 6_800n + 5n * 6_000n + 2n * 5_000n },
    ]);
  });

  it('BL-10 groups of one market and category go through them behind one another, others beside them', async () => {
    const { prices } = await pricing();

    const quotes = await prices.quote([group(5), group(1, { category: 'authentication' }), group(6)], moment);

    expect(quotes.map(({ price, most }) => [price, most])).toEqual([
      [6_800n, 5n * 6_800n],
      [6_800n, 6_800n],
      [6_000n, 5n * 6_000n + 5_000n],
    ]);
  });

  it('BL-10 without tiers, and where all is free, it is what it was', async () => {
    const { prices } = await pricing({ csv: '' });

    expect(await prices.quote([group(1_000, { windowsOpen: 10 })], moment)).toMatchObject([{ most: 6_800_000n }]);
    expect(await prices.quote([group(10, { windowsOpen: 4 })], { ...moment, day: '2026-09-30' })).toMatchObject([
      { price: 6_800n, most: 6n * 6_800n },
    ]);
  });
});

describe('an import', () => {
  it('BL-10 tells in a dry run what tiers would change, and keeps nothing', async () => {
    const { prices } = await pricing({ csv: '' });

    const dry = await prices.importCard('somebody', records(CARD), true);

    expect(dry.tierChanges.map(({ from, before, amount }) => [from, before, amount])).toEqual([
      [1, undefined, 6_800n],
      [6, undefined, 6_000n],
      [11, undefined, 5_000n],
    ]);
    expect((await prices.listRates('2026-12-05', 'Brazil')).tables).toEqual([]);
  });

  it('BL-10 is listed from its day on; the same card again changes nothing', async () => {
    const { prices, moveTo } = await pricing();

    expect((await prices.listRates('2026-11-30', 'Brazil')).tables).toEqual([]);
    expect((await prices.listRates('2026-12-01', 'Brazil')).tables).toMatchObject([{ tiers: { length: 3 } }]);
    expect((await prices.listRates('2026-12-01', 'India')).tables).toEqual([]);
    moveTo(december);
    expect(await prices.importCard('somebody', records(CARD), false)).toMatchObject({ tierChanges: [], problems: [] });
  });

  it('BL-2 BL-10 days that are past keep what they had, with or without tiers', async () => {
    const { prices, moveTo } = await pricing();
    const past = CARD.replaceAll('2026-12-01', '2026-11-01');
    await expect(prices.importCard('somebody', records(past), false)).rejects.toMatchObject({
      code: 'billing.past-rates',
      violations: [{ field: 'csv', description: expect.stringContaining('Brazil utility from 2026-11-01') as string }],
    });
    moveTo(december);
    const cheaper = CARD.replace('0.0050', '0.0040');
    await expect(prices.importCard('somebody', records(cheaper), false)).rejects.toMatchObject({
      code: 'billing.past-rates',
    });
  });

  it('BL-10 of which one line is wrong keeps nothing', async () => {
    const { prices } = await pricing({ csv: '' });

    const { problems } = await prices.importCard('somebody', records(CARD.replace('6:10', '7:10')), false);

    expect(problems).toMatchObject([{ line: 3, column: 'tier' }]);
    expect((await prices.listRates('2026-12-05', '')).tables).toEqual([]);
  });
});

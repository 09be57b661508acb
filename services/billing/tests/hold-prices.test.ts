import { shippedMarkets, shippedRates } from '../src/domain/prices/shipped.js';
import { countryOf } from '../src/adapters/node/countries.js';
import { createHoldPrices, type HoldWanted } from '../src/use-cases/hold-prices.js';
import { createPriceBooks } from '../src/use-cases/price-book.js';
import { createPriceUseCases } from '../src/use-cases/prices.js';
import { noTiers, noVolumes } from './support/pricing.js';

/** What an attempt is held for: by the day in the account's zone, and where the message goes to. */

function pricing(now: string, timeZone = 'UTC') {
  const clock = () => new Date(now);
  const store = { all: () => Promise.resolve([]), save: () => Promise.resolve() };
  const books = createPriceBooks({ store, tierStore: noTiers, shipped: shippedRates, now: clock });
  const prices = createPriceUseCases({ books, volumes: noVolumes, markets: shippedMarkets, countryOf });
  return createHoldPrices({
    prices,
    factsOf: () => Promise.resolve({ brand: 'acme', timeZone, portfolio: '20' }),
    now: clock,
  });
}

const wanted = (category: string, recipient: HoldWanted['recipient'], windowOpen = false): HoldWanted => ({
  id: 'm:1',
  amount: 0n,
  message: { number: '1', brand: '', country: '', market: '', category, userInitiated: windowOpen },
  memo: '',
  recipient,
});
const phone = (digits: string) => ({ phone: digits, userId: '' });
const [BRAZIL, US, CANADA] = [phone('5511987654321'), phone('12025550188'), phone('14165550188')];

it.each<[string, string, HoldWanted, bigint, object]>([
  [
    'marketing to Brazil',
    '2026-11-26T12:00:00Z',
    wanted('marketing', BRAZIL),
    62_500n,
    { country: 'BR', market: 'Brazil' },
  ],
  ['marketing to Canada', '2026-11-26T12:00:00Z', wanted('marketing', CANADA), 25_000n, { country: 'CA' }],
  [
    'utility in the window since October',
    '2026-10-01T00:00:00Z',
    wanted('utility', US, true),
    3_400n,
    { country: 'US' },
  ],
  [
    'a service message to a hidden phone, by its user id',
    '2026-11-26T12:00:00Z',
    wanted('service', { phone: '', userId: 'BR.13491208655302741918' }, true),
    6_800n,
    { country: 'BR', market: 'Brazil', brand: 'acme' },
  ],
])('BL-2 %s', async (_what, now, asked, amount, message) => {
  expect(await pricing(now)(asked)).toMatchObject({ kind: 'hold', hold: { amount, message, isPriced: true } });
});

it.each<[string, string, HoldWanted, string]>([
  ['TX-7 marketing to the US is not delivered', '2026-11-26T12:00:00Z', wanted('marketing', US), 'UTC'],
  ['BL-4 utility in the window, before October', '2026-09-30T23:59:59Z', wanted('utility', BRAZIL, true), 'UTC'],
  [
    'BL-4 utility in the window, while it is September in the zone',
    '2026-10-01T02:59:59Z',
    wanted('utility', BRAZIL, true),
    'America/Sao_Paulo',
  ],
])('%s: it costs nothing', async (_what, now, asked, zone) => {
  expect(await pricing(now, zone)(asked)).toEqual({ kind: 'free' });
});

it('BL-2 is not guessed where no rate is known', async () => {
  expect(await pricing('2025-08-01T00:00:00Z')(wanted('marketing', BRAZIL))).toEqual({ kind: 'unknown' });
});

it('BL-6 what names its amount is held as it is', async () => {
  const call = { id: 'call-1', amount: 5n, message: null, memo: 'a call' };

  expect(await pricing('2026-11-26T12:00:00Z')({ ...call, recipient: undefined })).toEqual({
    kind: 'hold',
    hold: call,
  });
});

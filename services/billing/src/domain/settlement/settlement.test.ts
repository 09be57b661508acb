import { shippedMarkets, shippedRates } from '../prices/shipped.js';
import { createRates } from '../prices/rates.js';
import { type Reported } from '../prices/reported.js';
import { availableOf, heldOf } from '../wallet/accounts.js';
import { foldWallet } from '../wallet/fold.js';
import { type Input } from '../wallet/inputs.js';
import { type Lookup } from '../wallet/known.js';
import { noWallet, type Wallet } from '../wallet/wallet.js';
import { type AttemptNews, settlementOf } from './settlement.js';

/** From what egress tells to the wallet: worked examples. */

const rates = createRates(shippedRates);
const at = new Date('2026-11-26T12:00:00Z');
const common = { at, by: 'test', projected: 0 };
const lookup: Lookup = { upTo: 0, holds: new Map(), entries: new Set() };
const [BRAZIL, US, CANADA] = ['5511987654321', '12025550188', '14165550188'];
const regular = (category: string): Reported => ({ type: 'regular', category, billable: true });
const free = (type: string, category: string): Reported => ({ type, category, billable: false });

const somewhere = { number: '1', brand: 'b', country: 'BR', market: 'Brazil', userInitiated: false };

const news = (
  what: AttemptNews['what'],
  category: string,
  reported: Reported | undefined,
  more: Partial<AttemptNews> & { phone?: string } = {},
): AttemptNews => {
  const { phone = BRAZIL, day = '2026-11-26', ...rest } = more;
  const { country, market } = shippedMarkets.ofPhone(phone, day);
  const message = { number: '1', brand: 'b', country, market, category, userInitiated: false };
  return {
    holdId: 'm:1',
    what,
    isHeld: true,
    reported,
    doubled: false,
    message,
    day,
    at: new Date('2026-11-26T10:00:00Z'),
    tier: undefined,
    ...rest,
  };
};

/** A wallet of 1 USD in which `held` was held for m:1, after these. */
function after(held: bigint | undefined, ...all: AttemptNews[]) {
  const create: Input = { ...common, kind: 'create', organisation: 'o', name: 'n', wallet: 'standalone', services: [] };
  const buy: Input = {
    ...common,
    kind: 'credit',
    cause: 'grant',
    id: 'g',
    purchase: 'g',
    amount: 1_000_000n,
    fee: 0n,
    memo: '',
    lookup,
  };
  const hold: Input = {
    ...common,
    kind: 'hold',
    spender: { tenant: undefined, service: 'egress' },
    holds: [{ id: 'm:1', amount: held ?? 0n, message: { ...somewhere, category: 'marketing' }, memo: '' }],
    lookup,
  };
  const inputs = all.flatMap((each): Input[] => {
    const asked = settlementOf(rates, each);
    return asked ? [{ ...common, kind: 'resolve', resolutions: [asked], lookup }] : [];
  });
  let wallet: Wallet = noWallet();
  const said: string[] = [];
  for (const input of [create, buy, ...(held === undefined ? [] : [hold]), ...inputs]) {
    const folded = foldWallet(wallet, input);
    wallet = folded.wallet;
    said.push(...folded.events.map(({ kind }) => kind));
  }
  const spent = 1_000_000n - availableOf(wallet.balances) - heldOf(wallet.balances);
  const charged = wallet.tail.find(({ kind }) => kind === 'settle');
  return {
    wallet,
    spent,
    held: heldOf(wallet.balances),
    said,
    charged,
    flags: wallet.tail.flatMap(({ flags }) => flags),
  };
}

describe('a delivered message costs what Meta reports', () => {
  it.each<[string, bigint | undefined, AttemptNews, bigint]>([
    ['BL-4 utility outside the window', 6_800n, news('delivered', 'utility', regular('utility')), 6_800n],
    [
      'BL-4 utility inside the window before October 2026',
      undefined,
      news('delivered', 'utility', free('free_customer_service', 'utility'), { isHeld: false, day: '2026-09-30' }),
      0n,
    ],
    [
      'BL-4 utility inside the window from October 2026',
      6_800n,
      news('delivered', 'utility', regular('utility'), { day: '2026-10-01' }),
      6_800n,
    ],
    ['BL-2 marketing to Brazil', 62_500n, news('delivered', 'marketing', regular('marketing')), 62_500n],
    [
      'BL-2 marketing to Canada',
      25_000n,
      news('delivered', 'marketing', regular('marketing'), { phone: CANADA }),
      25_000n,
    ],
    ['TX-7 utility to the US', 3_400n, news('delivered', 'utility', regular('utility'), { phone: US }), 3_400n],
    [
      'BL-4 service message number 1,000',
      undefined,
      news('delivered', 'service', free('free_customer_service', 'service'), { isHeld: false }),
      0n,
    ],
    ['BL-4 service message number 1,001', 6_800n, news('delivered', 'service', regular('service')), 6_800n],
    [
      'BL-4 marketing inside of the 72 hours of a free entry',
      62_500n,
      news('delivered', 'marketing', free('free_entry_point', 'referral_conversion')),
      0n,
    ],
    ['BL-3 one that was failed', 62_500n, news('failed', 'marketing', undefined), 0n],
    ['BL-3 read, and Meta reports no price', 62_500n, news('delivered', 'marketing', undefined), 62_500n],
    [
      'BL-3 not held, and Meta reports no price',
      undefined,
      news('delivered', 'service', undefined, { isHeld: false }),
      0n,
    ],
  ])('%s', (_what, held, told, spent) => {
    expect(after(held, told)).toMatchObject({ spent, held: 0n });
  });

  it('BL-4 and the difference is told, where another category was held', () => {
    const { spent, said, charged } = after(62_500n, news('delivered', 'marketing', regular('utility')));

    expect(spent).toBe(6_800n);
    expect(said).toContain('price-differed');
    expect(charged?.message?.category).toBe('utility');
  });

  it('BL-4 and the difference is told, where Meta does not charge what was held', () => {
    expect(after(6_800n, news('delivered', 'service', free('free_customer_service', 'service'))).said).toContain(
      'price-differed',
    );
  });

  it('BL-8 also when it was never held, flagged', () => {
    expect(after(undefined, news('delivered', 'service', regular('service'), { isHeld: false }))).toMatchObject({
      spent: 6_800n,
      flags: ['unheld'],
    });
  });
});

describe('once, in any order and repetition', () => {
  const delivered = news('delivered', 'marketing', regular('marketing'));
  const failed = news('failed', 'marketing', undefined);

  it('BL-3 delivered twice', () => {
    expect(after(62_500n, delivered, delivered).spent).toBe(62_500n);
  });

  it('BL-3 read without delivered, and delivered later', () => {
    expect(after(62_500n, delivered).spent).toBe(62_500n);
  });

  it('BL-8 failed, then delivered after its price was given back: captured late, flagged', () => {
    expect(after(62_500n, failed, delivered)).toMatchObject({ spent: 62_500n, held: 0n, flags: ['late'] });
  });

  it('BL-8 delivered, then failed: it stays charged', () => {
    expect(after(62_500n, delivered, failed).spent).toBe(62_500n);
  });

  it('BL-8 a second attempt that was delivered too is charged, flagged', () => {
    const second = { ...delivered, holdId: 'm:2', doubled: true };

    expect(after(62_500n, delivered, second)).toMatchObject({ spent: 125_000n, flags: ['unheld', 'doubled'] });
  });

  it('BL-8 refused before Meta was called: what is held is given back, and what is not leaves no entry', () => {
    const refused = news('refused', 'marketing', undefined);

    expect(after(62_500n, refused)).toMatchObject({ spent: 0n, held: 0n });
    expect(after(undefined, refused).said).toEqual(after(undefined).said);
  });
});

it.each<[string, bigint | undefined, AttemptNews[]]>([
  [
    'at a price that Meta reports',
    62_500n,
    [news('delivered', 'marketing', { type: 'regular', category: 'marketing', billable: true })],
  ],
  ['as it was held', 62_500n, [news('delivered', 'marketing', undefined)]],
  [
    'after it was given back',
    62_500n,
    [
      news('failed', 'marketing', undefined),
      news('delivered', 'marketing', { type: 'regular', category: 'marketing', billable: true }),
    ],
  ],
])('BL-10 what is charged %s says when it was delivered', (_what, held, all) => {
  const { wallet } = after(held, ...all);
  const charges = wallet.tail.filter(({ kind }) => kind === 'settle' || kind === 'capture');

  expect(charges.map(({ message }) => message?.deliveredAt)).toEqual([new Date('2026-11-26T10:00:00Z')]);
});

import { availableOf, heldOf } from './accounts.js';
import { foldWallet } from './fold.js';
import { type Hold, type Input, type ResolutionAsked, type Result } from './inputs.js';
import { type Lookup } from './known.js';
import { noWallet, type Wallet } from './wallet.js';

const at = new Date('2026-11-26T12:00:00Z');
const common = { at, by: 'test', projected: 0 };
const nothing: Lookup = { upTo: 0, holds: new Map(), entries: new Set() };
const message = {
  number: '1',
  brand: 'acme',
  country: 'BR',
  market: 'Brazil',
  category: 'utility',
  userInitiated: false,
};

const create = (kind: Wallet['kind'] = 'standalone', services: string[] = []): Input => ({
  ...common,
  kind: 'create',
  organisation: 'org',
  name: 'Main',
  wallet: kind,
  services,
});
const buy = (id: string, amount: bigint, fee = 0n): Input => ({
  ...common,
  kind: 'credit',
  cause: 'purchase',
  id,
  purchase: id,
  amount,
  fee,
  memo: '',
  lookup: nothing,
});
const hold = (amount: bigint, ...ids: string[]): Hold => ({
  ...common,
  kind: 'hold',
  spender: { tenant: undefined, service: 'egress' },
  holds: ids.map((id) => ({ id, amount, message, memo: '' })),
  lookup: nothing,
});
const resolve = (how: ResolutionAsked['how'], id: string, amount?: bigint, doubled = false): Input => ({
  ...common,
  kind: 'resolve',
  resolutions: [{ id, how, amount, cost: undefined, message, doubled }],
  lookup: nothing,
});

function after(...inputs: Input[]) {
  let wallet: Wallet = noWallet();
  const said: string[] = [];
  let result: Result | undefined;
  for (const input of inputs) {
    const folded = foldWallet(wallet, input);
    wallet = folded.wallet;
    result = folded.result;
    said.push(...folded.events.map(({ kind }) => kind));
  }
  const { tail, balances } = wallet;
  return { wallet, said, result, tail, available: availableOf(balances), held: heldOf(balances) };
}

describe('a hold', () => {
  it('BL-8 puts its price aside until it is settled', () => {
    const held = after(create(), buy('p', 100n), hold(30n, 'm'));
    const settled = after(create(), buy('p', 100n), hold(30n, 'm'), resolve('charge', 'm'));

    expect([held.available, held.held]).toEqual([70n, 30n]);
    expect([settled.available, settled.held]).toEqual([70n, 0n]);
    expect(settled.wallet.balances.revenue.got).toBe(30n);
  });

  it('BL-8 of many that the balance does not cover are refused one by one, and no other', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `m${index}`);

    const { result, available } = after(create(), buy('p', 100n), hold(1n, ...ids));

    const outcomes = result?.kind === 'held' ? result.outcomes : [];
    expect(outcomes.filter(({ held }) => held)).toHaveLength(100);
    expect(outcomes[100]).toEqual({ id: 'm100', held: false, refusal: 'balance-too-low' });
    expect(available).toBe(0n);
  });

  it('BL-8 that is asked for again is the same hold; with another amount a conflict; once resolved none', () => {
    expect(after(create(), buy('p', 100n), hold(30n, 'm'), hold(30n, 'm')).held).toBe(30n);
    expect(after(create(), buy('p', 100n), hold(30n, 'm'), hold(31n, 'm')).result).toMatchObject({
      outcomes: [{ refusal: 'hold-conflict' }],
    });
    expect(
      after(create(), buy('p', 100n), hold(30n, 'm'), resolve('release', 'm'), hold(30n, 'm')).result,
    ).toMatchObject({
      outcomes: [{ refusal: 'hold-resolved' }],
    });
  });

  it('BL-8 that comes after its own release is refused', () => {
    const { result, held } = after(create(), buy('p', 100n), resolve('release', 'm'), hold(30n, 'm'));

    expect(result).toMatchObject({ outcomes: [{ held: false, refusal: 'hold-resolved' }] });
    expect(held).toBe(0n);
  });

  it('BL-6 is refused to a service outside of the wallet’s scope', () => {
    const spender = { tenant: undefined, service: 'voice' };
    const asked = { ...hold(1n, 'm'), spender };
    const settled = { ...resolve('settle', 'm'), spender };

    expect(() => after(create(), buy('p', 9n), asked)).toThrow(/voice may not spend/);
    expect(() => after(create(), buy('p', 9n), hold(1n, 'm'), settled)).toThrow(/voice may not spend/);
    expect(after(create('bundle', ['voice']), buy('p', 9n), asked).held).toBe(1n);
  });

  it('SE-1 is made in no other organisation’s wallet: for who asks there is none', () => {
    const asked = { ...hold(1n, 'm'), spender: { tenant: 'another', service: 'egress' } };

    expect(() => after(create(), buy('p', 9n), asked)).toThrow(/no such wallet/);
  });

  it('BL-9 is refused when the brand’s budget of the month is spent', () => {
    const settings: Input = {
      ...common,
      kind: 'change',
      expectedVersion: 1,
      name: 'Main',
      services: [],
      lowMark: 0n,
      noticeEmails: [],
      recharge: null,
      budgets: { acme: 50n },
    };

    const { result, said } = after(create(), buy('p', 100n), settings, hold(30n, 'm1', 'm2'), hold(20n, 'm3'));
    const next = { ...hold(30n, 'm4'), at: new Date('2026-12-01T00:00:00Z') };

    expect(result).toMatchObject({ outcomes: [{ held: true }] });
    expect(said.filter((kind) => kind === 'budget-spent')).toHaveLength(1);
    expect(after(create(), buy('p', 100n), settings, hold(30n, 'm1', 'm2')).result).toMatchObject({
      outcomes: [{ held: true }, { refusal: 'budget-spent' }],
    });
    expect(after(create(), buy('p', 100n), settings, hold(30n, 'm1'), next).held).toBe(60n);
  });

  it('BL-8 ends after 30 days by one timer per wallet and day', () => {
    const tomorrow = { ...hold(1n, 'm3'), at: new Date('2026-11-27T00:00:00Z') };

    const { said, wallet } = after(create(), buy('p', 9n), hold(1n, 'm1'), hold(1n, 'm2'), tomorrow);

    expect(said.filter((kind) => kind === 'arm-expiry')).toHaveLength(2);
    expect(wallet.expiries).toEqual({ '2026-11-26': 1, '2026-11-27': 1 });
  });
});

describe('a resolution', () => {
  it.each<[string, Input[], bigint, string[]]>([
    ['BL-3 delivered twice costs once', [hold(30n, 'm'), resolve('charge', 'm'), resolve('charge', 'm')], 70n, []],
    ['BL-3 failed costs nothing', [hold(30n, 'm'), resolve('release', 'm')], 100n, []],
    [
      'BL-8 delivered after release is captured late',
      [hold(30n, 'm'), resolve('release', 'm'), resolve('charge', 'm'), resolve('charge', 'm')],
      70n,
      ['late'],
    ],
    [
      'BL-8 delivered after 30 days too',
      [hold(30n, 'm'), resolve('expire', 'm'), resolve('charge', 'm', 30n)],
      70n,
      ['late'],
    ],
    ['BL-8 delivered without a hold is captured', [resolve('charge', 'm', 30n)], 70n, ['unheld']],
    ['BL-4 charged less than was held', [hold(30n, 'm'), resolve('charge', 'm', 10n)], 90n, ['repriced']],
    ['BL-4 charged more than was held', [hold(30n, 'm'), resolve('charge', 'm', 45n)], 55n, ['repriced', 'repriced']],
    ['BL-4 free after all', [hold(30n, 'm'), resolve('charge', 'm', 0n)], 100n, []],
    [
      'TX-4 a second attempt that was delivered',
      [hold(30n, 'm:1'), hold(30n, 'm:2'), resolve('charge', 'm:1'), resolve('charge', 'm:2', undefined, true)],
      40n,
      ['doubled'],
    ],
    ['BL-6 a service charges at most what it held', [hold(30n, 'm'), resolve('settle', 'm', 45n)], 70n, []],
    ['BL-6 a service cannot charge what it never held', [resolve('settle', 'm', 45n)], 100n, []],
    [
      'BL-8 failed after delivered changes nothing',
      [hold(30n, 'm'), resolve('charge', 'm'), resolve('release', 'm')],
      70n,
      [],
    ],
  ])('%s', (_name, inputs, available, flags) => {
    const wallet = after(create(), buy('p', 100n), ...inputs);

    expect(wallet.available).toBe(available);
    expect(wallet.held).toBe(0n);
    expect(wallet.tail.flatMap((entry) => entry.flags)).toEqual(flags);
  });

  it('BL-9 writes what Meta takes apart from what we charge', () => {
    const input = resolve('charge', 'm', 30n);
    const withCost =
      input.kind === 'resolve'
        ? { ...input, resolutions: input.resolutions.map((each) => ({ ...each, cost: 28n })) }
        : input;

    const { wallet } = after(create(), buy('p', 100n), hold(30n, 'm'), withCost);

    expect(wallet.balances.revenue).toEqual({ got: 30n, gave: 28n });
    expect(wallet.balances.meta_cost.got).toBe(28n);
  });
});

describe('credits', () => {
  it('BL-7 come once, however often it is told that they were paid', () => {
    const { available, wallet } = after(create(), buy('p', 100n, 3n), buy('p', 100n, 3n));

    expect(available).toBe(100n);
    expect(wallet.balances.cash.gave).toBe(103n);
    expect(wallet.balances.fees.got).toBe(3n);
  });

  it('BL-7 go back with a refund, also when they are spent: flagged', () => {
    const refund: Input = { ...buy('p:r1', 100n, 3n), cause: 'refund', purchase: 'p' } as Input;

    const spent = after(create(), buy('p', 100n, 3n), hold(60n, 'm'), resolve('charge', 'm'), refund);

    expect(spent.available).toBe(-60n);
    expect(spent.tail.at(-1)?.flags).toEqual(['reversed']);
  });

  it('BL-9 that are low or gone are told of once, until they have risen again', () => {
    const settings: Input = {
      ...common,
      kind: 'change',
      expectedVersion: 0,
      name: 'Main',
      services: [],
      lowMark: 50n,
      noticeEmails: [],
      recharge: null,
      budgets: {},
    };

    const { said } = after(
      create(),
      buy('p', 100n),
      settings,
      hold(60n, 'm1'),
      hold(10n, 'm2'),
      hold(30n, 'm3'),
      hold(1n, 'm4'),
      buy('q', 100n),
      hold(60n, 'm5'),
    );

    expect(said.filter((kind) => kind.startsWith('balance'))).toEqual(['balance-low', 'balance-empty', 'balance-low']);
  });
});

describe('the tail', () => {
  const many = (from: number, count: number, projected: number): Hold => ({
    ...hold(1n, ...Array.from({ length: count }, (_, index) => `m${from + index}`)),
    projected,
  });

  it('BL-9 lets go only of entries that are in the projection', () => {
    const none = after(create(), buy('p', 10_000n), many(0, 500, 0), many(500, 500, 0), many(1_000, 500, 0));
    const some = after(create(), buy('p', 10_000n), many(0, 500, 0), many(500, 500, 400), many(1_000, 500, 400));

    expect(none.wallet.tailFrom).toBe(0);
    expect(some.wallet.tailFrom).toBe(400);
    expect(some.tail[0]?.sequence).toBe(401);
  });

  it('BL-8 sends back who looked up before it let go, so that no hold is made twice', () => {
    const inputs = [create(), buy('p', 10_000n), many(0, 500, 0), many(500, 500, 500), many(1_000, 500, 500)];

    const { result } = after(...inputs, hold(1n, 'm0'));

    expect(result).toEqual({ kind: 'stale', tailFrom: 500 });
  });
});

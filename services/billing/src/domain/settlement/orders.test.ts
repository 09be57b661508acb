import fc from 'fast-check';
import { shippedRates } from '../prices/shipped.js';
import { createRates } from '../prices/rates.js';
import { availableOf, heldOf } from '../wallet/accounts.js';
import { foldWallet } from '../wallet/fold.js';
import { type Input } from '../wallet/inputs.js';
import { type Lookup } from '../wallet/known.js';
import { noWallet } from '../wallet/wallet.js';
import { type AttemptNews, settlementOf } from './settlement.js';

/** In whatever order and however often egress tells of attempts, what was delivered is paid once, and nothing stays held. */

const PRICE = 62_500n;
const rates = createRates(shippedRates);
const common = { at: new Date('2026-11-26T12:00:00Z'), by: 'test', projected: 0 };
const lookup: Lookup = { upTo: 0, holds: new Map(), entries: new Set() };
const message = {
  number: '1',
  brand: 'b',
  country: 'BR',
  market: 'Brazil',
  category: 'marketing',
  userInitiated: false,
};

interface Attempt {
  readonly isHeld: boolean;
  readonly told: readonly AttemptNews['what'][];
}

/** Refused is only what was held and never begun. */
const attempt: fc.Arbitrary<Attempt> = fc.oneof(
  fc.record({ isHeld: fc.boolean(), told: fc.subarray<AttemptNews['what']>(['delivered', 'failed']) }),
  fc.constant<Attempt>({ isHeld: true, told: ['refused'] }),
);

const history = fc.array(attempt, { minLength: 1, maxLength: 4 }).chain((attempts) => {
  const once = attempts.flatMap(({ isHeld, told }, index) => told.map((what) => newsOf(index, isHeld, what)));
  const twice = fc.shuffledSubarray([...once, ...once], { minLength: once.length }).map((some) => [...some, ...once]);
  return fc.record({ attempts: fc.constant(attempts), told: twice });
});

const newsOf = (index: number, isHeld: boolean, what: AttemptNews['what']): AttemptNews => ({
  holdId: `m:${index}`,
  what,
  isHeld: what !== 'refused' && isHeld,
  reported: { type: 'regular', category: 'marketing', billable: true },
  doubled: false,
  message,
  day: '2026-11-26',
  at: new Date('2026-11-26T10:00:00Z'),
  tier: undefined,
});

it('BL-3 BL-8 each delivered attempt is charged once, each other one is given back', () => {
  fc.assert(
    fc.property(history, ({ attempts, told }) => {
      let wallet = noWallet();
      const apply = (input: Input): void => {
        wallet = foldWallet(wallet, input).wallet;
      };
      apply({ ...common, kind: 'create', organisation: 'o', name: 'n', wallet: 'standalone', services: [] });
      const grant = { cause: 'grant', id: 'g', purchase: 'g', amount: 1_000_000n, fee: 0n, memo: '' } as const;
      apply({ ...common, kind: 'credit', ...grant, lookup });
      const holds = attempts.flatMap(({ isHeld }, index) =>
        isHeld ? [{ id: `m:${index}`, amount: PRICE, message, memo: '' }] : [],
      );
      apply({ ...common, kind: 'hold', spender: { tenant: undefined, service: 'egress' }, holds, lookup });

      for (const news of told) {
        const asked = settlementOf(rates, news);
        if (asked) apply({ ...common, kind: 'resolve', resolutions: [asked], lookup });
      }

      const delivered = attempts.filter(({ told: of }) => of.includes('delivered')).length;
      const open = attempts.filter(({ isHeld, told: of }) => isHeld && of.length === 0).length;
      const [available, held] = [availableOf(wallet.balances), heldOf(wallet.balances)];
      expect({ spent: 1_000_000n - available - held, held }).toEqual({
        spent: PRICE * BigInt(delivered),
        held: PRICE * BigInt(open),
      });
    }),
    { numRuns: 500 },
  );
});

import fc from 'fast-check';
import { quotePurchase } from '../money.js';
import { type PaymentEvent, type Purchase, reversedOf, splitOf, stateOf, withEvent } from './purchase.js';

const { amount, fee, total } = quotePurchase(10);
const open: Purchase = {
  id: 'p',
  wallet: 'w',
  organisation: 'o',
  credits: 10,
  amount,
  fee,
  provider: 'stripe',
  reference: 'cs_1',
  checkoutUrl: 'https://pay.example/cs_1',
  createdAt: new Date(0),
  reason: '',
  createdBy: 'somebody',
  paidAt: null,
  failure: null,
  reversals: {},
};

const paid: PaymentEvent = { kind: 'paid', total, at: new Date(1) };
const failed: PaymentEvent = { kind: 'failed', reason: 'expired' };
const back = (kind: 'refund' | 'refund-failed' | 'dispute' | 'dispute-won', id: string, sum = total): PaymentEvent => ({
  kind,
  id,
  amount: sum,
});
const after = (...events: readonly PaymentEvent[]): Purchase => events.reduce(withEvent, open);

describe('BL-7 a purchase', () => {
  it.each([
    ['open', []],
    ['paid', [paid]],
    ['failed', [failed]],
    ['paid', [failed, paid]],
    ['paid', [paid, failed]],
    ['refunded', [paid, back('refund', 'r1', 1_000_000n)]],
    ['paid', [paid, back('refund', 'r1'), back('refund-failed', 'r1')]],
    ['disputed', [paid, back('refund', 'r1', 1_000_000n), back('dispute', 'd1')]],
    ['paid', [paid, back('dispute', 'd1'), back('dispute-won', 'd1')]],
    ['disputed', [paid, back('dispute', 'd1'), back('dispute', 'd1')]],
  ] as const)('is %s after %j', (state, events) => {
    expect(stateOf(after(...events))).toBe(state);
  });

  it('ends in the same state whatever the order and however often it is told', () => {
    const told = [
      paid,
      failed,
      back('refund', 'r1', 5_000_000n),
      back('refund', 'r2', 3_000_000n),
      back('refund-failed', 'r2', 3_000_000n),
      back('dispute', 'd1', 2_000_000n),
      back('dispute-won', 'd1', 2_000_000n),
    ];
    const expected = after(...told);
    expect([stateOf(expected), reversedOf(expected)]).toEqual(['refunded', 5_000_000n]);
    fc.assert(
      fc.property(fc.shuffledSubarray([...told, ...told], { minLength: 14 }), (events) => {
        expect(after(...events)).toEqual(expected);
      }),
    );
  });

  it('splits what goes back into credits and fee, to the micro', () => {
    expect(splitOf(open, total)).toEqual({ amount, fee });
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: total }), (sum) => {
        const parts = splitOf(open, sum);
        expect(parts.amount + parts.fee).toBe(sum);
        expect(parts.fee).toBeGreaterThanOrEqual(0n);
      }),
    );
  });
});

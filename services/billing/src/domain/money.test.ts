import fc from 'fast-check';
import { decimalOf, microsOf, quotePurchase } from './money.js';

describe('buying credits', () => {
  it.each([
    [1, 2_000_000n, 60_000n],
    [7, 14_000_000n, 420_000n],
    [1_000, 2_000_000_000n, 60_000_000n],
  ])('BL-1 %i credits cost 2 USD each and a fee of 3 %%, apart', (credits, amount, fee) => {
    expect(quotePurchase(credits)).toEqual({ credits, amount, fee, total: amount + fee });
  });

  it('BL-1 the fee is whole cents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (credits) => quotePurchase(credits).fee % 10_000n === 0n),
    );
  });
});

describe('decimal numbers', () => {
  it('are read exactly', () => {
    expect(microsOf('0.0618')).toBe(61_800n);
    expect(microsOf('12')).toBe(12_000_000n);
  });

  it.each(['', '-1', '1.', '.5', '1e3', '0.1234567', 'n/a', '1,5'])('%j is none', (text) => {
    expect(microsOf(text)).toBeUndefined();
  });

  it('are written as they were read', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 999_999_999_999_999n }),
        (micros) => microsOf(decimalOf(micros)) === micros,
      ),
    );
  });
});

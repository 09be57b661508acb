/** Whole micro-USD; never a float. */
export type Micros = bigint;

/** 1 credit = 2 USD (BL-1). */
export const CREDIT_MICROS: Micros = 2_000_000n;
const CENT_MICROS: Micros = 10_000n;
const FEE_PERCENT = 3n;

/** What a purchase costs, the fee apart (BL-1). */
export interface PurchaseQuote {
  readonly credits: number;
  readonly amount: Micros;
  readonly fee: Micros;
  readonly total: Micros;
}

/** n × 2 USD, and 3 % of it, rounded half up to whole cents (BL-1). */
export function quotePurchase(credits: number): PurchaseQuote {
  const amount = BigInt(credits) * CREDIT_MICROS;
  const fee = divideHalfUp(amount * FEE_PERCENT, 100n * CENT_MICROS) * CENT_MICROS;
  return { credits, amount, fee, total: amount + fee };
}

/** Of numbers that are not negative. */
export const divideHalfUp = (dividend: bigint, divisor: bigint): bigint => (dividend + divisor / 2n) / divisor;

export const smaller = (a: Micros, b: Micros): Micros => (a < b ? a : b);

/** `0.0618` as Meta's card writes it, exactly; undefined when it is no decimal number of at most six places. */
export function microsOf(decimal: string): Micros | undefined {
  const [, whole, fraction = ''] = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(decimal.trim()) ?? [];
  return whole === undefined ? undefined : BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

/** For statements: `-12.345678`. */
export function decimalOf(micros: Micros): string {
  const sign = micros < 0n ? '-' : '';
  const size = micros < 0n ? -micros : micros;
  return `${sign}${size / 1_000_000n}.${String(size % 1_000_000n).padStart(6, '0')}`;
}

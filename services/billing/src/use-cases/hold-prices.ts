import { freeServiceLeft, inMonth, noPayer } from '../domain/payer/payer.js';
import { dayOf } from '../domain/prices/day.js';
import { isCategory } from '../domain/prices/rates.js';
import { type MessageCost } from '../domain/wallet/entry.js';
import { type HoldAsked } from '../domain/wallet/inputs.js';
import { type Payers } from './payers.js';
import { type Clock } from './ports.js';
import { type PriceUseCases, type Recipient } from './prices.js';

/** A hold as it is asked for: without an amount it is a message whose price is looked up. */
export type HoldWanted = HoldAsked & { readonly recipient: Recipient | undefined };

export type Priced =
  | { readonly kind: 'hold'; readonly hold: HoldAsked }
  | { readonly kind: 'free' }
  /** It costs, and no rate is known. */
  | { readonly kind: 'unknown' };

/** Numbers change their brand and zone rarely. */
const MAX_AGE_MS = 5_000;

export interface Facts {
  readonly brand: string;
  readonly timeZone: string;
  /** Within what its volume counts: the business portfolio, else the account; empty where neither is known (BL-10). */
  readonly portfolio: string;
  /** Of this month; 0 of a number that nobody has told of. */
  readonly freeServiceLeft: number;
}

/** Whose number it is, for reports, budgets and the midnight at which prices change. */
export function createNumberFacts({ payers, now }: { payers: Pick<Payers, 'read'>; now: Clock }) {
  const known = new Map<string, { readonly facts: Promise<Facts>; readonly at: number }>();
  return function factsOf(number: string): Promise<Facts> {
    const at = now().getTime();
    const found = known.get(number);
    if (found && Math.abs(at - found.at) < MAX_AGE_MS) return found.facts;
    const facts = payers.read(number).then((found) => {
      const payer = inMonth(found?.state ?? noPayer(), now());
      const { brand, timeZone, waba, portfolio } = payer;
      return { brand, timeZone, portfolio: portfolio || waba, freeServiceLeft: found ? freeServiceLeft(payer) : 0 };
    });
    const entry = { facts, at };
    known.set(number, entry);
    facts.catch(() => {
      if (known.get(number) === entry) known.delete(number);
    });
    return facts;
  };
}

export type NumberFacts = ReturnType<typeof createNumberFacts>;

/** What an attempt of a message costs now (BL-2, BL-4). That it is within the allowance is not known here: egress asks only beyond it. */
export function createHoldPrices(deps: {
  prices: Pick<PriceUseCases, 'getPrice' | 'placeOf'>;
  factsOf: (number: string) => Promise<Pick<Facts, 'brand' | 'timeZone' | 'portfolio'>>;
  now: Clock;
}) {
  const { prices, factsOf, now } = deps;
  return async function priceHold({ recipient, ...hold }: HoldWanted): Promise<Priced> {
    const { message } = hold;
    if (!recipient || !message || !isCategory(message.category)) return { kind: 'hold', hold };
    const { brand, timeZone, portfolio } = await factsOf(message.number);
    const at = now();
    const day = dayOf(at, timeZone);
    const { country, market } = prices.placeOf(recipient, day);
    const { price } = await prices.getPrice({
      phone: recipient.phone,
      country,
      category: message.category,
      day,
      at,
      portfolio,
      windowOpen: message.userInitiated,
      freeEntry: false,
      freeServiceLeft: 0,
    });
    if (price.kind === 'unknown') return { kind: 'unknown' };
    if (price.amount === 0n) return { kind: 'free' };
    const cost: MessageCost = { ...message, brand, market, country };
    return { kind: 'hold', hold: { ...hold, amount: price.amount, message: cost, isPriced: true } };
  };
}

export type HoldPrices = ReturnType<typeof createHoldPrices>;

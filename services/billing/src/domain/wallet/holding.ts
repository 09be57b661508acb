import { type Micros } from '../money.js';
import { DAY_MS, utcDayOf } from '../prices/day.js';
import { availableOf } from './accounts.js';
import { createBook } from './book.js';
import { type Event, type HeldAmount, type Hold, type HoldAsked, type HoldOutcome, type Refusal } from './inputs.js';
import { createKnown, type Known } from './known.js';
import { monthOf, type Wallet } from './wallet.js';

/** Meta tries to deliver for 30 days; a hold that nothing was heard of ends then (BL-8). */
const HOLD_DAYS = 30;

/** Puts prices aside, each by itself, as long as what is available covers them (BL-8). */
export function holdAll(wallet: Wallet, input: Hold): { wallet: Wallet; outcomes: HoldOutcome[]; events: Event[] } {
  const known = createKnown(
    wallet,
    input.lookup,
    input.holds.map(({ id }) => id),
  );
  const book = createBook(wallet, known, input);
  const spending = createSpending(wallet, input.at);
  const made: HeldAmount[] = [];
  const events: Event[] = [];

  const outcomes = input.holds.map((asked): HoldOutcome => {
    const { id, amount, message, memo } = asked;
    const earlier = answeredBefore(known, asked);
    if (earlier) return earlier;
    const refusal = refused(asked, availableOf(book.balances()), spending);
    if (refusal) return { id, held: false, refusal };
    book.write({ id: `${id}:hold`, kind: 'hold', from: 'credits', to: 'holds', amount, reference: id, message, memo });
    made.push({ id, amount });
    const brand = message && spending.add(message.brand, amount);
    if (brand) events.push({ kind: 'budget-spent', at: input.at, ...brand });
    return { id, held: true, amount };
  });

  const after = { ...book.close(), spent: spending.spent() };
  if (made.length > 0) events.unshift({ kind: 'holds-made', at: input.at, holds: made });
  const armed = made.length > 0 ? armExpiry(after, input.at) : { wallet: after, events: [] };
  const isShort = outcomes.some((outcome) => !outcome.held && outcome.refusal === 'balance-too-low');
  const isNewlyEmpty = isShort && !armed.wallet.told.empty;
  if (isNewlyEmpty) events.push({ kind: 'balance-empty', at: input.at });
  return {
    wallet: isNewlyEmpty ? { ...armed.wallet, told: { ...armed.wallet.told, empty: true } } : armed.wallet,
    outcomes,
    events: [...events, ...armed.events],
  };
}

/** What an earlier call with this id came to: the same answer, however often it is asked. */
function answeredBefore(known: Known, { id, amount, isPriced }: HoldAsked): HoldOutcome | undefined {
  const held = known.hold(id);
  if (!held) return undefined;
  if (held.resolution) return { id, held: false, refusal: 'hold-resolved' };
  const isSame = held.amount === amount || isPriced === true;
  return isSame ? { id, held: true, amount: held.amount } : { id, held: false, refusal: 'hold-conflict' };
}

function refused({ amount, message }: HoldAsked, available: Micros, spending: Spending): Refusal | undefined {
  if (amount > available) return 'balance-too-low';
  return message && !spending.covers(message.brand, amount) ? 'budget-spent' : undefined;
}

type Spending = ReturnType<typeof createSpending>;

/** What brands have spent or held this month, against their budgets (BL-9). */
function createSpending({ budgets, spent }: Wallet, at: Date) {
  const month = monthOf(at);
  const now = new Map(Object.entries(spent));
  const of = (brand: string): Micros => {
    const found = now.get(brand);
    return found?.month === month ? found.amount : 0n;
  };
  return {
    covers: (brand: string, amount: Micros): boolean => {
      const budget = budgets[brand];
      return budget === undefined || of(brand) + amount <= budget;
    },
    /** The budget, when it is used up by this. */
    add(brand: string, amount: Micros): { brand: string; budget: Micros; month: string } | undefined {
      if (brand === '') return undefined;
      const total = of(brand) + amount;
      now.set(brand, { month, amount: total });
      const budget = budgets[brand];
      return budget !== undefined && total >= budget ? { brand, budget, month } : undefined;
    },
    spent: (): Wallet['spent'] => Object.fromEntries(now),
  };
}

/** One timer per wallet and day ends the holds of that day. */
function armExpiry(wallet: Wallet, at: Date): { wallet: Wallet; events: Event[] } {
  const day = utcDayOf(at);
  if (wallet.expiries[day] !== undefined) return { wallet, events: [] };
  const due = new Date(Date.parse(day) + (HOLD_DAYS + 1) * DAY_MS);
  return {
    wallet: { ...wallet, expiries: { ...wallet.expiries, [day]: 1 } },
    events: [{ kind: 'arm-expiry', at, day, version: 1, due }],
  };
}

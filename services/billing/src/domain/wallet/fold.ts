import { Failure } from '@switchboard/errors';
import { availableOf } from './accounts.js';
import { createBook } from './book.js';
import { holdAll } from './holding.js';
import { type Change, type Create, type Credit, type Event, type Input, type Result, type Spender } from './inputs.js';
import { createKnown, isStale } from './known.js';
import { resolveAll } from './resolving.js';
import { maySpend, type Wallet } from './wallet.js';

/** The tail is cut when it is longer than this, to half of it: look-ups of callers stay good meanwhile. */
const TAIL_MAX = 1_000;
/** So many entries that are not in the projection yet: it is away, and nothing more is taken. */
const TAIL_FULL = 20_000;

export interface Folded {
  readonly wallet: Wallet;
  readonly events: readonly Event[];
  readonly result: Result;
}

/** What a wallet is after an input, what it says, and what the caller hears (BL-6 … BL-9). Pure. */
export function foldWallet(wallet: Wallet, input: Input): Folded {
  if (input.kind === 'create') return create(wallet, input);
  if (wallet.organisation === '') throw walletNotFound();
  if ('lookup' in input) {
    if (isStale(wallet, input.lookup)) {
      return { wallet, events: [], result: { kind: 'stale', tailFrom: wallet.tailFrom } };
    }
    if (wallet.tail.length > TAIL_FULL) {
      throw new Failure('unavailable', 'billing.backlog', 'earlier entries are not written out yet; try again', {
        retryAfterMs: 1_000,
      });
    }
  }
  const folded = step(wallet, input);
  return told(trimmed(folded, input.projected), input.at);
}

function step(wallet: Wallet, input: Exclude<Input, Create>): Folded {
  switch (input.kind) {
    case 'change':
      return change(wallet, input);
    case 'credit':
      return credit(wallet, input);
    case 'hold': {
      mustMaySpend(wallet, input.spender);
      const { wallet: after, outcomes, events } = holdAll(wallet, input);
      return { wallet: after, events, result: { kind: 'held', outcomes, available: availableOf(after.balances) } };
    }
    case 'resolve': {
      if (input.spender) mustMaySpend(wallet, input.spender);
      const { wallet: after, outcomes, events } = resolveAll(wallet, input);
      return { wallet: after, events, result: { kind: 'resolved', outcomes } };
    }
    case 'end-day': {
      const { [input.day]: version, ...expiries } = wallet.expiries;
      const after = version === input.version ? { ...wallet, expiries } : wallet;
      return { wallet: after, events: [], result: { kind: 'wallet', wallet: after } };
    }
  }
}

function create(wallet: Wallet, { organisation, name, wallet: kind, services, at }: Create): Folded {
  if (wallet.organisation === '') {
    const made: Wallet = { ...wallet, organisation, name, kind, services, settingsVersion: 1, createdAt: at };
    return { wallet: made, events: [{ kind: 'changed', at }], result: { kind: 'wallet', wallet: made } };
  }
  const isSame =
    wallet.organisation === organisation &&
    wallet.name === name &&
    wallet.kind === kind &&
    wallet.services.join() === services.join();
  if (!isSame) throw new Failure('conflict', 'billing.wallet-exists', 'another wallet has this id; choose another id');
  return { wallet, events: [], result: { kind: 'wallet', wallet } };
}

function change(wallet: Wallet, input: Change): Folded {
  if (input.expectedVersion !== 0 && input.expectedVersion !== wallet.settingsVersion) {
    throw new Failure(
      'conflict',
      'billing.wallet-changed',
      `the wallet is at version ${wallet.settingsVersion}; read it again and repeat the change`,
    );
  }
  const { name, services, lowMark, noticeEmails, recharge, budgets, at } = input;
  const settingsVersion = wallet.settingsVersion + 1;
  const after = { ...wallet, name, services, lowMark, noticeEmails, recharge, budgets, settingsVersion };
  return { wallet: after, events: [{ kind: 'changed', at }], result: { kind: 'wallet', wallet: after } };
}

/** Credits come from cash or an invoice and go back the same way, each id once (BL-7). */
function credit(wallet: Wallet, input: Credit): Folded {
  const { id, cause, purchase, amount, fee, memo, at } = input;
  const known = createKnown(wallet, input.lookup, [purchase]);
  if (known.has(`${id}:credits`)) {
    return { wallet, events: [], result: { kind: 'credited', isNew: false, wallet } };
  }
  const book = createBook(wallet, known, input);
  const source = cause === 'grant' ? 'invoices' : 'cash';
  const isBack = cause === 'refund' || cause === 'dispute';
  const flags = isBack && amount > availableOf(wallet.balances) ? (['reversed'] as const) : [];
  const about = { kind: cause, reference: purchase, memo, flags };
  const [from, to] = isBack ? (['credits', source] as const) : ([source, 'credits'] as const);
  book.write({ ...about, id: `${id}:credits`, from, to, amount });
  if (fee > 0n) {
    const [feeFrom, feeTo] = isBack ? (['fees', source] as const) : ([source, 'fees'] as const);
    book.write({ ...about, id: `${id}:fee`, from: feeFrom, to: feeTo, amount: fee });
  }
  const after = book.close();
  const moved = isBack ? -amount : amount;
  const events: Event[] = [{ kind: 'credits-moved', at, cause, reference: purchase, amount: moved }];
  return { wallet: after, events, result: { kind: 'credited', isNew: true, wallet: after } };
}

/** Lets go of what is in the projection, when there is much of it. */
function trimmed(folded: Folded, projected: number): Folded {
  const { wallet } = folded;
  if (wallet.tail.length <= TAIL_MAX) return folded;
  const tailFrom = Math.min(projected, wallet.entries - TAIL_MAX / 2);
  if (tailFrom <= wallet.tailFrom) return folded;
  return { ...folded, wallet: { ...wallet, tailFrom, tail: wallet.tail.slice(tailFrom - wallet.tailFrom) } };
}

/** Notices of a low and an empty balance, and the word to buy: once each, until it has risen again (BL-9). */
function told(folded: Folded, at: Date): Folded {
  const { wallet } = folded;
  const available = availableOf(wallet.balances);
  const isLow = wallet.lowMark > 0n && available < wallet.lowMark;
  const isEmpty = available <= 0n && wallet.entries > 0;
  const events: Event[] = [];
  const mark = wallet.recharge?.below ?? 0n;
  const isDue = available < mark;
  if (isDue && !wallet.told.recharge) events.push({ kind: 'recharge-due', at, below: mark });
  if (isLow && !wallet.told.low) events.push({ kind: 'balance-low', at, mark: wallet.lowMark });
  if (isEmpty && !wallet.told.empty) events.push({ kind: 'balance-empty', at });
  // A hold that was too large has said so by itself; more credits end it.
  const rose = folded.result.kind === 'credited' && folded.result.isNew && available > 0n;
  const next = { low: isLow, empty: isEmpty || (wallet.told.empty && !rose), recharge: isDue };
  const { low, empty, recharge } = wallet.told;
  if (next.low === low && next.empty === empty && next.recharge === recharge) return folded;
  return { ...folded, wallet: { ...wallet, told: next }, events: [...folded.events, ...events] };
}

/** Another organisation's wallet does not exist for who asks; a service outside of its scope is refused (BL-6). */
export function mustMaySpend(wallet: Wallet, { tenant, service }: Spender): void {
  if (tenant !== undefined && tenant !== wallet.organisation) throw walletNotFound();
  if (!maySpend(wallet, service)) throw outOfScope(service);
}

export const walletNotFound = (): Failure =>
  new Failure('not-found', 'billing.wallet-not-found', 'no such wallet; create it first');

const outOfScope = (service: string): Failure =>
  new Failure(
    'forbidden',
    'billing.service-out-of-scope',
    `the service ${service} may not spend from this wallet; add it to the services of a bundle`,
  );

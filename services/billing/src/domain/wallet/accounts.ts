import { type Micros } from '../money.js';

/**
 * Double entry with cumulative balances (BL-9): an account keeps what it gave and what it got, and every entry moves one
 * amount from an account to another, so that all accounts together are zero at any time.
 */
export const accounts = ['cash', 'invoices', 'fees', 'credits', 'holds', 'revenue', 'meta_cost'] as const;
export type Account = (typeof accounts)[number];

export interface Balance {
  /** Debits: what it gave. */
  readonly gave: Micros;
  /** Credits: what it got. */
  readonly got: Micros;
}

export type Balances = Readonly<Record<Account, Balance>>;

export const noBalances: Balances = Object.fromEntries(
  accounts.map((account) => [account, { gave: 0n, got: 0n }]),
) as unknown as Balances;

export function move(balances: Balances, from: Account, to: Account, amount: Micros): Balances {
  const { gave, got } = balances[from];
  const moved = { ...balances, [from]: { gave: gave + amount, got } };
  const other = moved[to];
  return { ...moved, [to]: { gave: other.gave, got: other.got + amount } };
}

/** What can be spent: below zero only by entries that are flagged. */
export const availableOf = ({ credits }: Balances): Micros => credits.got - credits.gave;

/** What is put aside for messages that are under way. */
export const heldOf = ({ holds }: Balances): Micros => holds.got - holds.gave;

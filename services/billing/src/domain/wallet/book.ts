import { move } from './accounts.js';
import { type Entry } from './entry.js';
import { type Known } from './known.js';
import { type Wallet } from './wallet.js';

export type NewEntry = Omit<Entry, 'sequence' | 'at' | 'by' | 'flags' | 'memo' | 'message'> &
  Partial<Pick<Entry, 'flags' | 'memo' | 'message'>>;

/**
 * Writes entries into a wallet, one after the other. This is the only place where balances change: an entry and its
 * movement are one step.
 */
export function createBook(wallet: Wallet, known: Known, { at, by }: { readonly at: Date; readonly by: string }) {
  let { balances, entries } = wallet;
  const written: Entry[] = [];
  return {
    balances: () => balances,
    write(entry: NewEntry): void {
      entries += 1;
      const whole: Entry = { message: null, flags: [], memo: '', ...entry, sequence: entries, at, by };
      balances = move(balances, entry.from, entry.to, entry.amount);
      written.push(whole);
      known.add(whole);
    },
    close: (): Wallet =>
      written.length === 0 ? wallet : { ...wallet, balances, entries, tail: [...wallet.tail, ...written] },
  };
}

export type Book = ReturnType<typeof createBook>;

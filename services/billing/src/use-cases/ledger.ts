import { type Account, accounts, type Balance } from '../domain/wallet/accounts.js';
import { type Entry } from '../domain/wallet/entry.js';
import {
  type Directory,
  type Entries,
  type EntryFilter,
  type Observer,
  type SpendFilter,
  type SpendSum,
  type Wallets,
} from './ports.js';
import { createFindWallet, type Tenant } from './wallets.js';

export interface Proof {
  readonly holds: boolean;
  readonly entries: number;
  readonly sequence: number;
  readonly faults: readonly string[];
  readonly balances: Readonly<Record<Account, Balance>>;
}

const PAGE = 500;
const nothing: Balance = { gave: 0n, got: 0n };

export type LedgerUseCases = ReturnType<typeof createLedgerUseCases>;

/** What was written down: listed, exported, added up and proven (BL-9). */
export function createLedgerUseCases(deps: {
  wallets: Pick<Wallets, 'read'>;
  entries: Entries;
  directory: Directory;
  observer: Observer;
}) {
  const { wallets, entries, directory, observer } = deps;
  const find = createFindWallet(wallets);

  /** Entries of the projection, then those of the tail that are not there yet. */
  async function page(walletId: string, wanted: EntryFilter, after: number, limit: number): Promise<readonly Entry[]> {
    const found = await wallets.read(walletId);
    const written = await entries.list(walletId, wanted, after, limit);
    if (written.length === limit) return written;
    const last = written.at(-1)?.sequence ?? after;
    const tail = (found?.state.tail ?? []).filter((entry) => entry.sequence > last && matches(entry, wanted));
    return [...written, ...tail].slice(0, limit);
  }

  /** Adds up every entry anew: the projection up to the tail, and the tail as the wallet holds it. */
  async function prove(walletId: string): Promise<Proof> {
    const found = await wallets.read(walletId);
    if (!found) return { holds: true, entries: 0, sequence: 0, faults: [], balances: emptyBalances() };
    const { tailFrom, tail, balances: kept, entries: sequence } = found.state;
    const { count, balances: sums } = await entries.sums(walletId, tailFrom);
    const faults: string[] = [];
    if (count !== tailFrom) faults.push(`entries 1 to ${tailFrom} are ${count} in the ledger`);
    if (tail.length !== sequence - tailFrom || tail.some((entry, at) => entry.sequence !== tailFrom + at + 1))
      faults.push(`entries ${tailFrom + 1} to ${sequence} are not all in the wallet`);
    const balances = emptyBalances();
    for (const account of accounts) balances[account] = sums[account] ?? nothing;
    for (const { from, to, amount } of tail) {
      balances[from] = { ...balances[from], gave: balances[from].gave + amount };
      balances[to] = { ...balances[to], got: balances[to].got + amount };
    }
    let total = 0n;
    for (const account of accounts) {
      const [{ gave, got }, held] = [balances[account], kept[account]];
      total += got - gave;
      if (gave !== held.gave || got !== held.got)
        faults.push(
          `${account} gave ${gave} and got ${got} by its entries, ${held.gave} and ${held.got} by the wallet`,
        );
    }
    if (total !== 0n) faults.push(`all accounts together are ${total} and not zero`);
    observer.proof(faults.length === 0);
    return { holds: faults.length === 0, entries: count + tail.length, sequence, faults, balances };
  }

  return {
    async listEntries(tenant: Tenant, walletId: string, wanted: EntryFilter, after: number, size: number) {
      await find(tenant, walletId);
      const found = await page(walletId, wanted, after, size + 1);
      const some = found.slice(0, size);
      return { entries: some, nextPageToken: found.length > size ? String(some.at(-1)?.sequence ?? '') : '' };
    },
    async *export(tenant: Tenant, walletId: string, from: Date | undefined, until: Date | undefined) {
      await find(tenant, walletId);
      for (let after = 0; ;) {
        const some = await page(walletId, { ...everything, from, until }, after, PAGE);
        yield some;
        const last = some.at(-1);
        if (!last || some.length < PAGE) return;
        after = last.sequence;
      }
    },
    async prove(tenant: Tenant, walletId: string): Promise<Proof> {
      await find(tenant, walletId);
      return prove(walletId);
    },
    /** Every wallet of the installation; those that do not hold, with their faults. */
    async proveAll(): Promise<readonly { readonly walletId: string; readonly faults: readonly string[] }[]> {
      const wrong: { walletId: string; faults: readonly string[] }[] = [];
      for await (const walletId of directory.all()) {
        const { holds, faults } = await prove(walletId);
        if (!holds) wrong.push({ walletId, faults });
      }
      return wrong;
    },
    async reportSpend(organisation: string, walletId: string, wanted: SpendFilter): Promise<readonly SpendSum[]> {
      if (walletId !== '') await find(organisation, walletId);
      const ids = walletId === '' ? await directory.walletsOf(organisation, '', 1_000) : [walletId];
      return entries.spend(ids, wanted);
    },
  };
}

const everything = { kinds: [], reference: '', number: '', country: '', category: '' } as const;

const emptyBalances = (): Record<Account, Balance> =>
  Object.fromEntries(accounts.map((account) => [account, nothing])) as Record<Account, Balance>;

const matches = (entry: Entry, { from, until, kinds, reference, ...message }: EntryFilter): boolean =>
  (!from || entry.at >= from) &&
  (!until || entry.at < until) &&
  (kinds.length === 0 || kinds.includes(entry.kind)) &&
  (reference === '' || entry.reference === reference) &&
  (['number', 'country', 'category'] as const).every(
    (name) => message[name] === '' || entry.message?.[name] === message[name],
  );

import { Failure } from '@switchboard/errors';
import { type Recharge, type Wallet } from '../domain/wallet/wallet.js';
import { walletNotFound } from '../domain/wallet/fold.js';
import { type Micros } from '../domain/money.js';
import { type Progress } from './looked-up.js';
import { type Clock, type Directory, type Wallets } from './ports.js';

/** Whose token it is; undefined = of the installation. */
export type Tenant = string | undefined;

export interface WalletView {
  readonly walletId: string;
  readonly wallet: Wallet;
}

export interface Settings {
  readonly expectedVersion: number;
  readonly name: string;
  readonly services: readonly string[];
  readonly lowMark: Micros;
  readonly noticeEmails: readonly string[];
  readonly recharge: Recharge | null;
  readonly budgets: Readonly<Record<string, Micros>>;
}

export type WalletUseCases = ReturnType<typeof createWalletUseCases>;

export function createWalletUseCases(deps: {
  wallets: Pick<Wallets, 'command' | 'read'>;
  directory: Pick<Directory, 'walletsOf'>;
  progress: Progress;
  now: Clock;
}) {
  const { wallets, directory, progress, now } = deps;
  const find = createFindWallet(wallets);

  return {
    async createWallet(
      by: string,
      walletId: string,
      about: Pick<Wallet, 'organisation' | 'name' | 'kind' | 'services'>,
    ): Promise<WalletView> {
      const { kind: wallet, ...rest } = about;
      const asked = { at: now(), by, projected: progress.projected(walletId) };
      return viewOf(walletId, await wallets.command(walletId, { kind: 'create', ...asked, ...rest, wallet }));
    },
    async updateWallet(tenant: Tenant, by: string, walletId: string, settings: Settings): Promise<WalletView> {
      await find(tenant, walletId);
      const asked = { at: now(), by, projected: progress.projected(walletId) };
      return viewOf(walletId, await wallets.command(walletId, { kind: 'change', ...asked, ...settings }));
    },
    getWallet: async (tenant: Tenant, walletId: string): Promise<WalletView> => ({
      walletId,
      wallet: await find(tenant, walletId),
    }),
    async listWallets(
      organisation: string,
      after: string,
      size: number,
    ): Promise<{ wallets: WalletView[]; nextPageToken: string }> {
      const ids = await directory.walletsOf(organisation, after, size + 1);
      const page = ids.slice(0, size);
      const read = await Promise.all(page.map((id) => wallets.read(id)));
      return {
        wallets: read.flatMap((each) => (each ? [{ walletId: each.aggregateId, wallet: each.state }] : [])),
        nextPageToken: ids.length > size ? (page.at(-1) ?? '') : '',
      };
    },
  };
}

/** A wallet that a caller may see. Another organisation's does not exist for them. */
export const createFindWallet =
  (wallets: Pick<Wallets, 'read'>) =>
  async (tenant: Tenant, walletId: string): Promise<Wallet> => {
    const found = await wallets.read(walletId);
    if (!found || (tenant !== undefined && tenant !== found.state.organisation)) throw walletNotFound();
    return found.state;
  };

function viewOf(walletId: string, result: Awaited<ReturnType<Wallets['command']>>): WalletView {
  if (result.kind !== 'wallet')
    throw new Failure('unavailable', 'billing.busy', 'the wallet did not answer; try again');
  return { walletId, wallet: result.wallet };
}

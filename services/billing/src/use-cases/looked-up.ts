import { type Result } from '../domain/wallet/inputs.js';
import { type Lookup } from '../domain/wallet/known.js';
import { type Entries, type Observer, type Wallets } from './ports.js';
import { createUntilFresh } from './until-fresh.js';

/** Entries of a wallet that are known to be written out: its tail may let go of them. */
export interface Progress {
  readonly projected: (walletId: string) => number;
}

/** Asks a wallet something that needs to know of earlier entries, which are in the projection. */
export function createAskWallet(deps: {
  wallets: Pick<Wallets, 'command'>;
  entries: Pick<Entries, 'lookup'>;
  progress: Progress;
  observer: Pick<Observer, 'stale'>;
}) {
  const { wallets, entries, progress, observer } = deps;
  const untilFresh = createUntilFresh(observer);

  return (
    walletId: string,
    references: readonly string[],
    input: (known: { readonly lookup: Lookup; readonly projected: number }) => Parameters<Wallets['command']>[1],
  ): Promise<Exclude<Result, { kind: 'stale' }>> =>
    untilFresh(walletId, async (seen) => {
      // Read before the look-up: what is in the projection by then, it finds.
      const upTo = Math.max(seen, progress.projected(walletId));
      const lookup: Lookup = { upTo, ...(await entries.lookup(walletId, references)) };
      return wallets.command(walletId, input({ lookup, projected: progress.projected(walletId) }));
    });
}

export type AskWallet = ReturnType<typeof createAskWallet>;

import { Failure } from '@switchboard/errors';
import { type Result } from '../domain/wallet/inputs.js';
import { type Lookup } from '../domain/wallet/known.js';
import { type Entries, type Observer, type Wallets } from './ports.js';

/** Entries of a wallet that are known to be written out: its tail may let go of them. */
export interface Progress {
  readonly projected: (walletId: string) => number;
}

const MAX_TRIES = 10;

/**
 * Asks a wallet something that needs to know of earlier entries: looks them up, asks, and does both again when the wallet has
 * let go of newer ones meanwhile. What the tail lets go of is in the projection, so the second look-up finds it.
 */
export function createAskWallet(deps: {
  wallets: Pick<Wallets, 'command'>;
  entries: Pick<Entries, 'lookup'>;
  progress: Progress;
  observer: Pick<Observer, 'stale'>;
}) {
  const { wallets, entries, progress, observer } = deps;
  /** Where tails began when they were last seen: everything before is in the projection. */
  const tails = new Map<string, number>();

  return async function askWallet(
    walletId: string,
    references: readonly string[],
    input: (known: { readonly lookup: Lookup; readonly projected: number }) => Parameters<Wallets['command']>[1],
  ): Promise<Exclude<Result, { kind: 'stale' }>> {
    for (let tried = 0; tried < MAX_TRIES; tried += 1) {
      // Read before the look-up: what is in the projection by then, it finds.
      const upTo = Math.max(tails.get(walletId) ?? 0, progress.projected(walletId));
      const lookup: Lookup = { upTo, ...(await entries.lookup(walletId, references)) };
      const result = await wallets.command(walletId, input({ lookup, projected: progress.projected(walletId) }));
      if (result.kind !== 'stale') return result;
      observer.stale();
      tails.set(walletId, Math.max(upTo, result.tailFrom));
    }
    throw new Failure('unavailable', 'billing.busy', 'the wallet changes faster than it can be read; try again', {
      retryAfterMs: 200,
    });
  };
}

export type AskWallet = ReturnType<typeof createAskWallet>;

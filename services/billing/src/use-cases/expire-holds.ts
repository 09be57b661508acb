import { type AskWallet, type Progress } from './looked-up.js';
import { type Clock, type Entries, type Wallets } from './ports.js';

const PAGE = 500;

/**
 * Ends the holds a wallet made on a day, 30 days after it (BL-8): asked by the day's timer. Obeyed when it is the version that
 * was armed; safe to repeat, since every hold ends once.
 */
export function createExpireHolds(deps: {
  wallets: Pick<Wallets, 'read' | 'command'>;
  entries: Pick<Entries, 'openHolds'>;
  askWallet: AskWallet;
  progress: Progress;
  now: Clock;
}) {
  const { wallets, entries, askWallet, progress, now } = deps;
  return async function expireHolds(walletId: string, day: string, version: number): Promise<number> {
    const found = await wallets.read(walletId);
    if (found?.state.expiries[day] !== version) return 0;
    let ended = 0;
    for (let after = 0; ;) {
      const holds = await entries.openHolds(walletId, day, after, PAGE);
      const last = holds.at(-1);
      if (!last) break;
      after = last.sequence;
      await askWallet(
        walletId,
        holds.map(({ id }) => id),
        (known) => ({
          kind: 'resolve',
          at: now(),
          by: 'expiry',
          resolutions: holds.map(({ id }) => ({
            id,
            how: 'expire',
            amount: undefined,
            cost: undefined,
            message: null,
            doubled: false,
          })),
          ...known,
        }),
      );
      ended += holds.length;
    }
    const asked = { at: now(), by: 'expiry', projected: progress.projected(walletId) };
    await wallets.command(walletId, { kind: 'end-day', ...asked, day, version });
    return ended;
  };
}

export type ExpireHolds = ReturnType<typeof createExpireHolds>;

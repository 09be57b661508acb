import { Failure } from '@switchboard/errors';
import { type Rates } from '../domain/prices/rates.js';
import { type AttemptNews, settlementOf } from '../domain/settlement/settlement.js';
import { type ResolutionAsked } from '../domain/wallet/inputs.js';
import { type AskWallet } from './looked-up.js';
import { type Clock, type Observer } from './ports.js';

/** One wallet's attempts, in the order egress told of them. */
export type NewsOfWallets = ReadonlyMap<string, readonly AttemptNews[]>;

/** What one write of a wallet takes. */
const BATCH = 500;

/** Settles, gives back and captures what egress tells of (BL-3, BL-8): once per attempt, in any order and repetition. */
export function createSettleMessages(deps: {
  askWallet: AskWallet;
  rates: () => Promise<Rates>;
  observer: Pick<Observer, 'resolutions'>;
  now: Clock;
  warn: (facts: object, message: string) => void;
}) {
  const { askWallet, rates, observer, now, warn } = deps;

  async function resolve(walletId: string, resolutions: readonly ResolutionAsked[]): Promise<void> {
    const ids = [...new Set(resolutions.map(({ id }) => id))];
    const result = await askWallet(walletId, ids, (known) => ({
      kind: 'resolve',
      at: now(),
      by: 'egress.messages',
      resolutions,
      ...known,
    })).catch((error: unknown) => {
      if (!(error instanceof Failure) || error.kind !== 'not-found') throw error;
      // Of another installation, for example after a restore: nobody can be charged.
      warn({ walletId, resolutions: resolutions.length }, 'messages of a wallet that does not exist');
      return undefined;
    });
    if (result?.kind !== 'resolved') return;
    for (const outcome of result.outcomes) if (outcome.known) observer.resolutions(outcome.resolution.outcome, 1);
  }

  return async function settleMessages(news: NewsOfWallets): Promise<void> {
    const current = await rates();
    for (const [walletId, attempts] of news) {
      const asked = attempts.flatMap((each) => settlementOf(current, each) ?? []);
      for (let from = 0; from < asked.length; from += BATCH) await resolve(walletId, asked.slice(from, from + BATCH));
    }
  };
}

export type SettleMessages = ReturnType<typeof createSettleMessages>;

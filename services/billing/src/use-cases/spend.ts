import { type HoldOutcome, type ResolutionAsked, type ResolutionOutcome } from '../domain/wallet/inputs.js';
import { maySpend } from '../domain/wallet/wallet.js';
import { outOfScope } from '../domain/wallet/fold.js';
import { type Micros } from '../domain/money.js';
import { type HoldPrices, type HoldWanted } from './hold-prices.js';
import { type AskWallet } from './looked-up.js';
import { type Clock, type Observer, type Wallets } from './ports.js';
import { createFindWallet, type Tenant } from './wallets.js';

export type SpendUseCases = ReturnType<typeof createSpendUseCases>;

/** Prices put aside, charged, given back: by egress for messages, and by services of a bundle for what they sell (BL-6). */
export function createSpendUseCases(deps: {
  wallets: Pick<Wallets, 'read'>;
  askWallet: AskWallet;
  priceHold: HoldPrices;
  observer: Observer;
  now: Clock;
}) {
  const { askWallet, priceHold, observer, now } = deps;
  const find = createFindWallet(deps.wallets);

  async function resolve(
    walletId: string,
    by: string,
    resolutions: readonly ResolutionAsked[],
  ): Promise<readonly ResolutionOutcome[]> {
    const ids = resolutions.map(({ id }) => id);
    const result = await askWallet(walletId, ids, (known) => ({
      kind: 'resolve',
      at: now(),
      by,
      resolutions,
      ...known,
    }));
    const outcomes = result.kind === 'resolved' ? result.outcomes : [];
    for (const outcome of outcomes) observer.resolutions(outcome.known ? outcome.resolution.outcome : 'unknown', 1);
    return outcomes;
  }

  async function mustMaySpend(tenant: Tenant, service: string, walletId: string): Promise<void> {
    if (!maySpend(await find(tenant, walletId), service)) throw outOfScope(service);
  }

  return {
    async holdBatch(
      tenant: Tenant,
      service: string,
      walletId: string,
      wanted: readonly HoldWanted[],
    ): Promise<{ outcomes: readonly HoldOutcome[]; available: Micros }> {
      await mustMaySpend(tenant, service, walletId);
      const priced = await Promise.all(wanted.map(priceHold));
      const holds = priced.flatMap((each) => (each.kind === 'hold' ? [each.hold] : []));
      const ids = holds.map(({ id }) => id);
      const result = await askWallet(walletId, ids, (known) => ({
        kind: 'hold',
        at: now(),
        by: service,
        service,
        holds,
        ...known,
      }));
      if (result.kind !== 'held') throw new Error('a hold is answered as a hold');
      const asked = result.outcomes.values();
      const outcomes = priced.map((each, index): HoldOutcome => {
        const id = wanted[index]?.id ?? '';
        if (each.kind === 'free') return { id, held: true, amount: 0n };
        const outcome = each.kind === 'hold' ? asked.next().value : undefined;
        return outcome ?? { id, held: false, refusal: 'rate-missing' };
      });
      for (const outcome of outcomes) observer.holds(labelOf(outcome), 1);
      return { outcomes, available: result.available };
    },

    async settleBatch(
      tenant: Tenant,
      service: string,
      walletId: string,
      settlements: readonly { readonly id: string; readonly amount: Micros }[],
    ): Promise<readonly ResolutionOutcome[]> {
      await mustMaySpend(tenant, service, walletId);
      return resolve(
        walletId,
        service,
        settlements.map(({ id, amount }) => ({ ...plain(id), how: 'settle', amount })),
      );
    },

    async releaseBatch(
      tenant: Tenant,
      service: string,
      walletId: string,
      ids: readonly string[],
    ): Promise<readonly ResolutionOutcome[]> {
      await mustMaySpend(tenant, service, walletId);
      return resolve(
        walletId,
        service,
        ids.map((id) => ({ ...plain(id), how: 'release' })),
      );
    },
  };
}

const labelOf = (outcome: HoldOutcome): string =>
  outcome.held ? (outcome.amount > 0n ? 'held' : 'free') : outcome.refusal;

const plain = (id: string): Omit<ResolutionAsked, 'how'> => ({
  id,
  amount: undefined,
  cost: undefined,
  message: null,
  doubled: false,
});

import { availableOf } from '../domain/wallet/accounts.js';
import { mustMaySpend } from '../domain/wallet/fold.js';
import {
  type HoldAsked,
  type HoldOutcome,
  type ResolutionAsked,
  type ResolutionOutcome,
  type Spender,
} from '../domain/wallet/inputs.js';
import { type Micros } from '../domain/money.js';
import { createGathered } from './gathered.js';
import { type HoldPrices, type HoldWanted } from './hold-prices.js';
import { type AskWallet } from './looked-up.js';
import { type Clock, type Observer, type Wallets } from './ports.js';
import { createFindWallet, type Tenant } from './wallets.js';

/** Who asks, and which wallet. */
interface Spending {
  readonly walletId: string;
  readonly spender: Spender;
}

/** Calls of one spender for one wallet go together: they are allowed, or refused, alike. */
const together = {
  keyOf: ({ walletId, spender }: Spending): string => JSON.stringify([walletId, spender.tenant, spender.service]),
  most: 500,
};

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

  const holdTogether = createGathered<Spending, HoldAsked, { outcome: HoldOutcome; available: Micros }>({
    ...together,
    async ask({ walletId, spender }, holds) {
      const ids = holds.map(({ id }) => id);
      const asked = { kind: 'hold', at: now(), by: spender.service, spender, holds } as const;
      const result = await askWallet(walletId, ids, (known) => ({ ...asked, ...known }));
      if (result.kind !== 'held') throw new Error('a hold is answered as a hold');
      const { available } = result;
      return result.outcomes.map((outcome) => ({ outcome, available }));
    },
  });

  const resolveTogether = createGathered<Spending, ResolutionAsked, ResolutionOutcome>({
    ...together,
    async ask({ walletId, spender }, resolutions) {
      const ids = resolutions.map(({ id }) => id);
      const asked = { kind: 'resolve', at: now(), by: spender.service, spender, resolutions } as const;
      const result = await askWallet(walletId, ids, (known) => ({ ...asked, ...known }));
      if (result.kind !== 'resolved') throw new Error('a resolution is answered as a resolution');
      return result.outcomes;
    },
  });

  async function resolve(
    spender: Spender,
    walletId: string,
    resolutions: readonly ResolutionAsked[],
  ): Promise<readonly ResolutionOutcome[]> {
    const outcomes = await resolveTogether({ walletId, spender }, resolutions);
    for (const outcome of outcomes) observer.resolutions(outcome.known ? outcome.resolution.outcome : 'unknown', 1);
    return outcomes;
  }

  /** Nothing is to be held: what there is, if it may be known. */
  async function availableTo(spender: Spender, walletId: string): Promise<Micros> {
    const wallet = await find(spender.tenant, walletId);
    mustMaySpend(wallet, spender);
    return availableOf(wallet.balances);
  }

  return {
    async holdBatch(
      tenant: Tenant,
      service: string,
      walletId: string,
      wanted: readonly HoldWanted[],
    ): Promise<{ outcomes: readonly HoldOutcome[]; available: Micros }> {
      const spender = { tenant, service };
      const priced = await Promise.all(wanted.map(priceHold));
      const holds = priced.flatMap((each) => (each.kind === 'hold' ? [each.hold] : []));
      const held = holds.length === 0 ? [] : await holdTogether({ walletId, spender }, holds);
      const asked = held.values();
      const outcomes = priced.map((each, index): HoldOutcome => {
        const id = wanted[index]?.id ?? '';
        if (each.kind === 'free') return { id, held: true, amount: 0n };
        const answer = each.kind === 'hold' ? asked.next().value : undefined;
        return answer?.outcome ?? { id, held: false, refusal: 'rate-missing' };
      });
      const available = held.at(-1)?.available ?? (await availableTo(spender, walletId));
      for (const outcome of outcomes) observer.holds(labelOf(outcome), 1);
      return { outcomes, available };
    },

    settleBatch: (
      tenant: Tenant,
      service: string,
      walletId: string,
      settlements: readonly { readonly id: string; readonly amount: Micros }[],
    ): Promise<readonly ResolutionOutcome[]> =>
      resolve(
        { tenant, service },
        walletId,
        settlements.map(({ id, amount }) => ({ ...plain(id), how: 'settle', amount })),
      ),

    releaseBatch: (
      tenant: Tenant,
      service: string,
      walletId: string,
      ids: readonly string[],
    ): Promise<readonly ResolutionOutcome[]> =>
      resolve(
        { tenant, service },
        walletId,
        ids.map((id) => ({ ...plain(id), how: 'release' })),
      ),
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

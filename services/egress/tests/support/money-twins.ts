import { type Payer } from '../../src/domain/money/payer.js';
import { type HoldAnswer, type HoldAsked, type Holds, type Payers } from '../../src/use-cases/money/ports.js';

/** Who pays, in the months in which service messages cost beyond an allowance. */
export const paidBy = (more: Partial<Payer> = {}): Payer => ({
  organisation: 'acme',
  wallet: 'main',
  hasCredit: true,
  serviceChargedSince: new Date('2026-10-01T00:00:00Z'),
  utilityInWindowChargedSince: new Date('2026-10-01T00:00:00Z'),
  freeServiceMessages: 1_000,
  freeServiceLeft: 1_000,
  allowanceEndsAt: undefined,
  ...more,
});

/** A billing in memory: so many things can be paid, each once. */
export function memoryMoney() {
  const held = new Set<string>();
  const asked: HoldAsked[] = [];
  const state: { credit: number; payer: Payer | undefined; isAway: boolean } = {
    credit: Infinity,
    payer: paidBy(),
    isAway: false,
  };
  const payers: Payers = { of: (_number, organisation) => (organisation === 'acme' ? state.payer : undefined) };
  const holds: Holds = {
    hold(each): Promise<HoldAnswer> {
      if (state.isAway) return Promise.resolve({ kind: 'away' });
      asked.push(each);
      if (!held.has(each.holdId) && held.size >= state.credit)
        return Promise.resolve({
          kind: 'refused',
          refusal: { code: 'billing.balance-too-low', reason: 'too little', remedy: 'buy credits' },
        });
      held.add(each.holdId);
      return Promise.resolve({ kind: 'held' });
    },
  };
  return Object.assign(state, { held, asked, money: { payers, holds } });
}

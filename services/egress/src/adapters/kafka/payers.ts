import { type NumberState } from '@switchboard/contracts/billing/v1/events';
import { type Payer } from '../../domain/money/payer.js';
import { type Payers } from '../../use-cases/money/ports.js';

/** The view of `billing.numbers`, which is in memory whole. */
export const createPayers = (table: { readonly get: (number: string) => NumberState | undefined }): Payers => ({
  of(number, organisation) {
    const state = table.get(number);
    // A number that has moved is told anew in a moment.
    return state?.organisationId === organisation ? toPayer(state) : undefined;
  },
});

const toPayer = (state: NumberState): Payer => ({
  organisation: state.organisationId,
  wallet: state.walletId,
  hasCredit: state.hasCredit,
  serviceChargedSince: state.serviceChargedSince,
  utilityInWindowChargedSince: state.utilityInWindowChargedSince,
  freeServiceMessages: state.freeServiceMessages,
  freeServiceLeft: state.freeServiceLeft,
  allowanceEndsAt: state.allowanceEndsAt,
});

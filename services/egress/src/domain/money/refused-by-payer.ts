import { type Refusal } from '../gate/refusal.js';
import { type Payer } from './payer.js';

/** Nobody pays for what costs (BL-8). A payer that nobody has told of yet refuses nothing: the hold will tell. */
export function refusedByPayer(payer: Payer | undefined): Refusal | undefined {
  if (!payer) return undefined;
  if (payer.wallet === '') return noWallet;
  return payer.hasCredit ? undefined : noCredit;
}

export const noWallet: Refusal = {
  code: 'billing.no-wallet',
  reason: 'this message costs, and no wallet pays for what the number sends',
  remedy: 'make a wallet and add credits, or assign one to the number; what is free goes on',
};

const noCredit: Refusal = {
  code: 'billing.balance-too-low',
  reason: 'this message costs, and nothing is left in the wallet that pays for the number',
  remedy: 'buy credits; what is free goes on',
};

export const billingAway: Refusal = {
  code: 'billing.unavailable',
  reason: 'this message costs, and billing could not be asked to hold its price',
  remedy: 'see that billing runs',
};

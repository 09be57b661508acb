import { type AggregateDefinition, type EncodedEvent } from '@switchboard/aggregates';
import { type WalletEvent } from '@switchboard/contracts/billing/v1/events';
import { billingWallets } from '@switchboard/contracts/topics';
import { timerEvent } from '@switchboard/kafka';
import { availableOf, heldOf } from '../../domain/wallet/accounts.js';
import { foldWallet } from '../../domain/wallet/fold.js';
import { type Event, type Input, type Result } from '../../domain/wallet/inputs.js';
import { noWallet, type Wallet } from '../../domain/wallet/wallet.js';

/** Whose timers end holds: they fire on `timer.fired.billing`. */
export const TIMER_OWNER = 'billing';

interface Said {
  readonly event: Event;
  /** As it is after all of the input. */
  readonly wallet: Wallet;
}

/** The aggregate *wallet*, what it says on `billing.wallets`, and its timers. */
export const walletAggregate: AggregateDefinition<Wallet, Input, Said, Result> = {
  name: 'wallets',
  topic: billingWallets.name,
  empty: noWallet,
  fold(state, input) {
    const { wallet, events, result } = foldWallet(state, input);
    return { state: wallet, events: events.map((event) => ({ event, wallet })), result };
  },
  isOwn: ({ event }) => event.kind !== 'arm-expiry',
  encode: ({ event, wallet }, { aggregateId, sequence }) =>
    event.kind === 'arm-expiry' ? timer(aggregateId, event, wallet) : record(aggregateId, sequence, event, wallet),
};

function record(
  walletId: string,
  sequence: number,
  event: Exclude<Event, { kind: 'arm-expiry' }>,
  wallet: Wallet,
): EncodedEvent {
  const value: WalletEvent = {
    walletId,
    sequence: BigInt(sequence),
    organisationId: wallet.organisation,
    occurredAt: event.at,
    availableMicros: availableOf(wallet.balances),
    heldMicros: heldOf(wallet.balances),
    event: detail(event, wallet),
  };
  return {
    topic: billingWallets.name,
    type: billingWallets.type,
    key: walletId,
    id: `${walletId}:${sequence}`,
    time: event.at,
    headers: { org: wallet.organisation },
    value: billingWallets.encode(value),
  };
}

function detail(event: Exclude<Event, { kind: 'arm-expiry' }>, wallet: Wallet): WalletEvent['event'] {
  switch (event.kind) {
    case 'changed':
      return { $case: 'changed', value: { kind: wallet.kind, services: [...wallet.services] } };
    case 'credits-moved':
      return {
        $case: 'creditsMoved',
        value: { cause: event.cause, reference: event.reference, amountMicros: event.amount },
      };
    case 'holds-made':
      return {
        $case: 'holdsMade',
        value: { holds: event.holds.map(({ id, amount }) => ({ holdId: id, amountMicros: amount })) },
      };
    case 'holds-resolved': {
      const resolutions = event.resolutions.map(({ id, outcome, amount }) => ({
        holdId: id,
        outcome,
        amountMicros: amount,
      }));
      return { $case: 'holdsResolved', value: { resolutions } };
    }
    case 'balance-low':
      return { $case: 'balanceLow', value: { markMicros: event.mark } };
    case 'balance-empty':
      return { $case: 'balanceEmpty', value: {} };
    case 'recharge-due':
      return { $case: 'rechargeDue', value: { belowMicros: event.below } };
    case 'budget-spent':
      return {
        $case: 'budgetSpent',
        value: { brandId: event.brand, budgetMicros: event.budget, month: event.month },
      };
    case 'price-differed':
      return {
        $case: 'priceDiffered',
        value: { holdId: event.id, heldMicros: event.held, chargedMicros: event.charged },
      };
  }
}

/** One timer per wallet and day; it fires under the wallet's id. */
const timer = (
  walletId: string,
  { day, version, due, at }: Extract<Event, { kind: 'arm-expiry' }>,
  { organisation }: Wallet,
): EncodedEvent =>
  timerEvent({
    owner: TIMER_OWNER,
    timerKey: `${walletId}:holds:${day}`,
    version,
    due,
    firedKey: walletId,
    payload: day,
    at,
    org: organisation,
  });

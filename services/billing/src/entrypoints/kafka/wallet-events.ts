import { type WalletEvent } from '@switchboard/contracts/billing/v1/events';
import { billingWallets } from '@switchboard/contracts/topics';
import { done, handle, type Handler, skip } from '@switchboard/kafka';
import { type Recharge } from '../../use-cases/payments/recharge.js';
import { type Notice, type SendNotice } from '../../use-cases/payments/send-notices.js';

/** What follows from a wallet's own events: notices to people, and buying by itself (BL-9). */
export const onWalletEvent = (sendNotice: SendNotice, recharge: Recharge): Handler =>
  handle(billingWallets, async (event) => {
    const { walletId, sequence } = event;
    const id = `${walletId}:${sequence}`;
    const notice = event.event?.$case === 'rechargeDue' ? await bought(walletId, id) : noticeOf(event);
    if (!notice) return skip('nobody is to be told');
    return (await sendNotice(walletId, id, notice)) ? done : skip('nobody wants to be told');

    async function bought(walletId: string, due: string): Promise<Notice | undefined> {
      const { outcome, purchase } = await recharge(walletId, due);
      if (outcome === 'failed') return { kind: 'recharge-failed', reason: purchase?.failure ?? '' };
      return outcome === 'limit-reached' ? { kind: 'recharge-limit' } : undefined;
    }
  });

function noticeOf({ event, availableMicros }: WalletEvent): Notice | undefined {
  switch (event?.$case) {
    case 'balanceLow':
      return { kind: 'low', available: availableMicros, mark: event.value.markMicros };
    case 'balanceEmpty':
      return { kind: 'empty' };
    case 'budgetSpent':
      return {
        kind: 'budget-spent',
        brand: event.value.brandId,
        budget: event.value.budgetMicros,
        month: event.value.month,
      };
    default:
      return undefined;
  }
}

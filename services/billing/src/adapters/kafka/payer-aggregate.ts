import { type AggregateDefinition, type EncodedEvent, type Snapshot } from '@switchboard/aggregates';
import { billingNumbers, billingWake } from '@switchboard/contracts/topics';
import { foldPayer, type Input } from '../../domain/payer/fold.js';
import { newsOf, noPayer, type Payer } from '../../domain/payer/payer.js';

/** The aggregate *payer* of a number. It says only that there is news; its partition's owner publishes the newest state. */
export const payerAggregate: AggregateDefinition<Payer, Input, { readonly at: Date }, Payer> = {
  name: 'payers',
  topic: billingWake.name,
  empty: noPayer,
  isOwn: () => true,
  fold(state, input) {
    const { payer, isNews } = foldPayer(state, input);
    return { state: payer, events: isNews ? [{ at: payer.changedAt }] : [], result: payer };
  },
  encode: ({ at }, { aggregateId, sequence }) => ({
    topic: billingWake.name,
    type: billingWake.type,
    key: aggregateId,
    id: `${aggregateId}:${sequence}`,
    time: at,
    headers: {},
    value: billingWake.encode({ phoneNumberId: aggregateId, sequence: BigInt(sequence) }),
  }),
};

/** The record of billing.numbers. */
export function payerRecord(phoneNumberId: string, { sequence, state }: Snapshot<Payer>): EncodedEvent {
  const { organisation, wallet, hasCredit, timeZone, ...news } = newsOf(state);
  return {
    topic: billingNumbers.name,
    type: billingNumbers.type,
    key: phoneNumberId,
    id: `${phoneNumberId}:${sequence}`,
    time: state.changedAt,
    headers: organisation === '' ? {} : { org: organisation },
    value: billingNumbers.encode({
      phoneNumberId,
      revision: BigInt(sequence),
      organisationId: organisation,
      walletId: wallet,
      hasCredit,
      timeZone,
      serviceChargedSince: news.serviceChargedSince,
      utilityInWindowChargedSince: news.utilityInWindowChargedSince,
      freeServiceMessages: news.freeServiceMessages,
      freeServiceLeft: news.freeServiceLeft,
      allowanceEndsAt: news.allowanceEndsAt,
      changedAt: state.changedAt,
    }),
  };
}

import { monthIn } from '../prices/moments.js';
import { allowanceOf, inMonth, newsOf, type Payer, sameNews } from './payer.js';

/** What can happen to the payer of a number. All of it is harmless twice. */
export type Input = Told | Assign | Settle | Delivered;

/** account tells whose the number is. */
export interface Told {
  readonly kind: 'told';
  readonly version: number;
  readonly organisation: string;
  readonly brand: string;
  readonly waba: string;
  readonly portfolio: string;
  readonly at: Date;
}

/** Somebody chooses its wallet or corrects its time zone. */
export interface Assign {
  readonly kind: 'assign';
  readonly wallet: string;
  readonly timeZone: string;
  readonly at: Date;
}

/** Which wallet pays, and whether something is left in it, was looked at. */
export interface Settle {
  readonly kind: 'settle';
  readonly wallet: string;
  readonly hasCredit: boolean;
  readonly at: Date;
}

/** Service messages of it were delivered. */
export interface Delivered {
  readonly kind: 'delivered';
  readonly messages: readonly DeliveredService[];
  readonly at: Date;
}

export interface DeliveredService {
  /** The same for every report of one attempt. */
  readonly id: string;
  readonly at: Date;
  /** Meta charges it, so that the allowance of its month is used up. */
  readonly isCharged: boolean;
}

export interface Folded {
  readonly payer: Payer;
  /** Others are to be told. */
  readonly isNews: boolean;
}

export function foldPayer(before: Payer, input: Input): Folded {
  const after = step(inMonth(before, input.at), input);
  const isNews = !sameNews(newsOf(before), newsOf(after));
  if (!isNews && !isChanged(before, after)) return { payer: before, isNews: false };
  return { payer: { ...after, changedAt: isNews ? input.at : before.changedAt }, isNews };
}

function step(payer: Payer, input: Input): Payer {
  switch (input.kind) {
    case 'told': {
      const { version, organisation, brand, waba, portfolio } = input;
      if (version <= payer.accountVersion) return payer;
      const isMoved = organisation !== payer.organisation;
      // Another organisation's choice, and its wallet, end with it.
      return {
        ...payer,
        organisation,
        brand,
        waba,
        portfolio,
        accountVersion: version,
        ...(isMoved && { assigned: '', wallet: '', hasCredit: false }),
      };
    }
    case 'assign':
      return { ...payer, assigned: input.wallet, timeZone: input.timeZone };
    case 'settle':
      return { ...payer, wallet: input.wallet, hasCredit: input.hasCredit };
    case 'delivered':
      return input.messages.reduce(counted, payer);
  }
}

/** Of a month that is over nothing is counted any more, and of what is charged anyway neither. */
function counted(payer: Payer, { id, at, isCharged }: DeliveredService): Payer {
  const month = monthIn(at, payer.timeZone);
  const current = inMonth(payer, at);
  if (month !== current.month || current.isUsedUp || current.delivered.includes(id)) return current;
  if (isCharged) return { ...current, isUsedUp: true, delivered: [] };
  const delivered = [...current.delivered, id];
  return delivered.length < allowanceOf(month)
    ? { ...current, delivered }
    : { ...current, isUsedUp: true, delivered: [] };
}

const isChanged = (before: Payer, after: Payer): boolean =>
  (Object.keys(after) as (keyof Payer)[]).some((field) => before[field] !== after[field]);

import { type Day } from '../prices/day.js';
import { beginOf, endOfMonth, monthIn } from '../prices/moments.js';
import { policies, policyOn, type Policy } from '../prices/policies.js';

/** Who pays for a number, and what of it is free: the aggregate behind `billing.numbers`. */
export interface Payer {
  /** Empty = nobody's number. */
  readonly organisation: string;
  readonly brand: string;
  /** Meta's ids of its account and of the business portfolio, within which volume counts (BL-10); empty = not known. */
  readonly waba: string;
  readonly portfolio: string;
  /** Of account's word of the number. */
  readonly accountVersion: number;
  /** The wallet somebody has chosen for it; empty = as its brand and organisation have it. */
  readonly assigned: string;
  /** IANA, of the WhatsApp Business Account: prices and allowances change at its midnight. */
  readonly timeZone: string;
  /** The wallet that pays; empty = none. */
  readonly wallet: string;
  /** Something is left in it. */
  readonly hasCredit: boolean;
  /** Of the allowance below, `2026-11` in the time zone. */
  readonly month: string;
  /** Service messages that were delivered in the month, each once, as long as they are free. */
  readonly delivered: readonly string[];
  /** Meta has charged a service message in the month: nothing is left, whatever was counted. */
  readonly isUsedUp: boolean;
  readonly changedAt: Date;
}

export const noPayer = (): Payer => ({
  organisation: '',
  brand: '',
  waba: '',
  portfolio: '',
  accountVersion: 0,
  assigned: '',
  timeZone: 'UTC',
  wallet: '',
  hasCredit: false,
  month: '',
  delivered: [],
  isUsedUp: false,
  changedAt: new Date(0),
});

/** What others are told of it. */
export interface PayerNews {
  readonly organisation: string;
  readonly wallet: string;
  readonly hasCredit: boolean;
  readonly timeZone: string;
  /** Undefined = they are free as far as is known. */
  readonly serviceChargedSince: Date | undefined;
  readonly utilityInWindowChargedSince: Date | undefined;
  /** Of every month. */
  readonly freeServiceMessages: number;
  /** Of this month, at least. */
  readonly freeServiceLeft: number;
  readonly allowanceEndsAt: Date | undefined;
}

/** What is left is told in steps, rounded down, so that not every message is news. */
const STEP = 25;

export function newsOf(payer: Payer): PayerNews {
  const { organisation, wallet, hasCredit, timeZone, month } = payer;
  const newest = policies.at(-1);
  return {
    organisation,
    wallet,
    hasCredit,
    timeZone,
    serviceChargedSince: chargedSince(({ service }) => service === 'charged', timeZone),
    utilityInWindowChargedSince: chargedSince(({ utilityInWindow }) => utilityInWindow === 'charged', timeZone),
    freeServiceMessages: newest?.freeServiceMessages ?? 0,
    freeServiceLeft: Math.floor(freeServiceLeft(payer) / STEP) * STEP,
    allowanceEndsAt: month === '' ? undefined : endOfMonth(month, timeZone),
  };
}

/** Of the month that is counted; before the first delivery of a month it is whole. */
export const freeServiceLeft = ({ month, delivered, isUsedUp }: Payer): number =>
  isUsedUp || month === '' ? 0 : Math.max(0, allowanceOf(month) - delivered.length);

export const allowanceOf = (month: string): number => policyOn(`${month}-28` satisfies Day).freeServiceMessages;

/** From when on it is so without an end, by the policies in force. */
function chargedSince(isCharged: (policy: Policy) => boolean, timeZone: string): Date | undefined {
  const last = policies.findLastIndex((policy) => !isCharged(policy));
  const first = policies[last + 1];
  return first && beginOf(first.since, timeZone);
}

export const sameNews = (a: PayerNews, b: PayerNews): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The payer in the month it is then: a new month begins with nothing delivered. */
export function inMonth(payer: Payer, at: Date): Payer {
  const month = monthIn(at, payer.timeZone);
  return month > payer.month ? { ...payer, month, delivered: [], isUsedUp: false } : payer;
}

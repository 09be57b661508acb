import { type MessageEvent } from '@switchboard/contracts/egress/v1/events';
import { type Pricing } from '@switchboard/contracts/whatsapp/v1/content';
import { type AttemptNews } from '../../domain/settlement/settlement.js';
import { type Reported } from '../../domain/prices/reported.js';
import { type ToldOfAttempt } from '../../use-cases/hear-messages.js';

/** Undefined for what moves no money. */
export function readMessageEvent(event: MessageEvent): ToldOfAttempt | undefined {
  const told = whatOf(event);
  if (!told) return undefined;
  const { attempt, ...what } = told;
  const { messageId, walletId: wallet, phoneNumberId: number, occurredAt, cost } = event;
  return {
    ...what,
    holdId: `${messageId}:${attempt}`,
    isHeld: cost?.held === true,
    wallet,
    number,
    at: occurredAt ?? new Date(0),
    category: cost?.category ?? '',
    recipient: {
      phone: cost?.recipient?.phone ?? '',
      userId: cost?.recipient?.userId ?? cost?.recipient?.parentUserId ?? '',
    },
    windowOpen: cost?.windowOpen === true,
  };
}

type What = Pick<AttemptNews, 'what' | 'reported' | 'doubled'> & { readonly attempt: number };

/** What comes after delivery: if no price was reported by then, none will be. */
const LAST = ['read', 'played'];

function whatOf({ event }: MessageEvent): What | undefined {
  switch (event?.$case) {
    case 'statusChanged': {
      const { attempt, status, pricing, doubled, delivered } = event.value;
      if (status === 'failed') return { what: 'failed', attempt, reported: undefined, doubled: false };
      // Statuses come in any order, and any of them may bring the price.
      return delivered && (pricing !== undefined || LAST.includes(status))
        ? { what: 'delivered', attempt, reported: pricing && reportedOf(pricing), doubled }
        : undefined;
    }
    case 'failed':
    case 'putOff':
      return { what: 'failed', attempt: event.value.attempt, reported: undefined, doubled: false };
    case 'refused':
      return { what: 'refused', attempt: event.value.nextAttempt, reported: undefined, doubled: false };
    default:
      return undefined;
  }
}

const reportedOf = ({ type, category, billable }: Pricing): Reported => ({ type, category, billable });

import { type Micros } from '../money.js';
import { type Day } from '../prices/day.js';
import { type Category, isCategory, type Rates } from '../prices/rates.js';
import { chargeOf, type Reported } from '../prices/reported.js';
import { type MessageCost } from '../wallet/entry.js';
import { type ResolutionAsked } from '../wallet/inputs.js';

/** What egress says of an attempt, as far as money goes. */
export interface AttemptNews {
  /** `message_id:attempt`. */
  readonly holdId: string;
  readonly what: 'delivered' | 'failed' | 'refused';
  /** Its price was held. */
  readonly isHeld: boolean;
  readonly reported: Reported | undefined;
  /** A second attempt of the message was delivered too. */
  readonly doubled: boolean;
  readonly message: MessageCost;
  readonly at: Date;
  /** When it happened, in the account's time zone. */
  readonly day: Day;
  /** The price of its volume tier, by its position among what was delivered; undefined where there are no tiers (BL-10). */
  readonly tier: Micros | undefined;
}

/**
 * What becomes of the price of an attempt (BL-3, BL-4, BL-8): delivered is charged as Meta reports it, whatever was held; what
 * came to nothing is given back. Undefined when no money moves.
 */
export function settlementOf(rates: Rates, news: AttemptNews): ResolutionAsked | undefined {
  const { holdId: id, what, isHeld, reported, doubled, day, tier, at } = news;
  const message = what === 'delivered' ? { ...news.message, deliveredAt: at } : news.message;
  const asked = { id, cost: undefined, message, doubled };
  if (what === 'refused') return { ...asked, how: 'drop', amount: undefined };
  if (what === 'failed') return isHeld ? { ...asked, how: 'release', amount: undefined } : undefined;
  const charge = chargeOf(rates, reported, { market: message.market, day, held: heldAs(message), tier });
  switch (charge.kind) {
    case 'free':
      return isHeld ? { ...asked, how: 'charge', amount: 0n } : undefined;
    case 'as-held':
      return isHeld ? { ...asked, how: 'charge', amount: undefined } : undefined;
    case 'charged':
      return {
        ...asked,
        how: 'charge',
        amount: charge.amount,
        cost: charge.amount,
        message: { ...message, category: charge.category },
      };
  }
}

/** The category that egress knows it by. */
export const heldAs = ({ category }: MessageCost): Category | undefined =>
  isCategory(category) ? category : undefined;

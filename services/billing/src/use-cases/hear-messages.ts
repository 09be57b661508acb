import { groupedBy } from '../domain/grouped-by.js';
import { type DeliveredService } from '../domain/payer/fold.js';
import { dayOf } from '../domain/prices/day.js';
import { type AttemptNews } from '../domain/settlement/settlement.js';
import { type NumberFacts } from './hold-prices.js';
import { type PayerUseCases } from './payers.js';
import { type Hash } from './ports.js';
import { type PriceUseCases, type Recipient } from './prices.js';
import { type SettleMessages } from './settle-messages.js';
import { type PriceByVolume } from './price-by-volume.js';

/** What egress says of an attempt, as far as money goes. */
export type ToldOfAttempt = Pick<AttemptNews, 'holdId' | 'what' | 'isHeld' | 'reported' | 'doubled'> & {
  /** Empty where nobody pays. */
  readonly wallet: string;
  readonly number: string;
  readonly at: Date;
  /** As egress knows it; empty where it does not. */
  readonly category: string;
  readonly recipient: Recipient;
  readonly windowOpen: boolean;
};

export type HearMessages = ReturnType<typeof createHearMessages>;

/**
 * Moves the money of attempts, and counts what was delivered of the free allowance and of volume tiers (BL-3, BL-4, BL-10).
 * Harmless twice.
 */
export function createHearMessages(deps: {
  settleMessages: SettleMessages;
  priceByVolume: PriceByVolume;
  payers: Pick<PayerUseCases, 'delivered'>;
  prices: Pick<PriceUseCases, 'placeOf'>;
  factsOf: NumberFacts;
  hash: Hash;
}) {
  const { settleMessages, priceByVolume, payers, prices, factsOf, hash } = deps;

  async function toNews({ number, at, category, recipient, windowOpen, wallet, ...told }: ToldOfAttempt) {
    const { brand, timeZone, portfolio } = await factsOf(number);
    const day = dayOf(at, timeZone);
    const message = { number, brand, category, userInitiated: windowOpen, ...prices.placeOf(recipient, day) };
    return { wallet, portfolio, at, news: { ...told, at, day, message, tier: undefined } };
  }

  return async function hearMessages(all: readonly ToldOfAttempt[]): Promise<void> {
    // Meta counts what nobody pays for here, too.
    const priced = await priceByVolume(await Promise.all(all.map(toNews)));
    const news = new Map<string, AttemptNews[]>();
    for (const [wallet, told] of groupedBy(priced, ({ wallet }) => wallet))
      if (wallet !== '')
        news.set(
          wallet,
          told.map(({ news }) => news),
        );
    await settleMessages(news);
    for (const [number, told] of groupedBy(all, ({ number }) => number)) {
      const messages = told.flatMap((each) => countedOf(each, hash) ?? []);
      if (messages.length > 0) await payers.delivered(number, messages);
    }
  };
}

/** So many letters tell a thousand messages apart. */
const ID_LENGTH = 16;

/** A delivered service message of the month's allowance: Meta's word says so, else what was sent. */
function countedOf({ what, reported, category, holdId, at }: ToldOfAttempt, hash: Hash): DeliveredService | undefined {
  if (what !== 'delivered') return undefined;
  const said = reported?.category ?? '';
  const kind = said === '' ? category : said;
  if (kind !== 'service' && kind !== 'group_service') return undefined;
  if (reported?.type === 'free_entry_point') return undefined;
  return { id: hash(holdId).slice(0, ID_LENGTH), at, isCharged: reported?.type === 'regular' };
}

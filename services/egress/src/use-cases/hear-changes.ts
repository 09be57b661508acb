import { type Level, messagingLimitOf } from '../domain/pace/allowance.js';
import { type Paces, type Places, type Reach } from './pace-ports.js';

/** What Meta said of a number or its account that bears on when messages go. */
export interface AllowanceNews {
  readonly waba: string;
  /** Empty where it is known by how people write it, or where it is about the account. */
  readonly number: string;
  readonly displayPhone: string;
  readonly level: Level | undefined;
  /** As Meta writes it; empty where nothing is said. */
  readonly messagingLimit: string;
  readonly at: Date;
}

export type HearChanges = ReturnType<typeof createHearChanges>;

/** Keeps what Meta allows, for the owners of the numbers. Safe to repeat; the latest holds. */
export function createHearChanges({ paces, places, reach }: { paces: Paces; places: Places; reach: Reach }) {
  return async function hearChanges(news: readonly AllowanceNews[]): Promise<void> {
    for (const { waba, level, messagingLimit, at, ...of } of news) {
      const found = places.find(waba, of.displayPhone);
      const number = of.number || found.number;
      if (number && level) await paces.note(number, { level: { is: level, at } });
      const limit = messagingLimitOf(messagingLimit);
      const portfolio = found.portfolio ?? (number && places.portfolioOf(number));
      if (portfolio && limit !== undefined) await reach.allow(portfolio, limit, at);
    }
  };
}

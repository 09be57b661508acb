/** What billing tells of a number: who pays for what it sends, and what of it is free. */
export interface Payer {
  readonly organisation: string;
  /** Empty = nobody pays. */
  readonly wallet: string;
  /** Something is left in the wallet. */
  readonly hasCredit: boolean;
  /** Messages that are no templates cost from then on; undefined = they are free. */
  readonly serviceChargedSince: Date | undefined;
  /** Utility templates in an open window cost from then on. */
  readonly utilityInWindowChargedSince: Date | undefined;
  /** Delivered service messages that are free, every month; and at least so many of this month's that are left. */
  readonly freeServiceMessages: number;
  readonly freeServiceLeft: number;
  /** When the month ends in the account's time zone. */
  readonly allowanceEndsAt: Date | undefined;
}

/** What is known of the money of an attempt when it begins. */
export interface Payment {
  /** Of a message that has none yet; empty = still none. */
  readonly wallet: string;
  /** The number of the attempt whose price is held; undefined when it is free. */
  readonly heldFor: number | undefined;
  /** The customer had written in the last 24 hours: the message answers (BL-5). */
  readonly windowOpen: boolean;
}

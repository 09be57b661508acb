import { type Micros } from '../money.js';
import { type Account } from './accounts.js';

export type EntryKind =
  | 'purchase'
  | 'grant'
  | 'refund'
  | 'refund_failed'
  | 'dispute'
  | 'dispute_won'
  | 'hold'
  | 'settle'
  | 'release'
  | 'expire'
  | 'capture'
  | 'cost';

/** Why an entry may bring what is available below zero, or what is special about it. */
export type Flag =
  /** Delivered after its hold was released. */
  | 'late'
  /** Charged otherwise than it was held. */
  | 'repriced'
  /** Delivered, and never held. */
  | 'unheld'
  /** A second attempt of one message was delivered too. */
  | 'doubled'
  /** Money that the payment provider took back after it was spent. */
  | 'reversed';

/** What a message is, for reports. */
export interface MessageCost {
  readonly number: string;
  readonly brand: string;
  /** ISO 3166; empty when it is not known. */
  readonly country: string;
  readonly market: string;
  readonly category: string;
  /** The customer wrote first: the window was open (BL-5). */
  readonly userInitiated: boolean;
  /** Of what is charged: when it was delivered. Meta counts it on that day, whenever it is booked (BL-10). */
  readonly deliveredAt?: Date;
}

/** One movement. Never changed, never removed. */
export interface Entry {
  /** 1, 2, 3 … within the wallet. */
  readonly sequence: number;
  /** Derived from its cause, unique within the wallet: `<hold id>:hold`, `<hold id>:resolve`, `<purchase id>:credits`. */
  readonly id: string;
  readonly at: Date;
  readonly kind: EntryKind;
  readonly from: Account;
  readonly to: Account;
  readonly amount: Micros;
  /** The purchase, grant or hold it belongs to. */
  readonly reference: string;
  readonly message: MessageCost | null;
  readonly flags: readonly Flag[];
  readonly memo: string;
  /** Who or what caused it. */
  readonly by: string;
}

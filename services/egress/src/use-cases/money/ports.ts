import { type Payer } from '../../domain/money/payer.js';
import { type Refusal } from '../../domain/gate/refusal.js';

/** Who pays for numbers, as billing tells of them. */
export interface Payers {
  /** Undefined when billing has not told of the number, or told of it as another organisation's. */
  readonly of: (number: string, organisation: string) => Payer | undefined;
}

/** An attempt whose price is to be held. */
export interface HoldAsked {
  readonly wallet: string;
  /** `messageId:attempt`. */
  readonly holdId: string;
  readonly number: string;
  readonly category: string;
  /** Digits; empty where the phone is hidden. */
  readonly phone: string;
  /** Meta's user id, whose prefix names the country; empty where it is not known. */
  readonly userId: string;
  readonly windowOpen: boolean;
}

export type HoldAnswer =
  | { readonly kind: 'held' }
  /** It costs nothing. */
  | { readonly kind: 'free' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Nobody knows whether it is held; asked again it is the same hold. */
  | { readonly kind: 'away' };

/** Puts the prices of attempts aside at billing. Never throws, and never waits for long. */
export interface Holds {
  readonly hold: (asked: HoldAsked) => Promise<HoldAnswer>;
}

/** Billing; undefined where none is installed, and nothing is paid for. */
export type Money = { readonly payers: Payers; readonly holds: Holds } | undefined;

/** The wallet of a message that is accepted; empty where none is known. */
export const walletOf = (money: Money, { number, organisation }: { number: string; organisation: string }): string =>
  money?.payers.of(number, organisation)?.wallet ?? '';

import { type Micros } from '../money.js';
import { type EntryKind, type Flag, type MessageCost } from './entry.js';
import { type Lookup, type Resolution } from './known.js';
import { type Recharge, type Wallet } from './wallet.js';

/** What can be asked of a wallet. All of it is harmless twice: ids of entries are made from what caused them. */
export type Input = Create | Change | Credit | Hold | Resolve | EndDay;

interface Asked {
  readonly at: Date;
  /** Subject of the token, or what caused it. */
  readonly by: string;
  /** Entries up to here are known to be in the projection: the tail may let go of them. */
  readonly projected: number;
}

export interface Create extends Asked {
  readonly kind: 'create';
  readonly organisation: string;
  readonly name: string;
  readonly wallet: Wallet['kind'];
  readonly services: readonly string[];
}

export interface Change extends Asked {
  readonly kind: 'change';
  /** 0 = whatever it is. */
  readonly expectedVersion: number;
  readonly name: string;
  readonly services: readonly string[];
  readonly lowMark: Micros;
  readonly noticeEmails: readonly string[];
  readonly recharge: Recharge | null;
  readonly budgets: Readonly<Record<string, Micros>>;
}

/** Credits come, or go back to the payer. */
export interface Credit extends Asked {
  readonly kind: 'credit';
  readonly cause: Extract<EntryKind, 'purchase' | 'grant' | 'refund' | 'refund_failed' | 'dispute' | 'dispute_won'>;
  /** Unique within the wallet: `<purchase id>`, for a refund `<purchase id>:<refund id>`. */
  readonly id: string;
  readonly purchase: string;
  readonly amount: Micros;
  readonly fee: Micros;
  readonly memo: string;
  readonly lookup: Lookup;
}

export interface Hold extends Asked {
  readonly kind: 'hold';
  readonly spender: Spender;
  readonly holds: readonly HoldAsked[];
  readonly lookup: Lookup;
}

/** Who asks for money of the wallet. */
export interface Spender {
  /** The organisation of the token; undefined = of the installation. */
  readonly tenant: string | undefined;
  readonly service: string;
}

export interface HoldAsked {
  readonly id: string;
  readonly amount: Micros;
  readonly message: MessageCost | null;
  readonly memo: string;
  /** The amount was looked up: asked for again on another day it is the same hold. */
  readonly isPriced?: boolean;
}

export interface Resolve extends Asked {
  readonly kind: 'resolve';
  /** Absent where Meta's word decides, and not a caller. */
  readonly spender?: Spender;
  readonly resolutions: readonly ResolutionAsked[];
  readonly lookup: Lookup;
}

export interface ResolutionAsked {
  readonly id: string;
  /**
   * `charge`: it was delivered, and costs `amount`, whatever was held. `settle`: a service charges at most what it held.
   * `release`, `expire`: nothing is charged; `drop`: neither, and nothing is remembered of what was never held.
   */
  readonly how: 'charge' | 'settle' | 'release' | 'expire' | 'drop';
  /** Undefined = as much as was held. */
  readonly amount: Micros | undefined;
  /** What Meta takes of it. */
  readonly cost: Micros | undefined;
  /** For what was never held. */
  readonly message: MessageCost | null;
  /** A second attempt of the message was delivered too. */
  readonly doubled: boolean;
}

/** All holds made on a day have been ended: their timer is done. */
export interface EndDay extends Asked {
  readonly kind: 'end-day';
  readonly day: string;
  readonly version: number;
}

export type Result =
  | { readonly kind: 'wallet'; readonly wallet: Wallet }
  /** The tail has moved since the look-up: look up again, with entries up to `tailFrom` in the projection. */
  | { readonly kind: 'stale'; readonly tailFrom: number }
  | { readonly kind: 'credited'; readonly isNew: boolean; readonly wallet: Wallet }
  | { readonly kind: 'held'; readonly outcomes: readonly HoldOutcome[]; readonly available: Micros }
  | { readonly kind: 'resolved'; readonly outcomes: readonly ResolutionOutcome[] };

export type HoldOutcome =
  | { readonly id: string; readonly held: true; readonly amount: Micros }
  | { readonly id: string; readonly held: false; readonly refusal: Refusal };

export type Refusal = 'balance-too-low' | 'budget-spent' | 'hold-resolved' | 'hold-conflict' | 'rate-missing';

export type ResolutionOutcome =
  | { readonly id: string; readonly known: true; readonly resolution: Resolution }
  /** Nothing was held under this id, and a service may charge only what it held. */
  | { readonly id: string; readonly known: false };

/** What a wallet says on billing.wallets, and the timers it arms. */
export type Event =
  | { readonly kind: 'changed'; readonly at: Date }
  | {
      readonly kind: 'credits-moved';
      readonly at: Date;
      readonly cause: Credit['cause'];
      readonly reference: string;
      readonly amount: Micros;
    }
  | { readonly kind: 'holds-made'; readonly at: Date; readonly holds: readonly HeldAmount[] }
  | { readonly kind: 'holds-resolved'; readonly at: Date; readonly resolutions: readonly ResolvedAmount[] }
  | { readonly kind: 'balance-low'; readonly at: Date; readonly mark: Micros }
  | { readonly kind: 'balance-empty'; readonly at: Date }
  | { readonly kind: 'recharge-due'; readonly at: Date; readonly below: Micros }
  | {
      readonly kind: 'budget-spent';
      readonly at: Date;
      readonly brand: string;
      readonly budget: Micros;
      readonly month: string;
    }
  | {
      readonly kind: 'price-differed';
      readonly at: Date;
      readonly id: string;
      readonly held: Micros;
      readonly charged: Micros;
    }
  /** The holds of that day end 30 days later. Not for billing.wallets. */
  | {
      readonly kind: 'arm-expiry';
      readonly at: Date;
      readonly day: string;
      readonly version: number;
      readonly due: Date;
    };

export interface HeldAmount {
  readonly id: string;
  readonly amount: Micros;
}

export interface ResolvedAmount {
  readonly id: string;
  readonly outcome: Resolution['outcome'];
  readonly amount: Micros;
  readonly flags: readonly Flag[];
}

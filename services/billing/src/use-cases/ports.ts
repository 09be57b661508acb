import { type Aggregates } from '@switchboard/aggregates';
import { type Account, type Balance } from '../domain/wallet/accounts.js';
import { type Entry } from '../domain/wallet/entry.js';
import { type Input, type Result } from '../domain/wallet/inputs.js';
import { type Counted } from '../domain/reconciliation/sides.js';
import { type Held } from '../domain/wallet/known.js';
import { type Wallet } from '../domain/wallet/wallet.js';
import { type Micros } from '../domain/money.js';
import { type Rate } from '../domain/prices/rates.js';
import { type TierTable } from '../domain/prices/tiers.js';

export type Wallets = Aggregates<Wallet, Input, Result>;

/** Entries of wallets, written out of the aggregates: append-only. */
export interface Entries {
  /** What is known of these holds and causes: entries that belong to them. */
  readonly lookup: (
    walletId: string,
    references: readonly string[],
  ) => Promise<{ readonly holds: ReadonlyMap<string, Held>; readonly entries: ReadonlySet<string> }>;
  /** In order, behind a sequence. */
  readonly list: (walletId: string, wanted: EntryFilter, after: number, limit: number) => Promise<readonly Entry[]>;
  /** What the accounts gave and got, added up from every entry up to a sequence, and how many there are. */
  readonly sums: (
    walletId: string,
    upTo: number,
  ) => Promise<{ readonly count: number; readonly balances: Readonly<Partial<Record<Account, Balance>>> }>;
  /** Holds made on a day (UTC) that nothing has ended, in order, behind a sequence. */
  readonly openHolds: (
    walletId: string,
    day: string,
    after: number,
    limit: number,
  ) => Promise<readonly { readonly sequence: number; readonly id: string }[]>;
  /** What of these numbers was delivered and charged, by number, country, category and day of delivery (UTC). */
  readonly charged: (numbers: readonly string[], from: Date, until: Date) => Promise<readonly Counted[]>;
  /** What was charged, added up by some of these. */
  readonly spend: (walletIds: readonly string[], wanted: SpendFilter) => Promise<readonly SpendSum[]>;
}

export interface EntryFilter {
  /** Included. */
  readonly from: Date | undefined;
  /** Excluded. */
  readonly until: Date | undefined;
  /** Empty = all. */
  readonly kinds: readonly string[];
  /** Empty = all. */
  readonly reference: string;
  /** What the message is; each empty = all. */
  readonly number: string;
  readonly country: string;
  readonly category: string;
}

export const spendGroups = ['brand', 'number', 'country', 'category', 'initiator', 'day'] as const;
export type SpendGroup = (typeof spendGroups)[number];

export interface SpendFilter {
  readonly from: Date;
  readonly until: Date;
  readonly groups: readonly SpendGroup[];
  /** More rows than this are not wanted. */
  readonly limit: number;
}

export interface SpendSum {
  /** In the order of the groups. */
  readonly keys: readonly string[];
  readonly messages: number;
  readonly amount: Micros;
}

/** Which wallets there are. */
export interface Directory {
  /** Ids of an organisation's wallets after `after`, in order, at most `limit`. */
  readonly walletsOf: (organisation: string, after: string, limit: number) => Promise<readonly string[]>;
  /** Every wallet, in order. */
  readonly all: () => AsyncIterable<string>;
}

/** Imported rate cards. */
export interface RateStore {
  readonly all: () => Promise<readonly Rate[]>;
  /** A rate for a market, category and day replaces the one that is there. */
  readonly save: (rates: readonly Rate[], at: Date, by: string) => Promise<void>;
}

/** Imported tables of volume tiers (BL-10). */
export interface TierStore {
  readonly all: () => Promise<readonly TierTable[]>;
  /** A table for a market, category and day replaces the one that is there. */
  readonly save: (tables: readonly TierTable[], at: Date, by: string) => Promise<void>;
}

export type Clock = () => Date;
/** SHA-256, hex. */
export type Hash = (text: string) => string;

/** What an operator of the installation reads. */
export interface Observer {
  readonly holds: (outcome: string, count: number) => void;
  readonly resolutions: (outcome: string, count: number) => void;
  readonly stale: () => void;
  readonly proof: (holds: boolean) => void;
}

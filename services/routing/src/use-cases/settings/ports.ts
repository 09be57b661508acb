import type { Manner, Target } from '../../domain/flow/settings.js';
import type { TriedTimes } from '../../domain/flow/what-if.js';
import type { FlowSettings } from '../../domain/flow/written.js';

/** A version of a brand's settings, as it is kept. */
export interface SettingsVersion {
  readonly brandId: string;
  /** 1, 2, 3 … without gaps. */
  readonly version: number;
  readonly settings: FlowSettings;
  readonly changedAt: Date;
  readonly changedBy: string;
}

/** Settings of brands, in versions that stay. Reads what a majority has. */
export interface BrandFlows {
  /** The newest version of each of these brands that has one higher than that. */
  readonly newerThan: (
    known: readonly { readonly brandId: string; readonly version: number }[],
  ) => Promise<readonly SettingsVersion[]>;
  readonly find: (brandId: string, version: number) => Promise<SettingsVersion | undefined>;
  /** Versions below that one, newest first; without one from the newest on. Read as far as they are taken. */
  readonly versions: (brandId: string, before: number | undefined) => AsyncIterable<SettingsVersion>;
  /** Keeps a version; false when it is not the one after the newest: somebody else was first. */
  readonly save: (next: SettingsVersion) => Promise<boolean>;
}

/** A brand, by account's last word on it. */
export interface BrandView {
  readonly organisationId: string;
}

export interface Brands {
  readonly find: (brandId: string) => BrandView | undefined;
  /** True when a brand of the organisation has this department. */
  readonly hasDepartment: (organisationId: string, departmentId: string) => boolean;
  /** The brands of the organisation that have one of these departments. */
  readonly ofDepartments: (organisationId: string, departmentIds: readonly string[]) => readonly string[];
}

/** Asks the owner of every partition to arm the timers of the brand's open chats anew; resolves when all will hear it. */
export type TellApply = (command: {
  readonly commandId: string;
  readonly brandId: string;
  readonly version: number;
  readonly organisationId: string;
  readonly at: Date;
}) => Promise<void>;

/** A chat that would wait for a person. */
export interface Wanted {
  readonly brandId: string;
  readonly departmentId: string;
  readonly target: Target;
  readonly manner: Manner;
  /** Who served the customer last; empty = nobody. */
  readonly lastOperatorId: string;
  /** Of operators without a limit of their own. */
  readonly concurrentLimit: number;
}

/** The desk of an organisation, looked at without touching it. */
export interface DeskView {
  /** Operators who would be asked now, in order; none = the chat would wait. */
  readonly whoWouldGet: (organisationId: string, wanted: Wanted) => Promise<readonly string[]>;
}

export interface ChatCounts {
  readonly chats: number;
  readonly wouldBeMissed: number;
  readonly wouldCloseMissed: number;
  readonly wouldCloseCustomerOwes: number;
  readonly wouldCloseOperatorOwes: number;
}

/** How long chats of the past waited, by the rows of chats. */
export interface ChatTimes {
  /** Of the brand's chats that opened since: how many lasted so long. What is not asked about counts 0. */
  readonly count: (of: {
    readonly organisationId: string;
    readonly brandId: string;
    readonly since: Date;
    readonly times: TriedTimes;
  }) => Promise<ChatCounts>;
}

/** Time that only goes forward, in milliseconds. */
export type Monotonic = () => number;

import type { Duration } from './duration.js';
import type { Hours } from './hours.js';

/** How a brand's chats flow: one version of its settings, checked and complete. */
export interface Flow {
  readonly brandId: string;
  /** 0 = the defaults. Threads keep the version they armed their timers by. */
  readonly version: number;
  /** Of calendar durations: the zone of the business hours, else UTC. */
  readonly timeZone: string;
  /** Until a chat that waits for a person is missed; null = it never is. */
  readonly waiting: Duration | null;
  /** Until a missed chat is closed. */
  readonly missedClose: Duration;
  /** Until an active chat is closed, by who owes the answer. */
  readonly idleClose: { readonly customerOwes: Duration; readonly operatorOwes: Duration };
  /** Sent so long before an idle chat is closed; null = none. */
  readonly warning: { readonly before: Duration; readonly text: string } | null;
  /** Sent when a timer closes a chat; empty = nothing. */
  readonly closingText: string;
  /** Null = always open. */
  readonly hours: Hours | null;
  /** In order; the first that matches wins. */
  readonly rules: readonly Rule[];
  /** Chats an operator without a limit of their own has at a time. */
  readonly concurrentLimit: number;
  /** Null = customers are not asked. */
  readonly rating: Rating | null;
  /** Null = off. */
  readonly profanity: ProfanitySettings | null;
  readonly blockNeedsApproval: boolean;
  /** To accept or refuse a transfer. */
  readonly transferTimeout: Duration;
  /** Until an operator without a sign of life is away. */
  readonly awayAfter: Duration;
}

export interface Rating {
  readonly questionText: string;
  /** Empty = nothing is answered. */
  readonly thanksText: string;
}

export interface ProfanitySettings {
  /** Shipped lists. */
  readonly languages: readonly string[];
  readonly words: readonly string[];
  readonly allowedWords: readonly string[];
  /** Messages with a hit in one chat until something happens. */
  readonly limit: number;
  /** Sent at each hit below the limit; empty = nothing. */
  readonly warningText: string;
  readonly completeAtLimit: boolean;
  /** Null = nobody is blocked. */
  readonly blockFor: Duration | 'forever' | null;
}

/** When all conditions hold, the chat goes to the target. */
export interface Rule {
  readonly ruleId: string;
  readonly name: string;
  readonly conditions: readonly Condition[];
  readonly target: Target;
  readonly manner: Manner;
  /** How long one operator may take before the next is asked. */
  readonly offerTimeout: Duration;
}

export type Subject =
  | 'department'
  | 'number'
  | 'tag'
  | 'language'
  | 'country'
  | 'advertisement'
  | 'business-hours'
  | 'customer'
  | 'attribute'
  | 'text';

export type Comparison = 'is-one-of' | 'is-none-of' | 'contains' | 'starts-with' | 'exists';

export const attributes = ['phone', 'user_id', 'username', 'profile_name'] as const;

export interface Condition {
  readonly subject: Subject;
  /** One of `attributes` for the subject `attribute`, else empty. */
  readonly attribute: string;
  readonly operator: Comparison;
  readonly values: readonly string[];
}

export interface Target {
  readonly kind: 'everyone' | 'operators' | 'last-operator' | 'lead-owner' | 'nobody';
  /** Of `operators` alone. */
  readonly operatorIds: readonly string[];
  /** Empty = the number's. */
  readonly departmentId: string;
}

export type Manner = 'all-at-once' | 'one-by-one' | 'least-loaded' | 'round-robin';

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const clock = (seconds: number): Duration => ({ months: 0, days: 0, seconds });

/** What a setting is when nothing is said of it. */
export const defaults = {
  missedClose: { months: 0, days: 1, seconds: 0 },
  idleClose: clock(24 * HOUR_S),
  concurrentLimit: 5,
  transferTimeout: clock(2 * MINUTE_S),
  awayAfter: clock(5 * MINUTE_S),
  offerTimeout: clock(30),
} as const;

/** Of a brand that has set nothing: no chat is missed, idle ones close after a day, everyone is asked at once. */
export const defaultFlow = (brandId: string): Flow => ({
  brandId,
  version: 0,
  timeZone: 'UTC',
  waiting: null,
  missedClose: defaults.missedClose,
  idleClose: { customerOwes: defaults.idleClose, operatorOwes: defaults.idleClose },
  warning: null,
  closingText: '',
  hours: null,
  rules: [],
  concurrentLimit: defaults.concurrentLimit,
  rating: null,
  profanity: null,
  blockNeedsApproval: false,
  transferTimeout: defaults.transferTimeout,
  awayAfter: defaults.awayAfter,
});

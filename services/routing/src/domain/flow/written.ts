import type { Comparison, Manner, Subject, Target } from './settings.js';

/**
 * Settings as they are written and kept: durations in ISO 8601, empty for none or for the default. `readFlow` makes a
 * `Flow` of them. Where one of a list of words has to stand, an empty one means that there was none, or an unknown one.
 */
export interface FlowSettings {
  readonly waitingTime: string;
  readonly missedClose: string;
  readonly idleCloseCustomerOwes: string;
  readonly idleCloseOperatorOwes: string;
  readonly idleWarningBefore: string;
  readonly idleWarningText: string;
  readonly closingText: string;
  readonly businessHours: WrittenHours | null;
  readonly routingRules: readonly WrittenRule[];
  /** 0 = the default. */
  readonly concurrentLimit: number;
  readonly rating: { readonly questionText: string; readonly thanksText: string } | null;
  readonly profanity: WrittenProfanity | null;
  readonly blockNeedsApproval: boolean;
  readonly transferTimeout: string;
  readonly awayAfter: string;
}

export interface WrittenHours {
  readonly timeZone: string;
  readonly weekly: readonly WrittenInterval[];
  readonly holidays: readonly {
    readonly date: string;
    readonly name: string;
    readonly open: readonly WrittenInterval[];
  }[];
  readonly outOfHoursText: string;
}

/** Local times, `HH:MM`; the weekday as ISO 8601 numbers it. */
export interface WrittenInterval {
  readonly weekday: number;
  readonly from: string;
  readonly to: string;
}

export interface WrittenRule {
  readonly ruleId: string;
  readonly name: string;
  readonly conditions: readonly WrittenCondition[];
  readonly target: Omit<Target, 'kind'> & { readonly kind: Target['kind'] | '' };
  readonly manner: Manner | '';
  readonly offerTimeout: string;
}

export interface WrittenCondition {
  readonly subject: Subject | '';
  readonly attribute: string;
  readonly operator: Comparison | '';
  readonly values: readonly string[];
}

export interface WrittenProfanity {
  readonly languages: readonly string[];
  readonly words: readonly string[];
  readonly allowedWords: readonly string[];
  readonly limit: number;
  readonly warningText: string;
  readonly completeAtLimit: boolean;
  readonly blockFor: string;
}

/** What is written for a brand that has set nothing. */
export const defaultSettings: FlowSettings = {
  waitingTime: '',
  missedClose: 'P1D',
  idleCloseCustomerOwes: 'PT24H',
  idleCloseOperatorOwes: '',
  idleWarningBefore: '',
  idleWarningText: '',
  closingText: '',
  businessHours: null,
  routingRules: [],
  concurrentLimit: 5,
  rating: null,
  profanity: null,
  blockNeedsApproval: false,
  transferTimeout: 'PT2M',
  awayAfter: 'PT5M',
};

const OFFER_TIMEOUT = 'PT30S';

/** The settings with each default written out, so that a reader sees what holds. */
export const completed = (settings: FlowSettings): FlowSettings => ({
  ...settings,
  missedClose: settings.missedClose || defaultSettings.missedClose,
  idleCloseCustomerOwes: settings.idleCloseCustomerOwes || defaultSettings.idleCloseCustomerOwes,
  concurrentLimit: settings.concurrentLimit || defaultSettings.concurrentLimit,
  transferTimeout: settings.transferTimeout || defaultSettings.transferTimeout,
  awayAfter: settings.awayAfter || defaultSettings.awayAfter,
  routingRules: settings.routingRules.map((rule) => ({ ...rule, offerTimeout: rule.offerTimeout || OFFER_TIMEOUT })),
});

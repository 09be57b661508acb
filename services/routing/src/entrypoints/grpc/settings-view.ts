import {
  type BusinessHours,
  ConditionOperator,
  ConditionSubject,
  type FlowSettings as FlowProto,
  type OpenInterval,
  OfferManner,
  type RoutingRule,
  type RuleTarget,
  TargetKind,
  Weekday,
} from '@switchboard/contracts/routing/v1/settings';
import type { Comparison, Manner, Subject, Target } from '../../domain/flow/settings.js';
import type { FlowSettings, WrittenHours, WrittenInterval, WrittenRule } from '../../domain/flow/written.js';

/** Settings between the contract and the domain. What the contract names by numbers, the domain names by words. */

const subjects: Readonly<Record<Subject, ConditionSubject>> = {
  department: ConditionSubject.CONDITION_SUBJECT_DEPARTMENT,
  number: ConditionSubject.CONDITION_SUBJECT_NUMBER,
  tag: ConditionSubject.CONDITION_SUBJECT_TAG,
  language: ConditionSubject.CONDITION_SUBJECT_LANGUAGE,
  country: ConditionSubject.CONDITION_SUBJECT_COUNTRY,
  advertisement: ConditionSubject.CONDITION_SUBJECT_ADVERTISEMENT,
  'business-hours': ConditionSubject.CONDITION_SUBJECT_BUSINESS_HOURS,
  customer: ConditionSubject.CONDITION_SUBJECT_CUSTOMER,
  attribute: ConditionSubject.CONDITION_SUBJECT_ATTRIBUTE,
  text: ConditionSubject.CONDITION_SUBJECT_TEXT,
};

const operators: Readonly<Record<Comparison, ConditionOperator>> = {
  'is-one-of': ConditionOperator.CONDITION_OPERATOR_IS_ONE_OF,
  'is-none-of': ConditionOperator.CONDITION_OPERATOR_IS_NONE_OF,
  contains: ConditionOperator.CONDITION_OPERATOR_CONTAINS,
  'starts-with': ConditionOperator.CONDITION_OPERATOR_STARTS_WITH,
  exists: ConditionOperator.CONDITION_OPERATOR_EXISTS,
};

const kinds: Readonly<Record<Target['kind'], TargetKind>> = {
  everyone: TargetKind.TARGET_KIND_EVERYONE,
  operators: TargetKind.TARGET_KIND_OPERATORS,
  'last-operator': TargetKind.TARGET_KIND_LAST_OPERATOR,
  'lead-owner': TargetKind.TARGET_KIND_LEAD_OWNER,
  nobody: TargetKind.TARGET_KIND_NOBODY,
};

const manners: Readonly<Record<Manner, OfferManner>> = {
  'all-at-once': OfferManner.OFFER_MANNER_ALL_AT_ONCE,
  'one-by-one': OfferManner.OFFER_MANNER_ONE_BY_ONE,
  'least-loaded': OfferManner.OFFER_MANNER_LEAST_LOADED,
  'round-robin': OfferManner.OFFER_MANNER_ROUND_ROBIN,
};

const numbered = new Map<number, Weekday>(Object.values(Weekday).map((weekday) => [weekday, weekday]));

/** The word for a number; none for one that is never valid or not known yet. */
function wordOf<W extends string>(words: Readonly<Record<W, number>>, number: number): W | '' {
  const found = Object.entries(words).find(([, each]) => each === number);
  return found ? (found[0] as W) : '';
}

export const mannerToProto = (manner: Manner): OfferManner => manners[manner];

export const targetToProto = ({ kind, operatorIds, departmentId }: Target): RuleTarget => ({
  kind: kinds[kind],
  operatorIds: [...operatorIds],
  departmentId,
});

export const rulesFromProto = (rules: readonly RoutingRule[]): WrittenRule[] =>
  rules.map(({ ruleId, name, conditions, target, manner, offerTimeout }) => ({
    ruleId,
    name,
    conditions: conditions.map(({ subject, attribute, operator, values }) => ({
      subject: wordOf(subjects, subject),
      attribute,
      operator: wordOf(operators, operator),
      values,
    })),
    target: {
      kind: wordOf(kinds, target?.kind ?? 0),
      operatorIds: target?.operatorIds ?? [],
      departmentId: target?.departmentId ?? '',
    },
    manner: wordOf(manners, manner),
    offerTimeout,
  }));

const rulesToProto = (rules: readonly WrittenRule[]): RoutingRule[] =>
  rules.map(({ ruleId, name, conditions, target, manner, offerTimeout }) => ({
    ruleId,
    name,
    conditions: conditions.map(({ subject, attribute, operator, values }) => ({
      subject: subject === '' ? 0 : subjects[subject],
      attribute,
      operator: operator === '' ? 0 : operators[operator],
      values: [...values],
    })),
    target: { ...target, kind: target.kind === '' ? 0 : kinds[target.kind], operatorIds: [...target.operatorIds] },
    manner: manner === '' ? 0 : manners[manner],
    offerTimeout,
  }));

export function flowFromProto({ businessHours, routingRules, rating, profanity, ...plain }: FlowProto): FlowSettings {
  return {
    ...plain,
    businessHours: businessHours ?? null,
    routingRules: rulesFromProto(routingRules),
    rating: rating ?? null,
    profanity: profanity ?? null,
  };
}

export function flowToProto(settings: FlowSettings): FlowProto {
  const { businessHours, routingRules, rating, profanity, ...plain } = settings;
  return {
    ...plain,
    businessHours: businessHours ? hoursToProto(businessHours) : undefined,
    routingRules: rulesToProto(routingRules),
    rating: rating ?? undefined,
    profanity: profanity
      ? {
          ...profanity,
          languages: [...profanity.languages],
          words: [...profanity.words],
          allowedWords: [...profanity.allowedWords],
        }
      : undefined,
  };
}

const hoursToProto = ({ weekly, holidays, ...plain }: WrittenHours): BusinessHours => ({
  ...plain,
  weekly: weekly.map(intervalToProto),
  holidays: holidays.map(({ open, ...holiday }) => ({ ...holiday, open: open.map(intervalToProto) })),
});

const intervalToProto = ({ weekday, from, to }: WrittenInterval): OpenInterval => ({
  weekday: numbered.get(weekday) ?? Weekday.WEEKDAY_UNSPECIFIED,
  from,
  to,
});

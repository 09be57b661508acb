import type { Party } from '../party.js';
import { countryOf } from './country.js';
import { type Duration } from './duration.js';
import { isOpen } from './hours.js';
import { languageOf } from './language.js';
import { type Condition, defaults, type Flow, type Manner, type Rule, type Subject, type Target } from './settings.js';

/** What rules look at: a chat that begins. */
export interface RuleFacts {
  readonly departmentId: string;
  readonly number: string;
  /** Tags of the customer's thread. */
  readonly tags: readonly string[];
  /** BCP 47, where rules are tried on one; empty = the text's script decides, as Meta tells none. */
  readonly language: string;
  readonly party: Party;
  /** Empty = the customer came by none. */
  readonly advertisementId: string;
  /** True when the customer had a chat on this number before. */
  readonly isReturning: boolean;
  /** The first message. */
  readonly text: string;
  readonly at: Date;
}

/** Who is asked, and why. */
export interface Choice {
  /** Null = none matched, and the default holds. */
  readonly rule: Rule | null;
  readonly target: Target;
  /** The target's department, else the number's. */
  readonly departmentId: string;
  readonly manner: Manner;
  readonly offerTimeout: Duration;
  /** For each rule up to the one that matched: which condition decided. */
  readonly reasons: readonly string[];
}

const everyone: Target = { kind: 'everyone', operatorIds: [], departmentId: '' };
const byDefault = 'no rule matched: everyone available in the department of the number is asked, all at once';

/** The first rule whose conditions all hold. */
export function chooseRule(flow: Pick<Flow, 'rules' | 'hours'>, facts: RuleFacts): Choice {
  const reasons: string[] = [];
  for (const rule of flow.rules) {
    const against = rule.conditions.find((condition) => !holds(condition, valuesOf(condition, facts, flow.hours)));
    reasons.push(against ? whyNot(rule, against, valuesOf(against, facts, flow.hours)) : why(rule));
    if (!against) {
      const { target, manner, offerTimeout } = rule;
      return {
        rule,
        target,
        departmentId: target.departmentId || facts.departmentId,
        manner,
        offerTimeout,
        reasons,
      };
    }
  }
  reasons.push(byDefault);
  return {
    rule: null,
    target: everyone,
    departmentId: facts.departmentId,
    manner: 'all-at-once',
    offerTimeout: defaults.offerTimeout,
    reasons,
  };
}

/** What is there of a subject; nothing when it is not known. */
function valuesOf({ subject, attribute }: Condition, facts: RuleFacts, hours: Flow['hours']): readonly string[] {
  const known = (value: string | undefined): string[] => (value === undefined || value === '' ? [] : [value]);
  switch (subject) {
    case 'department':
      return known(facts.departmentId);
    case 'number':
      return known(facts.number);
    case 'tag':
      return facts.tags;
    case 'language':
      return known((facts.language || languageOf(facts.text, countryOf(facts.party))).split('-', 1)[0]);
    case 'country':
      return known(countryOf(facts.party));
    case 'advertisement':
      return known(facts.advertisementId);
    case 'business-hours':
      return [isOpen(hours, facts.at) ? 'open' : 'closed'];
    case 'customer':
      return [facts.isReturning ? 'returning' : 'new'];
    case 'attribute':
      return known(attributeOf(facts.party, attribute));
    case 'text':
      return known(facts.text);
  }
}

function attributeOf(party: Party, attribute: string): string | undefined {
  switch (attribute) {
    case 'phone':
      return party.phone;
    case 'user_id':
      return party.userId;
    case 'username':
      return party.username;
    default:
      return party.profileName;
  }
}

function holds(condition: Condition, there: readonly string[]): boolean {
  if (condition.operator === 'exists') return there.length > 0;
  const read = readerOf(condition);
  const wanted = condition.values.map(read);
  const found = there.map(read);
  const some = (compare: (one: string, value: string) => boolean): boolean =>
    found.some((one) => wanted.some((value) => compare(one, value)));
  switch (condition.operator) {
    case 'is-one-of':
      return some((one, value) => one === value);
    case 'is-none-of':
      return !some((one, value) => one === value);
    case 'contains':
      return some((one, value) => one.includes(value));
    case 'starts-with':
      return some((one, value) => one.startsWith(value));
  }
}

/** Case and look-alike forms of a character make no difference; of phones the digits count alone. */
const readerOf = ({ subject, attribute }: Condition): ((value: string) => string) =>
  subject === 'attribute' && attribute === 'phone'
    ? (value) => value.replace(/\D/g, '')
    : (value) => value.normalize('NFKC').toLowerCase();

const why = ({ name, conditions }: Rule): string =>
  conditions.length === 0
    ? `rule “${name}” matches: it has no conditions`
    : `rule “${name}” matches: ${conditions.length === 1 ? 'its condition holds' : `all its ${conditions.length} conditions hold`}`;

function whyNot({ name }: Rule, condition: Condition, there: readonly string[]): string {
  const what = condition.attribute || names[condition.subject];
  const is = there.length === 0 ? 'is not known' : `is ${listed(there)}`;
  return `rule “${name}” does not match: ${what} ${is} and must ${demandOf(condition)}`;
}

function demandOf({ operator, values }: Condition): string {
  switch (operator) {
    case 'is-one-of':
      return `be ${listed(values)}`;
    case 'is-none-of':
      return `not be ${listed(values)}`;
    case 'contains':
      return `contain ${listed(values)}`;
    case 'starts-with':
      return `begin with ${listed(values)}`;
    case 'exists':
      return 'be there';
  }
}

const names: Readonly<Record<Subject, string>> = {
  department: 'the department',
  number: 'the number',
  tag: 'the tag',
  language: 'the language',
  country: 'the country',
  advertisement: 'the advertisement',
  'business-hours': 'the business',
  customer: 'the customer',
  attribute: 'the attribute',
  text: 'the text',
};

const SHOWN = 5;
const SHOWN_LENGTH = 60;

const listed = (values: readonly string[]): string =>
  values.slice(0, SHOWN).map(shortened).join(' or ') +
  (values.length > SHOWN ? ` or ${values.length - SHOWN} more` : '');

const shortened = (value: string): string => {
  const characters = Array.from(value);
  return characters.length > SHOWN_LENGTH ? `${characters.slice(0, SHOWN_LENGTH).join('')}…` : value;
};

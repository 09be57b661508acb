import type { Fields } from './fields.js';
import {
  attributes,
  type Comparison,
  type Condition,
  defaults,
  type Rule,
  type Subject,
  type Target,
} from './settings.js';
import type { WrittenCondition, WrittenRule } from './written.js';

const MOST_RULES = 100;
const MOST_CONDITIONS = 20;
const MOST_VALUES = 200;
const MOST_OPERATORS = 100;
const LONGEST = 200;

const offerRange = { least: 'PT5S', most: 'PT30M', clock: true } as const;
const ofIds = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** The rules that can be read; of the others every violation is noted. */
export function readRules(written: readonly WrittenRule[], field: string, fields: Fields): readonly Rule[] {
  const ids = new Set<string>();
  const rules = fields.list(field, written, MOST_RULES, 'join some or take some out');
  return rules.flatMap((rule, index) => {
    const place = `${field}[${index}]`;
    if (!/^[A-Za-z0-9-]{1,64}$/.test(rule.ruleId)) {
      fields.refuse(`${place}.rule_id`, 'must be 1 to 64 letters, digits and dashes; give one that stays');
    } else if (ids.has(rule.ruleId)) {
      fields.refuse(`${place}.rule_id`, `must be unique, and ${rule.ruleId} is there before; choose another`);
    }
    ids.add(rule.ruleId);
    fields.text(`${place}.name`, rule.name, 1, LONGEST);
    const few = fields.list(`${place}.conditions`, rule.conditions, MOST_CONDITIONS, 'make two rules of it');
    const conditions = few.map((condition, nth) => readCondition(condition, `${place}.conditions[${nth}]`, fields));
    const target = readTarget(rule.target, `${place}.target`, fields);
    if (rule.manner === '') fields.refuse(`${place}.manner`, 'must be one of the manners there are; choose one');
    const offerTimeout = fields.duration(
      `${place}.offer_timeout`,
      rule.offerTimeout,
      offerRange,
      defaults.offerTimeout,
    );
    const sound = conditions.filter((condition) => condition !== undefined);
    if (!target || rule.manner === '' || sound.length < rule.conditions.length) return [];
    return [{ ruleId: rule.ruleId, name: rule.name, conditions: sound, target, manner: rule.manner, offerTimeout }];
  });
}

function readTarget(target: WrittenRule['target'], place: string, { refuse, list }: Fields): Target | undefined {
  const { kind, operatorIds, departmentId } = target;
  if (kind === '') refuse(`${place}.kind`, 'must be one of the targets there are; choose one');
  if (departmentId !== '' && !ofIds.test(departmentId)) {
    refuse(`${place}.department_id`, 'must be the id of a department, or empty for that of the number; correct it');
  }
  const field = `${place}.operator_ids`;
  if (kind === 'operators' && operatorIds.length === 0) {
    refuse(field, `must be 1 to ${MOST_OPERATORS} operators for this target; name one`);
  }
  if (kind !== 'operators' && kind !== '' && operatorIds.length > 0) {
    refuse(field, 'must be empty for this target; choose the target of named operators or take them out');
  }
  list(field, operatorIds, MOST_OPERATORS, 'choose everyone in a department').forEach((id, index) => {
    if (!ofIds.test(id)) refuse(`${field}[${index}]`, 'must be the id of an operator; copy it whole');
    else if (operatorIds.indexOf(id) < index)
      refuse(`${field}[${index}]`, `must be there once, and ${id} is; take one out`);
  });
  return kind === '' ? undefined : { kind, operatorIds, departmentId };
}

function readCondition(condition: WrittenCondition, place: string, fields: Fields): Condition | undefined {
  const { subject, attribute, operator, values } = condition;
  const { refuse } = fields;
  if (subject === '') refuse(`${place}.subject`, 'must be one of the subjects there are; choose one');
  const isAttribute = attributes.some((name) => name === attribute);
  if (subject === 'attribute' && !isAttribute) {
    refuse(`${place}.attribute`, `must be one of ${attributes.join(', ')}; choose one`);
  } else if (subject !== 'attribute' && subject !== '' && attribute !== '') {
    refuse(`${place}.attribute`, 'must be empty for this subject; choose the subject of attributes or take it out');
  }
  const allowed = subject === '' ? [] : operators[subject];
  if (operator === '') {
    refuse(`${place}.operator`, 'must be one of the operators there are; choose one');
  } else if (subject !== '' && !allowed.includes(operator)) {
    const shown = allowed.map((each) => each.replaceAll('-', ' ')).join(', ');
    refuse(`${place}.operator`, `must be one of these for this subject: ${shown}; choose one`);
  }
  readValues(condition, `${place}.values`, fields);
  if (subject === '' || operator === '' || (subject === 'attribute' && !isAttribute)) return undefined;
  return { subject, attribute, operator, values };
}

function readValues({ subject, attribute, operator, values }: WrittenCondition, field: string, fields: Fields): void {
  if (operator === 'exists') {
    if (values.length > 0) fields.refuse(field, 'must be empty where something has only to be there; take them out');
    return;
  }
  if (values.length === 0) fields.refuse(field, `must be 1 to ${MOST_VALUES} values; give one`);
  const form = subject === 'attribute' && attribute === 'phone' ? phone : forms[subject === '' ? 'text' : subject];
  fields.list(field, values, MOST_VALUES, 'make two rules of it').forEach((value, index) => {
    const place = `${field}[${index}]`;
    if (form && !form.of.test(value)) fields.refuse(place, form.rule);
    else fields.text(place, value, 1, LONGEST);
  });
}

const equal: readonly Comparison[] = ['is-one-of', 'is-none-of'];
const known: readonly Comparison[] = [...equal, 'exists'];
const textual: readonly Comparison[] = [...equal, 'contains', 'starts-with', 'exists'];

const operators: Readonly<Record<Subject, readonly Comparison[]>> = {
  department: known,
  number: [...known, 'starts-with'],
  tag: textual,
  language: known,
  country: known,
  advertisement: textual,
  'business-hours': equal,
  customer: equal,
  attribute: textual,
  text: textual,
};

const phone = { of: /\d/, rule: 'must hold digits of a phone; write it with its country code, like +49151' };

/** What values of a subject look like, where not everything makes sense. */
const forms: Partial<Record<Subject, { readonly of: RegExp; readonly rule: string }>> = {
  department: { of: ofIds, rule: 'must be the id of a department; copy it whole' },
  number: { of: /^\d{1,32}$/, rule: "must be digits of Meta's phone number id; copy it from the number" },
  language: { of: /^[A-Za-z]{2,3}$/, rule: 'must be a primary tag of BCP 47; write pt for pt-BR' },
  country: { of: /^[A-Za-z]{2}$/, rule: 'must be a country of ISO 3166-1; write two letters like JP' },
  'business-hours': { of: /^(open|closed)$/i, rule: 'must be open or closed; choose one' },
  customer: { of: /^(new|returning)$/i, rule: 'must be new or returning; choose one' },
};

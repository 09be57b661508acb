import type { Hours } from './hours.js';
import { chooseRule, type RuleFacts } from './rules.js';
import { type Condition, defaultFlow, type Rule } from './settings.js';

const facts = (more: Partial<RuleFacts> = {}): RuleFacts => ({
  departmentId: 'sales',
  number: '341',
  tags: [],
  language: '',
  party: {},
  advertisementId: '',
  isReturning: false,
  text: '',
  at: new Date('2026-06-01T10:00:00Z'),
  ...more,
});
const condition = (subject: Condition['subject'], operator: Condition['operator'], ...values: string[]): Condition => ({
  subject,
  attribute: '',
  operator,
  values,
});
const attribute = (name: string, operator: Condition['operator'], ...values: string[]): Condition => ({
  ...condition('attribute', operator, ...values),
  attribute: name,
});
const rule = (ruleId: string, conditions: readonly Condition[] = [], more: Partial<Rule> = {}): Rule => ({
  ruleId,
  name: ruleId.toUpperCase(),
  conditions,
  target: { kind: 'operators', operatorIds: [`of-${ruleId}`], departmentId: '' },
  manner: 'one-by-one',
  offerTimeout: { months: 0, days: 0, seconds: 30 },
  ...more,
});
const choose = (rules: readonly Rule[], more: Partial<RuleFacts> = {}, hours: Hours | null = null) =>
  chooseRule({ ...defaultFlow('acme'), rules, hours }, facts(more));
const isMatch = (one: Condition, more: Partial<RuleFacts>, hours: Hours | null = null): boolean =>
  choose([rule('r', [one])], more, hours).rule !== null;

const mondays: Hours = {
  timeZone: 'UTC',
  weekly: new Map([[1, [{ from: 540, to: 1_080 }]]]),
  holidays: new Map(),
  outOfHoursText: '',
};

describe('CH-2 routing rules', () => {
  it('the first that matches wins', () => {
    const rules = [rule('a', [condition('tag', 'is-one-of', 'vip')]), rule('b'), rule('c')];

    expect(choose(rules, { tags: ['vip'] }).rule?.ruleId).toBe('a');
    expect(choose(rules).rule?.ruleId).toBe('b');
  });

  it('a rule matches only when all its conditions hold', () => {
    const rules = [rule('a', [condition('tag', 'is-one-of', 'vip'), condition('customer', 'is-one-of', 'returning')])];

    expect(choose(rules, { tags: ['vip'], isReturning: true }).rule?.ruleId).toBe('a');
    expect(choose(rules, { tags: ['vip'] }).rule).toBeNull();
    expect(choose(rules, { isReturning: true }).rule).toBeNull();
  });

  it('without a match everyone in the department of the number is asked, all at once', () => {
    expect(choose([rule('a', [condition('tag', 'exists')])])).toMatchObject({
      rule: null,
      target: { kind: 'everyone', operatorIds: [], departmentId: '' },
      departmentId: 'sales',
      manner: 'all-at-once',
    });
  });

  it('the rule says who is asked, in which department, how and how long', () => {
    const target = { kind: 'last-operator', operatorIds: [], departmentId: 'care' } as const;
    const offerTimeout = { months: 0, days: 0, seconds: 7 };
    const rules = [rule('a', [], { target, manner: 'round-robin', offerTimeout })];

    expect(choose(rules)).toMatchObject({ target, departmentId: 'care', manner: 'round-robin', offerTimeout });
  });

  it.each<[string, Condition, Partial<RuleFacts>, boolean]>([
    ['a department', condition('department', 'is-one-of', 'care', 'sales'), {}, true],
    ['another department', condition('department', 'is-one-of', 'care'), {}, false],
    ['none of the departments', condition('department', 'is-none-of', 'care'), {}, true],
    ['a number', condition('number', 'is-one-of', '341'), {}, true],
    ['the beginning of a number', condition('number', 'starts-with', '34'), {}, true],
    ['another number', condition('number', 'is-one-of', '34'), {}, false],
    ['one of several tags', condition('tag', 'is-one-of', 'b'), { tags: ['a', 'b'] }, true],
    ['none of several tags', condition('tag', 'is-none-of', 'b'), { tags: ['a', 'b'] }, false],
    ['none of a tag where there are none', condition('tag', 'is-none-of', 'b'), {}, true],
    ['any tag', condition('tag', 'exists'), { tags: ['a'] }, true],
    ['any tag where there are none', condition('tag', 'exists'), {}, false],
    ['a tag in other letters', condition('tag', 'is-one-of', 'Ｖip'), { tags: ['VIP'] }, true],
    [
      'the language they are tried on',
      condition('language', 'is-one-of', 'pt'),
      { language: 'pt-BR', text: 'ой' },
      true,
    ],
    ['the language of the script', condition('language', 'is-one-of', 'ja'), { text: 'こんにちは' }, true],
    ['a language that is not known', condition('language', 'is-one-of', 'en'), { text: 'hello' }, false],
    ['that a language is known', condition('language', 'exists'), { text: 'hello' }, false],
    ['a country by phone', condition('country', 'is-one-of', 'jp'), { party: { phone: '819012345678' } }, true],
    ['a country by user id', condition('country', 'is-one-of', 'US'), { party: { userId: 'US.13491208655' } }, true],
    ['Canada by phone', condition('country', 'is-one-of', 'CA'), { party: { phone: '14165550143' } }, true],
    [
      'the phone before the user id',
      condition('country', 'is-one-of', 'DE'),
      { party: { phone: '4915123456789', userId: 'US.1' } },
      true,
    ],
    ['no country', condition('country', 'is-none-of', 'US'), {}, true],
    ['an advertisement', condition('advertisement', 'is-one-of', '120'), { advertisementId: '120' }, true],
    ['any advertisement', condition('advertisement', 'exists'), {}, false],
    ['new customers', condition('customer', 'is-one-of', 'new'), {}, true],
    ['returning customers', condition('customer', 'is-one-of', 'new'), { isReturning: true }, false],
    [
      'a phone as people write it',
      attribute('phone', 'starts-with', '+49 (151)'),
      { party: { phone: '4915123' } },
      true,
    ],
    ['a user id', attribute('user_id', 'is-one-of', 'US.1'), { party: { userId: 'US.1' } }, true],
    ['a username', attribute('username', 'contains', 'ana'), { party: { username: 'DiAna' } }, true],
    ['a profile name', attribute('profile_name', 'starts-with', 'dr'), { party: { profileName: 'Dr. No' } }, true],
    ['that a username is there', attribute('username', 'exists'), { party: { phone: '1' } }, false],
    ['a part of the text', condition('text', 'contains', 'ORDER', 'x'), { text: 'My order?' }, true],
    ['the beginning of the text', condition('text', 'starts-with', 'order'), { text: 'My order?' }, false],
    ['the whole text', condition('text', 'is-one-of', 'help'), { text: 'HELP' }, true],
  ])('look at %s', (_what, one, more, matches) => {
    expect(isMatch(one, more)).toBe(matches);
  });

  it.each<[string, string, boolean]>([
    ['2026-06-01T10:00:00Z', 'open', true],
    ['2026-06-01T10:00:00Z', 'closed', false],
    ['2026-06-02T10:00:00Z', 'closed', true],
  ])('CH-14 look at the business hours: at %s they are %s: %s', (at, value, matches) => {
    const one = condition('business-hours', 'is-one-of', value);

    expect(isMatch(one, { at: new Date(at) }, mondays)).toBe(matches);
  });

  it('say of each rule which condition decided', () => {
    const rules = [
      rule('a', [condition('customer', 'is-one-of', 'new'), condition('country', 'is-one-of', 'US', 'CA')]),
      rule('b', [attribute('username', 'exists')]),
      rule('c', [condition('text', 'is-none-of', 'stop')]),
      rule('d'),
    ];

    expect(choose(rules, { party: { phone: '819012345678' }, text: 'stop' }).reasons).toEqual([
      'rule “A” does not match: the country is JP and must be US or CA',
      'rule “B” does not match: username is not known and must be there',
      'rule “C” does not match: the text is stop and must not be stop',
      'rule “D” matches: it has no conditions',
    ]);
    expect(choose([rule('a', [condition('customer', 'is-one-of', 'new')])]).reasons).toEqual([
      'rule “A” matches: its condition holds',
    ]);
    expect(choose([]).reasons).toEqual([
      'no rule matched: everyone available in the department of the number is asked, all at once',
    ]);
  });

  it('say it in short, however long values are', () => {
    const values = Array.from({ length: 200 }, (_, n) => `${n}`.padStart(200, 'x'));

    const [reason = ''] = choose([rule('a', [condition('text', 'contains', ...values)])], {
      text: 'y'.repeat(4_096),
    }).reasons;

    expect(reason).toContain('or 195 more');
    expect(reason.length).toBeLessThan(500);
  });
});

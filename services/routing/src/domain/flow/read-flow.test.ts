import fc from 'fast-check';
import { readFlow } from './read-flow.js';
import { defaultFlow } from './settings.js';
import { completed, defaultSettings, type FlowSettings, type WrittenCondition, type WrittenRule } from './written.js';

const brand = { brandId: 'acme', version: 3 };
const read = (more: Partial<FlowSettings>) => readFlow(brand, { ...defaultSettings, ...more });
const broken = (more: Partial<FlowSettings>): string[] => read(more).violations.map(({ field }) => field);
const long = (length: number): string => 'x'.repeat(length);

describe('settings that say nothing', () => {
  it('are the defaults', () => {
    const nothing: FlowSettings = {
      ...defaultSettings,
      missedClose: '',
      idleCloseCustomerOwes: '',
      concurrentLimit: 0,
      transferTimeout: '',
      awayAfter: '',
    };

    expect(readFlow({ brandId: 'acme', version: 0 }, nothing)).toEqual({ flow: defaultFlow('acme'), violations: [] });
    expect(completed(nothing)).toEqual(defaultSettings);
    expect(read({}).flow).toEqual({ ...defaultFlow('acme'), version: 3 });
  });

  it('write out the time of an offer too, and leave a time that follows another one empty', () => {
    const written = completed({ ...defaultSettings, routingRules: [rule({ offerTimeout: '' })] });

    expect(written.routingRules[0]?.offerTimeout).toBe('PT30S');
    expect(written.idleCloseOperatorOwes).toBe('');
  });
});

describe('a time', () => {
  it.each<[rule: string, field: keyof FlowSettings, name: string, inside: string[], outside: string[]]>([
    [
      'CH-4',
      'waitingTime',
      'waiting_time',
      ['', 'PT1S', 'PT90S', 'P7D', 'P1W', 'PT168H'],
      ['PT0S', 'PT168H1S', 'P8D', 'P1M'],
    ],
    ['CH-5', 'missedClose', 'missed_close', ['', 'PT15M', 'P1M', 'P31D', 'P4W'], ['PT14M59S', 'P1MT1S', 'P32D', 'P1Y']],
    [
      'CH-6',
      'idleCloseCustomerOwes',
      'idle_close_customer_owes',
      ['', 'PT1M', 'PT24H', 'PT1440M'],
      ['PT59S', 'PT24H1S', 'P1D'],
    ],
    ['CH-10', 'idleCloseOperatorOwes', 'idle_close_operator_owes', ['', 'PT1M', 'PT24H'], ['PT59S', 'PT24H1S', 'P1D']],
    ['CH-11', 'transferTimeout', 'transfer_timeout', ['', 'PT5S', 'P1D', 'PT24H'], ['PT4S', 'PT24H1S', 'P2D']],
    ['CH-3', 'awayAfter', 'away_after', ['', 'PT30S', 'PT24H'], ['PT29S', 'PT24H1S', 'P1D']],
  ])('%s %s is allowed just inside its range and refused just outside', (_rule, field, name, inside, outside) => {
    for (const text of inside) expect([text, broken({ [field]: text })]).toEqual([text, []]);
    for (const text of outside) expect([text, broken({ [field]: text })]).toEqual([text, [`flow.${name}`]]);
  });

  it('is refused with the allowed range, the rule and the remedy', () => {
    expect(read({ missedClose: 'PT10M' }).violations).toEqual([
      {
        field: 'flow.missed_close',
        description: 'must be PT15M to P1M, and is PT10M; choose one of that range, or leave it empty for the default',
      },
    ]);
    expect(read({ waitingTime: '90 seconds' }).violations).toEqual([
      {
        field: 'flow.waiting_time',
        description: 'must be PT1S to P7D, a duration of ISO 8601 without fractions; write for example PT1S',
      },
    ]);
    expect(read({ idleCloseCustomerOwes: 'P1D' }).violations[0]?.description).toContain(
      'in hours, minutes and seconds',
    );
  });

  it('CH-10 follows the customer’s where nothing is said of ours', () => {
    const { idleClose } = read({ idleCloseCustomerOwes: 'PT2H' }).flow;

    expect(idleClose.operatorOwes).toEqual({ months: 0, days: 0, seconds: 7_200 });
  });
});

describe('CH-10 the warning', () => {
  const warned = (before: string, text = 'Still there?', more: Partial<FlowSettings> = {}) =>
    broken({ idleCloseCustomerOwes: 'PT10M', idleWarningBefore: before, idleWarningText: text, ...more });

  it('is shorter than both idle times', () => {
    expect(warned('PT1M')).toEqual([]);
    expect(warned('PT9M59S')).toEqual([]);
    expect(warned('PT59S')).toEqual(['flow.idle_warning_before']);
    expect(warned('PT10M')).toEqual(['flow.idle_warning_before']);
    expect(warned('PT5M', 'Still there?', { idleCloseOperatorOwes: 'PT5M' })).toEqual(['flow.idle_warning_before']);
  });

  it('has words when it has a time', () => {
    expect(warned('PT1M', '')).toEqual(['flow.idle_warning_text']);
    expect(warned('PT1M', ' \n')).toEqual(['flow.idle_warning_text']);
    expect(warned('PT1M', long(1_024))).toEqual([]);
    expect(warned('PT1M', long(1_025))).toEqual(['flow.idle_warning_text']);
    expect(warned('', '')).toEqual([]);
  });
});

describe('a text', () => {
  it.each<[string, (text: string) => Partial<FlowSettings>]>([
    ['flow.closing_text', (closingText) => ({ closingText })],
    ['flow.rating.question_text', (questionText) => ({ rating: { questionText, thanksText: '' } })],
    ['flow.rating.thanks_text', (thanksText) => ({ rating: { questionText: '?', thanksText } })],
    ['flow.business_hours.out_of_hours_text', (outOfHoursText) => ({ businessHours: hours({ outOfHoursText }) })],
    ['flow.profanity.warning_text', (warningText) => ({ profanity: profanity({ warningText }) })],
  ])('%s has at most 1,024 characters, is Unicode, and holds no placeholder but those there are', (field, at) => {
    expect(broken(at('Bye {customer}, yours {brand} 👋'))).toEqual([]);
    expect(broken(at('👋'.repeat(1_024)))).toEqual([]);
    expect(broken(at(long(1_025)))).toEqual([field]);
    expect(broken(at('half \ud83d'))).toEqual([field]);
    expect(broken(at('Bye {name}'))).toEqual([field]);
  });

  it('of spaces alone is none', () => {
    expect(read({ closingText: ' \n' })).toMatchObject({ flow: { closingText: '' }, violations: [] });
  });

  it('CH-11 of the question for a rating is needed', () => {
    expect(broken({ rating: { questionText: '', thanksText: '' } })).toEqual(['flow.rating.question_text']);
  });
});

it.each([
  [0, 5, []],
  [1, 1, []],
  [100, 100, []],
  [101, 101, ['flow.concurrent_limit']],
])('CH-3 a limit of %d chats an operator is %d', (concurrentLimit, limit, fields) => {
  expect(read({ concurrentLimit }).flow.concurrentLimit).toBe(limit);
  expect(broken({ concurrentLimit })).toEqual(fields);
});

describe('CH-14 business hours', () => {
  const weekly = (...intervals: [weekday: number, from: string, to: string][]) =>
    broken({ businessHours: hours({ weekly: intervals.map(([weekday, from, to]) => ({ weekday, from, to })) }) });
  const at = (place: string): string => `flow.business_hours.${place}`;

  it('are read into minutes of weekdays and dates', () => {
    const { hours: flowHours } = read({ businessHours: hours() }).flow;

    expect(flowHours?.weekly.get(1)).toEqual([{ from: 540, to: 1_080 }]);
    expect(flowHours?.holidays.get('2026-12-25')).toEqual([{ from: 600, to: 1_440 }]);
    expect(read({ businessHours: hours() }).flow.timeZone).toBe('Asia/Tokyo');
  });

  it.each(['Asia/Tokyo', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'UTC', 'Etc/GMT+5'])(
    'are in the zone %s',
    (timeZone) => {
      expect(broken({ businessHours: hours({ timeZone }) })).toEqual([]);
    },
  );

  it.each(['', 'Tokyo', '+09:00', 'Asia/Nowhere', 'Asia/Tokyo '])('are in no zone named %j', (timeZone) => {
    expect(broken({ businessHours: hours({ timeZone }) })).toEqual([at('time_zone')]);
  });

  it('may touch, and may not overlap on one day', () => {
    expect(weekly([1, '09:00', '12:00'], [1, '12:00', '18:00'], [2, '09:00', '12:00'])).toEqual([]);
    expect(weekly([1, '09:00', '12:00'], [2, '09:00', '12:00'], [1, '11:59', '18:00'])).toEqual([at('weekly[2]')]);
    expect(weekly([1, '09:00', '12:00'], [1, '09:00', '12:00'])).toEqual([at('weekly[1]')]);
    expect(weekly([1, '10:00', '11:00'], [1, '09:00', '12:00'])).toEqual([at('weekly[1]')]);
  });

  it('have times of the clock, the later one last', () => {
    expect(weekly([7, '00:00', '24:00'], [6, '23:59', '24:00'], [5, '00:00', '00:01'])).toEqual([]);
    expect(weekly([1, '24:00', '24:00'])).toEqual([at('weekly[0].from')]);
    expect(weekly([1, '9:00', '12:60'])).toEqual([at('weekly[0].from'), at('weekly[0].to')]);
    expect(weekly([1, '09:00', '09:00'])).toEqual([at('weekly[0].to')]);
    expect(weekly([1, '22:00', '06:00'])).toEqual([at('weekly[0].to')]);
    expect(weekly([0, '09:00', '10:00'])).toEqual([at('weekly[0].weekday')]);
    expect(weekly([8, '09:00', '10:00'])).toEqual([at('weekly[0].weekday')]);
  });

  it('are at most 50', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, n): [number, string, string] => [
        (n % 7) + 1,
        `${String(Math.floor(n / 7)).padStart(2, '0')}:00`,
        `${String(Math.floor(n / 7)).padStart(2, '0')}:30`,
      ]);

    expect(weekly(...many(50))).toEqual([]);
    expect(weekly(...many(51))).toEqual([at('weekly')]);
  });

  it('differ on days of the calendar, each once', () => {
    const holidays = (...dates: string[]) =>
      broken({ businessHours: hours({ holidays: dates.map((date) => ({ date, name: '', open: [] })) }) });

    expect(holidays('2026-12-25', '2028-02-29')).toEqual([]);
    expect(holidays('2026-02-29')).toEqual([at('holidays[0].date')]);
    expect(holidays('25.12.2026')).toEqual([at('holidays[0].date')]);
    expect(holidays('2026-12-25', '2026-12-26', '2026-12-25')).toEqual([at('holidays[2].date')]);
    const days = Array.from({ length: 401 }, (_, n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
    expect(holidays(...days.slice(1))).toEqual([]);
    expect(holidays(...days)).toEqual([at('holidays')]);
  });

  it('name what is wrong inside of a holiday', () => {
    const open = [
      { weekday: 0, from: '10:00', to: '12:00' },
      { weekday: 0, from: '11:00', to: '12:00' },
      { weekday: 0, from: '13:00', to: '12:00' },
    ];

    expect(broken({ businessHours: hours({ holidays: [{ date: '2026-12-25', name: long(201), open }] }) })).toEqual(
      ['name', 'open[1]', 'open[2].to'].map((place) => at(`holidays[0].${place}`)),
    );
  });
});

describe('CH-2 a rule', () => {
  const at = (place: string): string => `flow.routing_rules[0]${place}`;
  const inRule = (more: Partial<WrittenRule>): string[] => broken({ routingRules: [rule(more)] });
  const inCondition = (more: Partial<WrittenCondition>): string[] =>
    inRule({ conditions: [{ subject: 'tag', attribute: '', operator: 'is-one-of', values: ['vip'], ...more }] });
  const condition = at('.conditions[0]');

  it('is read as it stands', () => {
    expect(read({ routingRules: [rule()] }).flow.rules).toEqual([
      { ...rule(), offerTimeout: { months: 0, days: 0, seconds: 10 } },
    ]);
  });

  it.each<[string, Partial<WrittenRule>, string[]]>([
    ['no id', { ruleId: '' }, ['.rule_id']],
    ['an id too long', { ruleId: long(65) }, ['.rule_id']],
    ['an id of other characters', { ruleId: 'a_b' }, ['.rule_id']],
    ['no name', { name: ' ' }, ['.name']],
    ['a name too long', { name: long(201) }, ['.name']],
    ['no manner', { manner: '' }, ['.manner']],
    ['an offer too short', { offerTimeout: 'PT4S' }, ['.offer_timeout']],
    ['an offer too long', { offerTimeout: 'PT30M1S' }, ['.offer_timeout']],
    ['the shortest offer', { offerTimeout: 'PT5S' }, []],
    ['the longest offer', { offerTimeout: 'PT30M' }, []],
    ['no target', { target: target({ kind: '', operatorIds: [] }) }, ['.target.kind']],
    ['a target without operators', { target: target({ operatorIds: [] }) }, ['.target.operator_ids']],
    ['operators of everyone', { target: target({ kind: 'everyone' }) }, ['.target.operator_ids']],
    ['an operator who is none', { target: target({ operatorIds: ['olga', 'O!'] }) }, ['.target.operator_ids[1]']],
    ['an operator twice', { target: target({ operatorIds: ['olga', 'olga'] }) }, ['.target.operator_ids[1]']],
    ['too many operators', { target: target({ operatorIds: ids(101) }) }, ['.target.operator_ids']],
    ['many operators', { target: target({ operatorIds: ids(100) }) }, []],
    ['no department', { target: target({ departmentId: 'Sales' }) }, ['.target.department_id']],
    ['too many conditions', { conditions: conditions(21) }, ['.conditions']],
    ['many conditions', { conditions: conditions(20) }, []],
  ])('with %s', (_what, more, places) => {
    expect(inRule(more)).toEqual(places.map(at));
  });

  it('has an id of its own, and there are at most 100', () => {
    const rules = (count: number) => Array.from({ length: count }, (_, n) => rule({ ruleId: `r-${n}` }));

    expect(broken({ routingRules: [rule(), rule({ ruleId: 'other' }), rule()] })).toEqual([
      'flow.routing_rules[2].rule_id',
    ]);
    expect(broken({ routingRules: rules(100) })).toEqual([]);
    expect(broken({ routingRules: rules(101) })).toEqual(['flow.routing_rules']);
  });

  it.each<[string, Partial<WrittenCondition>, string[]]>([
    ['no subject', { subject: '' }, ['.subject']],
    ['no operator', { operator: '' }, ['.operator']],
    ['no attribute', { subject: 'attribute' }, ['.attribute']],
    ['an attribute there is not', { subject: 'attribute', attribute: 'age' }, ['.attribute']],
    ['an attribute of a tag', { attribute: 'phone' }, ['.attribute']],
    ['no values', { values: [] }, ['.values']],
    ['an empty value', { values: ['vip', ''] }, ['.values[1]']],
    ['a value too long', { values: [long(201)] }, ['.values[0]']],
    ['a long value', { values: [long(200)] }, []],
    ['too many values', { values: ids(201) }, ['.values']],
    ['many values', { values: ids(200) }, []],
    ['values of what has only to be there', { operator: 'exists' }, ['.values']],
    ['what has only to be there', { operator: 'exists', values: [] }, []],
    ['a part of a language', { subject: 'language', operator: 'contains', values: ['ja'] }, ['.operator']],
    ['a language with its region', { subject: 'language', values: ['pt-BR'] }, ['.values[0]']],
    ['a country of three letters', { subject: 'country', values: ['DE', 'DEU'] }, ['.values[1]']],
    ['hours that are there', { subject: 'business-hours', operator: 'exists', values: [] }, ['.operator']],
    ['hours that are neither', { subject: 'business-hours', values: ['open', 'ajar'] }, ['.values[1]']],
    ['a customer who is neither', { subject: 'customer', values: ['old'] }, ['.values[0]']],
    ['a department that is none', { subject: 'department', values: ['Sales'] }, ['.values[0]']],
    ['a number that is none', { subject: 'number', values: ['+341'] }, ['.values[0]']],
    ['a phone without digits', { subject: 'attribute', attribute: 'phone', values: ['+'] }, ['.values[0]']],
    ['half a character', { subject: 'text', values: ['\ud83d'] }, ['.values[0]']],
  ])('looks at %s', (_what, more, places) => {
    expect(inCondition(more)).toEqual(places.map((place) => condition + place));
  });
});

describe('PF-1 word lists', () => {
  const at = (place: string): string => `flow.profanity.${place}`;
  const words = (count: number): string[] => Array.from({ length: count }, (_, n) => `w${n}`);

  it.each<[string, Parameters<typeof profanity>[0], string[]]>([
    ['that are shipped', { languages: ['en', 'ja'] }, []],
    ['that are not shipped', { languages: ['en', 'xx'] }, ['languages[1]']],
    ['named twice', { languages: ['en', 'en'] }, ['languages[1]']],
    ['of as many as may be', { words: words(5_000), allowedWords: words(5_000) }, []],
    ['of too many', { words: words(5_001) }, ['words']],
    ['of too many that are allowed', { allowedWords: words(5_001) }, ['allowed_words']],
    ['with an empty word', { words: ['a', ' '] }, ['words[1]']],
    ['with a long word', { words: [long(100)] }, []],
    ['with a word too long', { allowedWords: [long(101)] }, ['allowed_words[0]']],
    ['without a limit', { limit: 0 }, ['limit']],
    ['with the lowest limit', { limit: 1 }, []],
    ['with the highest limit', { limit: 100 }, []],
    ['with a limit too high', { limit: 101 }, ['limit']],
    ['that block for two days', { blockFor: 'P2D' }, ['block_for']],
    ['that block for ever', { blockFor: 'forever' }, []],
  ])('%s', (_what, more, places) => {
    expect(broken({ profanity: profanity(more) })).toEqual(places.map(at));
  });

  it('say how long somebody is blocked', () => {
    const block = (blockFor: string) => read({ profanity: profanity({ blockFor }) }).flow.profanity?.blockFor;

    expect([block(''), block('forever'), block('P3D')]).toEqual([null, 'forever', { months: 0, days: 3, seconds: 0 }]);
  });
});

it('all that is wrong is told together', () => {
  const fields = broken({
    waitingTime: 'x',
    missedClose: 'P1Y',
    businessHours: hours({ timeZone: 'Mars' }),
    routingRules: [rule({ name: '', manner: '' })],
    profanity: profanity({ limit: 0 }),
  });

  expect(fields).toEqual([
    'flow.business_hours.time_zone',
    'flow.waiting_time',
    'flow.missed_close',
    'flow.routing_rules[0].name',
    'flow.routing_rules[0].manner',
    'flow.profanity.limit',
  ]);
});

it('every refusal names the rule and the remedy, and whatever is written still flows', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('', 'PT5M', 'P1D', 'P2M', 'PT30H', '{x}', long(2_000)));
  const any = fc.record({
    waitingTime: text,
    missedClose: text,
    idleCloseCustomerOwes: text,
    idleCloseOperatorOwes: text,
    idleWarningBefore: text,
    idleWarningText: text,
    closingText: text,
    concurrentLimit: fc.nat(),
    transferTimeout: text,
    awayAfter: text,
    businessHours: fc.record({
      timeZone: text,
      weekly: fc.array(fc.record({ weekday: fc.integer({ min: 0, max: 9 }), from: text, to: text })),
      holidays: fc.array(fc.record({ date: text, name: text, open: fc.constant([]) })),
      outOfHoursText: text,
    }),
    routingRules: fc.array(fc.record({ ruleId: text, name: text }).map((more) => rule(more))),
  });
  fc.assert(
    fc.property(any, (written) => {
      const { flow, violations } = read(written);

      for (const { field, description } of violations) {
        expect(field).toMatch(/^flow\.[a-z_]+/);
        expect(description).toMatch(/^must .+; .+/s);
      }
      expect(flow.idleClose.customerOwes.seconds).toBeGreaterThanOrEqual(0);
      expect(() => new Intl.DateTimeFormat('en', { timeZone: flow.timeZone })).not.toThrow();
    }),
  );
});

function hours(more: Partial<NonNullable<FlowSettings['businessHours']>> = {}) {
  return {
    timeZone: 'Asia/Tokyo',
    weekly: [{ weekday: 1, from: '09:00', to: '18:00' }],
    holidays: [{ date: '2026-12-25', name: 'Christmas', open: [{ weekday: 0, from: '10:00', to: '24:00' }] }],
    outOfHoursText: 'We are back at nine.',
    ...more,
  };
}

function profanity(more: Partial<NonNullable<FlowSettings['profanity']>> = {}) {
  return {
    languages: ['en'],
    words: [],
    allowedWords: [],
    limit: 3,
    warningText: '',
    completeAtLimit: true,
    blockFor: '',
    ...more,
  };
}

function target(more: Partial<WrittenRule['target']> = {}): WrittenRule['target'] {
  return { kind: 'operators', operatorIds: ['olga'], departmentId: 'care', ...more };
}

function rule(more: Partial<WrittenRule> = {}): WrittenRule {
  return {
    ruleId: 'vip',
    name: 'VIP',
    conditions: [{ subject: 'tag', attribute: '', operator: 'is-one-of', values: ['vip'] }],
    target: target(),
    manner: 'one-by-one',
    offerTimeout: 'PT10S',
    ...more,
  };
}

function ids(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `id-${n}`);
}

function conditions(count: number): WrittenCondition[] {
  return ids(count).map((id) => ({ subject: 'tag', attribute: '', operator: 'is-none-of', values: [id] }));
}

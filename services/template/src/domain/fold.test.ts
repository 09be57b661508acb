import { Failure } from '@switchboard/errors';
import { type Category, nothingSaid, type TemplateContent } from './content.js';
import { fold } from './fold.js';
import { type Create, type Input, type MetaTemplate, type Seen, type StatusTold } from './inputs.js';
import { mustBePaced, mustBeSubmittable } from './rules.js';
import { latestVersion, noTemplate, shownVersion, type Status, type Template, versionOf } from './template.js';

const T0 = Date.parse('2026-11-26T10:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (ms = 0): Date => new Date(T0 + ms);
const says = (text: string): TemplateContent => ({ ...nothingSaid, body: { text, examples: [] } });
const first = says('Your order is on its way.');
const second = says('Your order has come.');

const create: Create = {
  kind: 'create',
  at: at(),
  by: 'ada',
  organisationId: 'acme',
  wabaId: '215',
  name: 'order',
  language: 'en_US',
  category: 'utility',
  content: first,
};
const edit = (content: TemplateContent, more: object = {}): Input => ({
  kind: 'edit',
  at: at(HOUR),
  by: 'bob',
  expectedLatestVersion: 0,
  category: null,
  content,
  ...more,
});
const submitted = (version: number, more: object = {}): Input => ({
  kind: 'submitted',
  at: at(version),
  version,
  metaTemplateId: '168',
  status: 'pending',
  category: 'utility',
  ...more,
});
const told = (event: string, more: Partial<StatusTold> = {}): StatusTold => ({
  kind: 'status-told',
  at: at(2 * HOUR),
  toldAt: at(2 * HOUR),
  metaTemplateId: '168',
  event,
  reason: 'NONE',
  recommendation: '',
  title: '',
  category: null,
  ...more,
});
const seen = (more: Partial<MetaTemplate> = {}, about: Partial<Seen> = {}): Seen => ({
  kind: 'seen',
  at: at(4 * HOUR),
  readAt: at(3 * HOUR),
  organisationIds: ['acme'],
  wabaId: '215',
  template: {
    metaTemplateId: '168',
    name: 'order',
    language: 'en_US',
    category: 'utility',
    status: 'approved',
    reason: 'NONE',
    quality: 'green',
    content: first,
    ...more,
  },
  ...about,
});
const category = (to: Category, more: object = {}): Input => ({
  kind: 'category-told',
  at: at(5 * HOUR),
  toldAt: at(5 * HOUR),
  metaTemplateId: '168',
  category: to,
  ...more,
});
const after = (...inputs: readonly Input[]): Template => inputs.reduce(fold, noTemplate());
const approved = (...more: Input[]): Template => after(create, submitted(1), told('APPROVED'), ...more);

function outcome(template: Template, input: Input): string {
  try {
    return fold(template, input).status;
  } catch (error) {
    if (error instanceof Failure) return error.code.replace('template.', '! ');
    throw error;
  }
}

/** A template in each state, with its first version at Meta wherever that can be. */
const inState: Record<Status, Template> = {
  draft: after(create),
  pending: after(create, submitted(1)),
  approved: approved(),
  rejected: after(create, submitted(1), told('REJECTED', { reason: 'INVALID_FORMAT' })),
  paused: approved(told('PAUSED', { title: 'RATE_LIMITING_PAUSE' })),
  disabled: approved(told('DISABLED')),
  'in-appeal': approved(told('IN_APPEAL')),
  'pending-deletion': approved({ kind: 'deleted', at: at(2 * HOUR) }),
  deleted: after(create, submitted(1), { kind: 'deleted', at: at(2 * HOUR) }),
  'limit-exceeded': after(create, submitted(1), told('LIMIT_EXCEEDED')),
  archived: approved(told('ARCHIVED')),
  locked: approved(told('LOCKED')),
};

const events: Record<string, Input> = {
  create: { ...create, at: at(DAY) },
  edit: edit(second),
  delete: { kind: 'deleted', at: at(DAY) },
  unpause: { kind: 'unpaused', at: at(DAY) },
  ...Object.fromEntries(
    ['APPROVED', 'REJECTED', 'PENDING', 'PAUSED', 'DISABLED', 'FLAGGED', 'PENDING_DELETION', 'DELETED'].map((event) => [
      event,
      told(event, { toldAt: at(DAY), at: at(DAY) }),
    ]),
  ),
  quality: { kind: 'quality-told', at: at(DAY), toldAt: at(DAY), metaTemplateId: '168', quality: 'red' },
  category: category('marketing'),
  seen: seen(),
  gone: { kind: 'gone', at: at(DAY), readAt: at(DAY) },
};

// Rows are states, columns what happens; a cell is the state after it, or a refusal.
const table = `
                 | create       | edit           | delete           | unpause          | APPROVED         | REJECTED         | PENDING          | PAUSED           | DISABLED         | FLAGGED          | PENDING_DELETION | DELETED | quality          | category         | seen     | gone
draft            | ! exists     | draft          | deleted          | draft            | draft            | draft            | draft            | draft            | draft            | draft            | draft            | draft   | draft            | draft            | approved | draft
pending          | ! exists     | ! under-review | deleted          | pending          | approved         | rejected         | pending          | paused           | disabled         | pending          | pending-deletion | deleted | pending          | pending          | approved | deleted
approved         | ! exists     | approved       | pending-deletion | approved         | approved         | rejected         | pending          | paused           | disabled         | approved         | pending-deletion | deleted | approved         | approved         | approved | deleted
rejected         | ! exists     | rejected       | deleted          | rejected         | approved         | rejected         | pending          | paused           | disabled         | rejected         | pending-deletion | deleted | rejected         | rejected         | approved | deleted
paused           | ! exists     | paused         | pending-deletion | approved         | approved         | rejected         | pending          | paused           | disabled         | paused           | pending-deletion | deleted | paused           | paused           | approved | deleted
disabled         | ! exists     | ! not-editable | ! disabled       | disabled         | approved         | rejected         | pending          | paused           | disabled         | disabled         | pending-deletion | deleted | disabled         | disabled         | approved | deleted
in-appeal        | ! exists     | ! under-review | pending-deletion | in-appeal        | approved         | rejected         | pending          | paused           | disabled         | in-appeal        | pending-deletion | deleted | in-appeal        | in-appeal        | approved | deleted
pending-deletion | ! name-held  | ! not-found    | pending-deletion | ! not-found      | approved         | rejected         | pending          | paused           | disabled         | pending-deletion | pending-deletion | deleted | pending-deletion | pending-deletion | approved | pending-deletion
deleted          | draft        | ! not-found    | deleted          | ! not-found      | deleted          | deleted          | deleted          | deleted          | deleted          | deleted          | deleted          | deleted | deleted          | deleted          | approved | deleted
limit-exceeded   | ! exists     | ! not-editable | deleted          | limit-exceeded   | approved         | rejected         | pending          | paused           | disabled         | limit-exceeded   | pending-deletion | deleted | limit-exceeded   | limit-exceeded   | approved | deleted
archived         | ! exists     | ! not-editable | pending-deletion | archived         | approved         | rejected         | pending          | paused           | disabled         | archived         | pending-deletion | deleted | archived         | archived         | approved | deleted
locked           | ! exists     | ! not-editable | pending-deletion | locked           | approved         | rejected         | pending          | paused           | disabled         | locked           | pending-deletion | deleted | locked           | locked           | approved | deleted
`;
const [head = [], ...rows] = table
  .trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));
const columns = head.filter((cell) => cell !== '');
const cells = rows.flatMap(([state = '', ...expected]) =>
  columns.map((column, index) => [state as Status, column, expected[index] ?? ''] as const),
);

describe('TP-2 each state and all that can happen', () => {
  it('is looked at whole', () => {
    expect(new Set(cells.map(([state]) => state))).toEqual(new Set(Object.keys(inState)));
    expect(columns).toEqual(Object.keys(events));
    for (const [state, template] of Object.entries(inState)) expect(template.status).toBe(state);
  });

  it.each(cells)('%s, %s: %s', (state, column, expected) => {
    expect(outcome(inState[state], events[column]!)).toBe(expected);
  });

  it.each(Object.entries(events))('%s twice is once', (_, input) => {
    for (const template of Object.values(inState)) {
      if (input.kind === 'create' || outcome(template, input).startsWith('!')) continue;
      const once = fold(template, input);

      expect(fold(once, input)).toBe(once);
    }
  });
});

describe('TP-2 a rejection', () => {
  it('says why and what to do, and is over with the next approval', () => {
    const recommendation = 'Put text between the variables.';
    const rejected = after(create, submitted(1), told('REJECTED', { reason: 'INVALID_FORMAT', recommendation }));

    expect(rejected).toMatchObject({
      status: 'rejected',
      statusReason: 'INVALID_FORMAT',
      recommendation,
      sentVersion: 0,
    });
    expect(versionOf(rejected, 1)).toMatchObject({ status: 'rejected', statusReason: 'INVALID_FORMAT' });

    const better = [edit(second), submitted(2), told('APPROVED', { toldAt: at(3 * HOUR), at: at(3 * HOUR) })];
    expect(better.reduce(fold, rejected)).toMatchObject({
      status: 'approved',
      statusReason: '',
      recommendation: '',
      sentVersion: 2,
    });
  });
});

describe('TP-2 pauses', () => {
  it.each([
    ['FIRST_PAUSE', 3],
    ['SECOND_PAUSE', 6],
  ])('%s ends by itself after %d hours', (title, hours) => {
    const paused = approved(told('PAUSED', { title, toldAt: at(3 * HOUR) }));

    expect(paused).toMatchObject({ statusReason: title, pausedUntil: at((3 + hours) * HOUR), pacedAt: null });
    expect(fold(paused, told('APPROVED', { title: 'UNPAUSE', toldAt: at(8 * HOUR) }))).toMatchObject({
      status: 'approved',
      statusReason: '',
      pausedUntil: null,
    });
  });

  it('for pace are ended by us, five minutes after they began', () => {
    const paused = approved(told('PAUSED', { title: 'RATE_LIMITING_PAUSE' }));

    expect(() => {
      mustBePaced(paused, at(2 * HOUR + 299_999));
    }).toThrow(expect.objectContaining({ code: 'template.paced-just-now', retryAfterMs: 1 }));
    expect(() => {
      mustBePaced(paused, at(2 * HOUR + 300_000));
    }).not.toThrow();
    expect(() => {
      mustBePaced(approved(told('PAUSED', { title: 'FIRST_PAUSE' })), at(DAY));
    }).toThrow(expect.objectContaining({ code: 'template.not-paced' }));
    expect(() => {
      mustBePaced(approved(), at(DAY));
    }).toThrow(expect.objectContaining({ code: 'template.not-paced' }));
  });
});

describe('TP-2 webhooks', () => {
  it('that are older than what was told are passed over', () => {
    const template = approved(told('PAUSED', { toldAt: at(3 * HOUR) }));

    expect(fold(template, told('APPROVED', { toldAt: at(3 * HOUR - 1_000) }))).toBe(template);
    expect(fold(template, told('APPROVED', { toldAt: at(3 * HOUR) })).status).toBe('approved');
  });

  it('of one of the same name that went before are passed over', () => {
    const template = approved();

    for (const input of [told('DISABLED', { metaTemplateId: '167' }), category('marketing', { metaTemplateId: '167' })])
      expect(fold(template, input)).toBe(template);
  });

  it('warn without a change of state', () => {
    expect(approved(told('FLAGGED'))).toMatchObject({ status: 'approved', statusReason: 'FLAGGED' });
  });

  it('tell quality', () => {
    const told: Input = {
      kind: 'quality-told',
      at: at(DAY),
      toldAt: at(DAY),
      metaTemplateId: '168',
      quality: 'yellow',
    };

    expect(approved(told)).toMatchObject({ quality: 'yellow', status: 'approved' });
  });
});

describe('TP-3 versions', () => {
  it('the one that is sent stays while a newer one is written, reviewed and rejected', () => {
    const edited = approved(edit(second));
    const reviewed = fold(edited, submitted(2, { at: at(DAY) }));
    const refused = fold(reviewed, told('REJECTED', { toldAt: at(DAY), at: at(DAY) }));

    for (const template of [edited, reviewed, refused]) {
      expect(template).toMatchObject({ sentVersion: 1 });
      expect(latestVersion(template)).toBe(2);
      expect(shownVersion(template)?.content).toEqual(first);
    }
    expect([edited, reviewed, refused].map((each) => versionOf(each, 2)?.status)).toEqual([
      'draft',
      'pending',
      'rejected',
    ]);
  });

  it('is the newer one once it is approved', () => {
    const template = approved(edit(second), submitted(2), told('APPROVED', { toldAt: at(DAY), at: at(DAY) }));

    expect(template.sentVersion).toBe(2);
    expect(shownVersion(template)?.content).toEqual(second);
    expect(versionOf(template, 2)).toMatchObject({ createdBy: 'bob', createdAt: at(HOUR) });
  });

  it('are not written over somebody', () => {
    const template = approved(edit(second));

    expect(outcome(template, edit(says('Third.'), { expectedLatestVersion: 1 }))).toBe('! edited-meanwhile');
    expect(latestVersion(fold(template, edit(says('Third.'), { expectedLatestVersion: 2 })))).toBe(3);
  });

  it('the same written twice is one, whatever was expected', () => {
    const template = approved(edit(second, { expectedLatestVersion: 1 }));

    expect(fold(template, edit(second, { expectedLatestVersion: 1 }))).toBe(template);
  });

  it('keep to a hundred, with the one that is sent', () => {
    let template = approved();
    for (let n = 0; n < 150; n += 1) template = fold(template, edit(says(`Draft ${n}.`)));

    expect(latestVersion(template)).toBe(151);
    expect(template.versions).toHaveLength(101);
    expect(versionOf(template, 1)?.content).toEqual(first);
  });
});

describe('TP-1 Meta’s limits of editing', () => {
  const handedOver = (template: Template, version: number, ms: number): Template =>
    [
      edit(says(`Version ${version}.`)),
      submitted(version, { at: at(ms) }),
      told('APPROVED', { toldAt: at(ms), at: at(ms) }),
    ].reduce(fold, template);

  it('an approved one once in 24 hours', () => {
    const template = fold(handedOver(approved(), 2, DAY), edit(second));

    expect(() => {
      mustBeSubmittable(template, at(2 * DAY - 1));
    }).toThrow(expect.objectContaining({ kind: 'exhausted', code: 'template.edited-too-often', retryAfterMs: 1 }));
    expect(() => {
      mustBeSubmittable(template, at(2 * DAY));
    }).not.toThrow();
  });

  it('and ten times in 30 days', () => {
    let template = approved();
    for (let n = 1; n <= 10; n += 1) template = handedOver(template, n + 1, n * DAY);

    expect(() => {
      mustBeSubmittable(template, at(31 * DAY - 1));
    }).toThrow(expect.objectContaining({ code: 'template.edited-too-often' }));
    expect(() => {
      mustBeSubmittable(template, at(31 * DAY));
    }).not.toThrow();
  });

  it('rejected and paused ones as often as one likes', () => {
    const edits = { editedAt: [at(DAY)] };
    for (const state of ['rejected', 'paused'] as const)
      expect(() => {
        mustBeSubmittable({ ...inState[state], ...edits }, at(DAY + 1));
      }).not.toThrow();
  });

  it('the category of an approved one stays; that of a rejected one may change', () => {
    expect(outcome(approved(), edit(second, { category: 'marketing' }))).toBe('! category-fixed');
    expect(outcome(inState.paused, edit(second, { category: 'marketing' }))).toBe('! category-fixed');
    expect(outcome(approved(), edit(second, { category: 'utility' }))).toBe('approved');
    expect(fold(inState.rejected, edit(second, { category: 'marketing' })).versions.at(-1)?.category).toBe('marketing');
  });
});

describe('TP-1 a name', () => {
  it('of an approved one is free 30 days after it was deleted, and its versions count on', () => {
    const gone = approved({ kind: 'deleted', at: at(DAY) });

    expect(outcome(gone, { ...create, at: at(31 * DAY - 1) })).toBe('! name-held');
    expect(fold(gone, { ...create, at: at(31 * DAY) })).toMatchObject({
      status: 'draft',
      metaTemplateId: '',
      sentVersion: 0,
      nameHeldUntil: null,
      versions: [{ version: 1 }, { version: 2, status: 'draft' }],
    });
  });

  it('of one that never was approved is free at once', () => {
    expect(outcome(inState.deleted, { ...create, at: at(2 * HOUR) })).toBe('draft');
  });
});

describe('TP-4 the category', () => {
  it('is announced a day before, then changed, with what it was', () => {
    const from = at(DAY + 5 * HOUR);
    const announced: Input = {
      kind: 'category-announced',
      at: at(5 * HOUR),
      toldAt: at(5 * HOUR),
      metaTemplateId: '168',
      category: 'marketing',
      from,
    };
    const warned = approved(announced);

    expect(warned).toMatchObject({
      category: 'utility',
      warning: { category: 'marketing', at: from },
      categoryBefore: null,
    });
    expect(fold(warned, announced)).toBe(warned);
    expect(fold(warned, category('marketing'))).toMatchObject({
      category: 'marketing',
      categoryBefore: 'utility',
      warning: null,
    });
  });

  it('is also noticed when it is read, or told with a status', () => {
    const changed = { category: 'marketing', categoryBefore: 'utility' };

    expect(approved(seen({ category: 'marketing' }))).toMatchObject(changed);
    expect(approved(told('APPROVED', { category: 'marketing' }))).toMatchObject(changed);
  });

  it('is what Meta makes of it at creation', () => {
    expect(after(create, submitted(1, { category: 'marketing' }))).toMatchObject({
      category: 'marketing',
      categoryBefore: 'utility',
    });
  });

  it('that Meta has changed stays for the versions after it', () => {
    const template = approved(category('marketing'), edit(second));

    expect(template.versions.at(-1)).toMatchObject({ category: 'marketing' });
  });
});

describe('TP-2 what is read from Meta', () => {
  it('and not known here is kept', () => {
    const found = after(seen());

    expect(found).toMatchObject({
      organisationId: 'acme',
      wabaId: '215',
      name: 'order',
      metaTemplateId: '168',
      status: 'approved',
      quality: 'green',
      sentVersion: 1,
      versions: [{ version: 1, createdBy: 'meta', status: 'approved', content: first }],
    });
  });

  it('and says what a draft says that was handed over and not answered is that draft', () => {
    expect(fold(inState.draft, seen({ status: 'pending' }))).toMatchObject({
      metaTemplateId: '168',
      submittedVersion: 1,
      status: 'pending',
      versions: [{ version: 1 }],
    });
    expect(approved(edit(second), seen({ status: 'pending', content: second }))).toMatchObject({
      submittedVersion: 2,
      status: 'pending',
      sentVersion: 1,
    });
  });

  it('and says something else was written there: a version more', () => {
    const template = approved(seen({ content: second }));

    expect(template).toMatchObject({ sentVersion: 2, submittedVersion: 2 });
    expect(versionOf(template, 2)).toMatchObject({ createdBy: 'meta', content: second });
  });

  it('and is older than what was heard meanwhile is passed over', () => {
    const template = approved(told('PAUSED', { toldAt: at(3 * HOUR), at: at(3 * HOUR + 1) }));

    expect(fold(template, seen())).toBe(template);
    expect(fold(template, { kind: 'gone', at: at(4 * HOUR), readAt: at(3 * HOUR) })).toBe(template);
  });

  it('and is as it is here changes nothing, the second time and ever after', () => {
    const template = approved(seen());

    expect(fold(template, seen({}, { readAt: at(5 * HOUR), at: at(5 * HOUR) }))).toBe(template);
  });

  it('by another organisation goes with the account', () => {
    expect(approved(seen({}, { organisationIds: ['globex'] }))).toMatchObject({
      organisationId: 'globex',
      sentVersion: 1,
    });
  });

  it('anew after it was deleted and written again there, under another id', () => {
    const template = [seen({ metaTemplateId: '169', content: second, status: 'pending' })].reduce(
      fold,
      inState['pending-deletion'],
    );

    expect(template).toMatchObject({
      metaTemplateId: '169',
      status: 'pending',
      sentVersion: 0,
      submittedVersion: 2,
      nameHeldUntil: null,
    });
  });

  it('is gone when it was not among all; a draft stays', () => {
    const gone: Input = { kind: 'gone', at: at(DAY), readAt: at(DAY) };

    expect(approved(gone)).toMatchObject({ status: 'deleted', nameHeldUntil: at(31 * DAY) });
    expect(fold(inState.draft, gone)).toBe(inState.draft);
    expect(fold(inState['pending-deletion'], { ...gone, at: at(31 * DAY), readAt: at(31 * DAY) }).status).toBe(
      'deleted',
    );
  });
});

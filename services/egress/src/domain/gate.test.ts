import { type InteractiveContent } from './content/interactive.js';
import { type TemplateContent } from './content/template.js';
import { MAX_TEXT_LENGTH } from './content/text.js';
import { gate, later, type NumberView, type Question, type Snapshot } from './gate.js';
import { type TemplateView } from './template.js';

const wrote = new Date('2026-11-02T10:00:00Z');
const after = (hours: number, minutes = 0, seconds = 0): Date =>
  new Date(wrote.getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1_000);

const number: NumberView = { organisation: 'acme', version: 1, sending: 'allowed', waba: 'w' };
const open: Snapshot = {
  number,
  lastInboundAt: wrote,
  template: { kind: 'unchecked' },
  files: new Map(),
  customer: { isBlocked: false, hasStoppedMarketing: false },
  usMarketing: 'paused',
  now: after(1),
};
const saying = (words: string): Pick<Question, 'content'> => ({
  content: { kind: 'text', text: words, previewUrl: false },
});
const text: Question = {
  organisation: 'acme',
  recipient: { phone: '12025550188' },
  expiresAt: undefined,
  acceptedAs: undefined,
  ...saying('hello'),
};
const content: TemplateContent = { kind: 'template', name: 'order_ready', language: 'en', components: [] };
const template: TemplateView = {
  templateId: 't',
  revision: 1,
  waba: 'w',
  name: 'order_ready',
  language: 'en',
  category: 'utility',
  status: 'approved',
  statusReason: '',
  version: 3,
  changedAt: wrote,
  needs: { body: [], buttons: [] },
};
const known = (more: Partial<TemplateView> = {}): Partial<Snapshot> => ({
  template: { kind: 'found', template: { ...template, ...more } },
});
const marketing = known({ category: 'marketing' });
const authentication = known({ category: 'authentication' });
const list = (choices: number): Pick<Question, 'content'> => {
  const rows = Array.from({ length: choices }, (_, id) => ({ id: String(id), title: 'x', description: '' }));
  const action = { kind: 'list', button: 'Choose', sections: [{ title: '', rows }] } as const;
  const content: InteractiveContent = { kind: 'interactive', body: 'which?', footer: '', action };
  return { content };
};

type Cell = [what: string, snapshot: Partial<Snapshot>, question: Partial<Question>, code: string | undefined];

const cells: Record<string, Cell[]> = {
  number: [
    ['TX-1 nobody has told us of', { number: undefined }, {}, 'egress.number-not-connected'],
    ['TX-1 of another organisation', {}, { organisation: 'globex' }, 'egress.number-not-connected'],
    ['TX-1 of whoever asks', {}, { organisation: undefined }, undefined],
    ['TX-1 that is not connected', sending('not-connected'), {}, 'egress.number-not-connected'],
    ['TX-1 without a token', sending('no-token'), {}, 'egress.number-without-token'],
    ['TX-1 that Meta stopped', sending('stopped'), {}, 'egress.number-stopped'],
    ['TX-1 stopped, before a closed window', { ...sending('stopped'), now: after(30) }, {}, 'egress.number-stopped'],
    ['TX-6 stopped, for a template too', sending('stopped'), { content }, 'egress.number-stopped'],
  ],
  content: [
    ['TX-1 no text', {}, saying(''), 'egress.content-invalid'],
    ['TX-1 a text of spaces', {}, saying(' \n '), 'egress.content-invalid'],
    ['TX-1 one character', {}, saying('a'), undefined],
    ['TX-1 the longest text', {}, saying('a'.repeat(MAX_TEXT_LENGTH)), undefined],
    ['TX-1 a text that is one longer', {}, saying('a'.repeat(MAX_TEXT_LENGTH + 1)), 'egress.content-invalid'],
    [
      'TX-1 what only customers send',
      {},
      { content: { kind: 'unsupported', of: 'order' } },
      'egress.content-unsupported',
    ],
    ['TX-1 nothing', {}, { content: { kind: 'unsupported', of: '' } }, 'egress.content-unsupported'],
    ['TX-1 a list', {}, list(10), undefined],
    ['TX-1 a list without choices', {}, list(0), 'egress.content-invalid'],
    ['TX-1 a list that is too long', {}, list(11), 'egress.content-invalid'],
  ],
  window: [
    ['TX-1 a customer who never wrote', { lastInboundAt: undefined }, {}, 'egress.window-closed'],
    ['TX-1 23:59:59 after the last message', { now: after(23, 59, 59) }, {}, undefined],
    ['TX-1 24:00:00 after it', { now: after(24) }, {}, 'egress.window-closed'],
    ['TX-1 a webhook that came a day late', { now: after(25) }, {}, 'egress.window-closed'],
    ['TX-1 a message that Meta’s clock puts into our future', { now: after(-1) }, {}, undefined],
    ['TX-6 a list without a window', { lastInboundAt: undefined }, list(3), 'egress.window-closed'],
    ['TX-6 a template without a window', { lastInboundAt: undefined, ...known() }, { content }, undefined],
  ],
  template: [
    ['TX-6 while no template service tells of any', { lastInboundAt: undefined }, { content }, undefined],
    ['TX-6 approved', known(), { content }, undefined],
    ['TX-6 nobody has', { template: { kind: 'unknown', languages: [] } }, { content }, 'egress.template-unknown'],
    [
      'TX-6 in a language there is not',
      { template: { kind: 'unknown', languages: ['de', 'fr'] } },
      { content },
      'egress.template-language-unknown',
    ],
    ['TP-2 a first version under review', known({ status: 'pending', version: 0 }), { content }, notApproved()],
    ['TP-2 a draft', known({ status: 'draft', version: 0 }), { content }, notApproved()],
    ['TP-2 a rejected one', known({ status: 'rejected', version: 0 }), { content }, notApproved()],
    ['TP-2 one in appeal', known({ status: 'in-appeal', version: 0 }), { content }, notApproved()],
    ['TP-2 approved, with a newer version under review', known({ status: 'pending' }), { content }, undefined],
    ['TP-2 approved, with a newer version rejected', known({ status: 'rejected' }), { content }, undefined],
    ['TP-2 paused', known({ status: 'paused' }), { content }, 'egress.template-paused'],
    ['TP-2 disabled', known({ status: 'disabled' }), { content }, notApproved()],
    ['TP-2 deleted', known({ status: 'deleted' }), { content }, notApproved()],
    ['TP-2 on its way out', known({ status: 'pending-deletion' }), { content }, notApproved()],
    ['TP-2 archived', known({ status: 'archived' }), { content }, notApproved()],
    ['TP-2 locked', known({ status: 'locked' }), { content }, notApproved()],
    ['TP-2 beyond the limit', known({ status: 'limit-exceeded' }), { content }, notApproved()],
    ['TP-3 with a parameter missing', known({ needs: { body: ['1'], buttons: [] } }), { content }, parameters()],
  ],
  category: [
    ['TP-4 as it was accepted', known(), { content, acceptedAs: 'utility' }, undefined],
    ['TP-4 not known when it was accepted', known(), { content, acceptedAs: undefined }, undefined],
    ['TP-4 marketing now', marketing, { ...notUs(), content, acceptedAs: 'utility' }, categoryChanged()],
    ['TP-4 authentication that became utility', known(), { content, acceptedAs: 'authentication' }, categoryChanged()],
    ['TP-4 cheaper than it was accepted', known(), { content, acceptedAs: 'marketing' }, undefined],
  ],
  authentication: [
    ['TX-6 to a phone', authentication, { content }, undefined],
    ['TX-6 to a user id alone', authentication, { content, recipient: { userId: 'US.1' } }, 'egress.phone-needed'],
    [
      'TX-6 to a parent id',
      authentication,
      { content, recipient: { parentUserId: 'US.ENT.1' } },
      'egress.phone-needed',
    ],
    ['TX-6 to whom nobody has looked up yet', authentication, { content, recipient: {} }, undefined],
    ['TX-6 utility to a user id', known(), { content, recipient: { userId: 'US.1' } }, undefined],
  ],
  customer: [
    ['TX-1 blocked', { customer: { isBlocked: true, hasStoppedMarketing: false } }, {}, 'egress.customer-blocked'],
    [
      'TX-1 blocked, for a template too',
      { ...known(), customer: { isBlocked: true, hasStoppedMarketing: false } },
      { content },
      'egress.customer-blocked',
    ],
    ['TX-1 opted out, marketing', { ...marketing, ...optedOut() }, { ...notUs(), content }, 'egress.opted-out'],
    ['TX-1 opted out, utility', { ...known(), ...optedOut() }, { content }, undefined],
    ['TX-1 opted out, text in the window', optedOut(), {}, undefined],
  ],
  'US marketing': [
    ['TX-7 a number of New York', marketing, to('12125550123'), usPaused()],
    ['TX-7 a number of Toronto', marketing, to('14165550123'), undefined],
    ['TX-7 a number of Jamaica', marketing, to('18765550123'), undefined],
    ['TX-7 a number of the Dominican Republic', marketing, to('18095550123'), undefined],
    ['TX-7 a number of Puerto Rico', marketing, to('17875550123'), undefined],
    ['TX-7 a number of Germany', marketing, to('4915123456789'), undefined],
    ['TX-7 a user id of the US without a phone', marketing, { content, recipient: { userId: 'US.1' } }, usPaused()],
    ['TX-7 a user id of Canada without a phone', marketing, { content, recipient: { userId: 'CA.1' } }, undefined],
    ['TX-7 nobody in particular', marketing, { content, recipient: {} }, undefined],
    ['TX-7 a utility template', known(), to('12125550123'), undefined],
    ['TX-7 a text', {}, { recipient: { phone: '12125550123' } }, undefined],
    ['TX-7 when it is lifted', { ...marketing, usMarketing: 'allowed' }, to('12125550123'), undefined],
    [
      'TX-7 a second before it began',
      { ...marketing, now: new Date('2025-03-31T23:59:59Z') },
      to('12125550123'),
      undefined,
    ],
    [
      'TX-7 the second it began',
      { ...marketing, now: new Date('2025-04-01T00:00:00Z') },
      to('12125550123'),
      usPaused(),
    ],
  ],
  expiry: [
    ['TX-3 a second before', {}, { expiresAt: after(1, 0, 1) }, undefined],
    ['TX-3 at its time', {}, { expiresAt: after(1) }, 'egress.expired'],
    ['TX-3 before everything else', sending('stopped'), { expiresAt: after(1) }, 'egress.expired'],
  ],
};

describe.each(Object.entries(cells))('the gate on %s', (_cell, table) => {
  it.each(table)('%s', (_what, snapshot, question, code) => {
    const { refusal } = gate({ ...open, ...snapshot }, { ...text, ...question });

    expect(refusal?.code).toBe(code);
    if (refusal) expect([refusal.reason, refusal.remedy]).not.toContain('');
  });
});

describe('a refusal', () => {
  it('TX-1 says when the window closes, and what to do once it is closed', () => {
    expect(gate(open, text)).toEqual({ refusal: undefined, windowClosesAt: after(24) });
    expect(gate({ ...open, now: after(24) }, text).refusal?.remedy).toContain('template');
  });

  it('TX-1 says why Meta has stopped the number, and what to do, where that is known', () => {
    const stop = { code: 'meta.131031', reason: 'the account is locked', remedy: 'appeal in Business Support' };

    expect(gate({ ...open, number: { ...number, sending: 'stopped', stop } }, text).refusal).toEqual({
      code: 'egress.number-stopped',
      reason: 'Meta has stopped the number: the account is locked (meta.131031)',
      remedy: 'appeal in Business Support; then send again',
    });
    const without = { ...stop, remedy: '' };
    expect(gate({ ...open, number: { ...number, sending: 'stopped', stop: without } }, text).refusal?.remedy).toContain(
      "number's health",
    );
  });

  it('TP-2 says when a pause is over, and Meta’s reason', () => {
    const paused = known({ status: 'paused', statusReason: 'FIRST_PAUSE', pausedUntil: after(3) });

    expect(gate({ ...open, ...paused }, { ...text, content }).refusal).toMatchObject({
      opensAt: after(3),
      reason: expect.stringContaining('FIRST_PAUSE'),
      field: 'content.template.name',
    });
  });

  it('TX-6 names the languages there are', () => {
    const { refusal } = gate({ ...open, template: { kind: 'unknown', languages: ['de', 'fr'] } }, { ...text, content });

    expect(refusal).toMatchObject({ remedy: expect.stringContaining('de, fr'), field: 'content.template.language' });
  });
});

it('TX-1 the window is that of the later of what the request carries and what egress has seen', () => {
  expect(later(wrote, after(1))).toEqual(after(1));
  expect(later(after(1), wrote)).toEqual(after(1));
  expect(later(undefined, wrote)).toEqual(wrote);
  expect(later(undefined, undefined)).toBeUndefined();
});

function sending(state: NumberView['sending']): Partial<Snapshot> {
  return { number: { ...number, sending: state } };
}
function to(phone: string): Partial<Question> {
  return { content, recipient: { phone } };
}
function notUs(): Partial<Question> {
  return { recipient: { phone: '4915123456789' } };
}
function optedOut(): Partial<Snapshot> {
  return { customer: { isBlocked: false, hasStoppedMarketing: true } };
}
function notApproved(): string {
  return 'egress.template-not-approved';
}
function parameters(): string {
  return 'egress.template-parameters';
}
function categoryChanged(): string {
  return 'egress.template-category-changed';
}
function usPaused(): string {
  return 'egress.us-marketing-paused';
}

import { type CostQuestion, mayCost } from './may-cost.js';
import { type Payer } from './money/payer.js';

const text = { kind: 'text', text: 'hello', previewUrl: false } as const;
const template = { kind: 'template', name: 'x', language: 'en', components: [] } as const;
const reaction = { kind: 'reaction', messageId: 'wamid.1', emoji: '👍' } as const;

const asked = (about: Partial<CostQuestion>): CostQuestion => ({
  content: text,
  category: undefined,
  windowClosesAt: undefined,
  freeEntryUntil: undefined,
  ...about,
});

const payer: Payer = {
  organisation: 'acme',
  wallet: 'main',
  hasCredit: true,
  serviceChargedSince: new Date('2026-10-01T03:00:00Z'),
  utilityInWindowChargedSince: new Date('2026-10-01T03:00:00Z'),
  freeServiceMessages: 1_000,
  freeServiceLeft: 500,
  allowanceEndsAt: new Date('2026-12-01T03:00:00Z'),
};
const soon = (at: string): Date => new Date(Date.parse(at) + 60_000);

describe('where billing tells nothing', () => {
  it.each([
    ['TX-4 a template, before service messages cost', template, '2026-09-30T23:59:59Z', true],
    ['TX-4 a template, since', template, '2026-10-01T00:00:00Z', true],
    ['TX-4 a text, before service messages cost', text, '2026-09-30T23:59:59Z', false],
    ['TX-4 a text, since', text, '2026-10-01T00:00:00Z', true],
    ['TX-4 a text, in times of which nothing is known', text, '2025-06-30T00:00:00Z', true],
    ['BL-4 a reaction', reaction, '2026-11-26T00:00:00Z', false],
  ])('%s', (_what, content, at, costs) => {
    expect(mayCost(asked({ content }), new Date(at), undefined)).toBe(costs);
  });
});

describe('as billing tells it', () => {
  const before = '2026-10-01T02:59:59Z';
  const since = '2026-10-01T03:00:00Z';
  it.each<[string, Partial<CostQuestion>, string, Partial<Payer>, boolean]>([
    [
      'BL-4 utility inside the window, before midnight of the account’s zone',
      { content: template, category: 'utility', windowClosesAt: soon(before) },
      before,
      {},
      false,
    ],
    [
      'BL-4 utility inside the window, since',
      { content: template, category: 'utility', windowClosesAt: soon(since) },
      since,
      {},
      true,
    ],
    ['BL-4 utility outside the window, before', { content: template, category: 'utility' }, before, {}, true],
    [
      'BL-4 marketing inside the window',
      { content: template, category: 'marketing', windowClosesAt: soon(before) },
      before,
      {},
      true,
    ],
    ['BL-4 a text with most of the allowance left', {}, since, {}, false],
    ['BL-4 a text with little of it left', {}, since, { freeServiceLeft: 50 }, true],
    ['BL-4 a text with nothing of it left', {}, '2026-12-01T02:59:59Z', { freeServiceLeft: 0 }, true],
    [
      'BL-4 a text with nothing of it left, in the next month',
      {},
      '2026-12-01T03:00:00Z',
      { freeServiceLeft: 0 },
      false,
    ],
    ['BL-4 a text before it is charged at all', {}, before, { freeServiceLeft: 0 }, false],
    [
      'BL-4 marketing inside of a free entry',
      { content: template, category: 'marketing', freeEntryUntil: soon(since) },
      since,
      {},
      false,
    ],
    [
      'BL-4 marketing after a free entry',
      { content: template, category: 'marketing', freeEntryUntil: new Date(since) },
      since,
      {},
      true,
    ],
  ])('%s', (_what, about, at, more, costs) => {
    expect(mayCost(asked(about), new Date(at), { ...payer, ...more })).toBe(costs);
  });
});

import fc from 'fast-check';
import { reconcile } from './reconcile.js';
import { dayAfter, daysBetween } from '../prices/day.js';
import { type Counted, kindOf, type Point } from './sides.js';

const DAY = '2026-11-26';
const counted = (more: Partial<Counted> = {}): Counted => ({
  number: '1',
  country: 'US',
  category: 'marketing',
  type: 'regular',
  day: DAY,
  messages: 1_000,
  cost: 25_000_000n,
  ...more,
});
const point = (more: Partial<Point> = {}): Point => ({
  ...counted({ category: 'MARKETING', type: 'REGULAR' }),
  tier: '0:MAX',
  ...more,
});

describe('BL-10 what we charged against what Meta did', () => {
  it('is equal in whatever words both tell of it', () => {
    const ours = [counted(), counted({ category: 'authentication-international', messages: 1, cost: 5n })];
    const meta = [point(), point({ category: 'AUTHENTICATION_INTERNATIONAL', messages: 1, cost: 5n })];

    expect(reconcile(ours, meta, 'USD')).toMatchObject({ alarm: false, costPpm: 0, messagesPpm: 0 });
  });

  it('tells the difference of a row, and of it for each message', () => {
    const { rows, alarm } = reconcile([counted()], [point({ messages: 1_002, cost: 25_050_100n })], 'USD');

    expect(rows).toMatchObject([{ messagesDifference: 2, costDifference: 50_100n, perMessage: 50n, tiers: ['0:MAX'] }]);
    expect(alarm).toBe(true);
  });

  it.each<[string, Partial<Point>, boolean]>([
    ['one message of 1,000', { messages: 1_001, cost: 25_000_000n }, false],
    ['two of 1,000', { messages: 1_002, cost: 25_000_000n }, true],
    ['exactly 0.1 % of the cost', { cost: 24_975_000n }, false],
    ['a micro-dollar more', { cost: 24_974_999n }, true],
  ])('alarms above 0.1 % only: %s', (_what, more, alarm) => {
    expect(reconcile([counted()], [point(more)], 'USD').alarm).toBe(alarm);
  });

  it('lets no difference make up for another one', () => {
    const { costPpm, messagesPpm } = reconcile([counted()], [point({ country: 'CA' })], 'USD');

    expect([costPpm, messagesPpm]).toEqual([2_000_000, 2_000_000]);
  });

  it('compares free messages by volume, whatever category they are told as', () => {
    const ours = [counted({ type: 'free_entry_point', category: 'referral_conversion', cost: 0n })];
    const meta = [point({ type: 'FREE_ENTRY_POINT', category: 'MARKETING', cost: 0n, tier: '' })];

    expect(reconcile(ours, meta, 'USD')).toMatchObject({ alarm: false, rows: [{ category: '', tiers: [] }] });
    expect(reconcile(ours, [], 'USD').alarm).toBe(true);
  });

  it('compares messages alone where the account pays in another currency', () => {
    const of = (messages: number) => reconcile([counted()], [point({ messages, cost: 99n })], 'INR');

    expect(of(1_000)).toMatchObject({ alarm: false, costPpm: 0, meta: { cost: 0n } });
    expect(of(2_000)).toMatchObject({ alarm: true, costPpm: 0 });
  });

  it('is nothing when nothing was sent', () => {
    expect(reconcile([], [point({ messages: 0, cost: 0n })], 'USD')).toMatchObject({ rows: [], alarm: false });
  });
});

const kinds = fc.record({
  number: fc.constantFrom('1', '2'),
  country: fc.constantFrom('US', 'BR'),
  category: fc.constantFrom('marketing', 'utility', 'marketing_lite', 'service'),
  type: fc.constantFrom('regular', 'free_customer_service'),
  day: fc.constant(DAY),
  messages: fc.integer({ min: 1, max: 5_000 }),
  cost: fc.bigInt({ min: 0n, max: 10n ** 12n }),
});
const some = fc.array(kinds, { maxLength: 20 });
const asPoints = (all: readonly Counted[]): Point[] => all.map((each) => ({ ...each, tier: '' }));

describe('BL-10 properties', () => {
  it('the same on both sides, in any order and split in any way, is no difference', () => {
    fc.assert(
      fc.property(some, (ours) => {
        const { rows, costPpm, messagesPpm, alarm } = reconcile(ours, asPoints(ours).reverse(), 'USD');
        expect({ costPpm, messagesPpm, alarm }).toEqual({ costPpm: 0, messagesPpm: 0, alarm: false });
        expect(rows.every(({ perMessage }) => perMessage === 0n)).toBe(true);
      }),
    );
  });

  it('rows lose nothing: they add up to both sides', () => {
    fc.assert(
      fc.property(some, some, (ours, meta) => {
        const found = reconcile(ours, asPoints(meta), 'USD');
        const sum = (all: readonly { messages: number; cost: bigint }[]) => [
          all.reduce((so, { messages }) => so + messages, 0),
          all.reduce((so, { cost }) => so + cost, 0n),
        ];
        expect(sum([found.ours])).toEqual(sum(ours));
        expect(sum([found.meta])).toEqual(sum(meta));
        expect(found.rows.reduce((so, row) => so + row.costDifference, 0n)).toBe(found.meta.cost - found.ours.cost);
      }),
    );
  });

  it('exchanging the sides turns every difference round and keeps the share', () => {
    fc.assert(
      fc.property(some, some, (a, b) => {
        const [there, back] = [reconcile(a, asPoints(b), 'USD'), reconcile(b, asPoints(a), 'USD')];
        expect([back.costPpm, back.messagesPpm]).toEqual([there.costPpm, there.messagesPpm]);
        expect(back.rows.map((row) => row.perMessage)).toEqual(there.rows.map((row) => -row.perMessage));
      }),
    );
  });
});

it('BL-10 days are whole ones in UTC', () => {
  expect(daysBetween('2026-02-27', '2026-03-02')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
  expect([dayAfter('2026-12-31'), dayAfter('2026-03-01', -1)]).toEqual(['2027-01-01', '2026-02-28']);
  expect(daysBetween('2026-03-02', '2026-03-02')).toEqual([]);
  expect(kindOf(counted({ category: 'MARKETING_LITE' })).category).toBe('marketing');
});

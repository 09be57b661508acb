import { chargeOf, type Reported } from './reported.js';
import { createRates } from './rates.js';

const since = '2026-10-01';
const rates = createRates([
  { market: 'Brazil', category: 'marketing', since, amount: 62_500n },
  { market: 'Brazil', category: 'utility', since, amount: 6_800n },
  { market: 'Brazil', category: 'authentication', since, amount: 6_800n },
  { market: 'Brazil', category: 'service', since, amount: 6_800n },
]);
const about = { market: 'Brazil', day: '2026-11-26', held: 'utility', tier: undefined } as const;
const reported = (type: string, category: string, billable?: boolean): Reported => ({ type, category, billable });

describe('what Meta reports', () => {
  it.each<[string, Reported | undefined, object]>([
    [
      'regular marketing',
      reported('regular', 'marketing'),
      { kind: 'charged', category: 'marketing', amount: 62_500n },
    ],
    [
      'a message of the marketing API',
      reported('regular', 'marketing_lite'),
      { kind: 'charged', category: 'marketing' },
    ],
    ['a free service message', reported('free_customer_service', 'service'), { kind: 'free', category: 'service' }],
    ['a free entry', reported('free_entry_point', 'marketing'), { kind: 'free' }],
    [
      'service after the allowance',
      reported('regular', 'service'),
      { kind: 'charged', category: 'service', amount: 6_800n },
    ],
    [
      'authentication from abroad without a rate of its own',
      reported('regular', 'authentication-international'),
      { kind: 'charged', amount: 6_800n },
    ],
    ['billable without a type', reported('', 'utility', true), { kind: 'charged', category: 'utility' }],
    ['not billable without a type', reported('', 'utility', false), { kind: 'free' }],
    ['a category nobody knows', reported('regular', 'holographic'), { kind: 'charged', category: 'utility' }],
    ['a type nobody knows', reported('premium', 'utility'), { kind: 'charged', category: 'utility' }],
    ['nothing', undefined, { kind: 'as-held' }],
  ])('BL-4 %s decides', (_name, pricing, charge) => {
    expect(chargeOf(rates, pricing, about)).toMatchObject(charge);
  });

  it('BL-4 is charged as it was held where neither category nor rate is known', () => {
    expect(chargeOf(rates, reported('regular', 'marketing'), { ...about, market: 'Nowhere' })).toEqual({
      kind: 'as-held',
    });
  });
});

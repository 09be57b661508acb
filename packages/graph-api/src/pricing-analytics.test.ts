import { pricingAnalyticsCalls } from './pricing-analytics.js';

/** Meta's points of what it charged. */

const DAY = new Date('2026-11-26');
const NEXT = new Date('2026-11-27');

function answering(answer: Record<string, unknown>) {
  const asked: string[] = [];
  const calls = pricingAnalyticsCalls((path) => {
    asked.push(path);
    return Promise.resolve(answer);
  });
  return { asked, read: () => calls.getPricingAnalytics('215', 'T', DAY, NEXT) };
}
const withPoints = (...data_points: unknown[]) => answering({ currency: 'USD', pricing_analytics: { data: [{ data_points }] } }); // prettier-ignore

it('BL-10 asks for days and every dimension, and reads the points', async () => {
  const { asked, read } = withPoints({
    start: 1,
    end: 2,
    phone_number: '+1 555',
    country: 'US',
    tier: '0:MAX',
    pricing_type: 'REGULAR',
    pricing_category: 'MARKETING',
    volume: 2,
    cost: 0.05,
  });

  expect(await read()).toEqual({
    currency: 'USD',
    points: [
      {
        start: 1,
        phoneNumber: '1555',
        country: 'US',
        tier: '0:MAX',
        type: 'REGULAR',
        category: 'MARKETING',
        volume: 2,
        cost: 0.05,
      },
    ],
  });
  expect(decodeURIComponent(asked[0] ?? '')).toBe(
    '215?fields=currency,pricing_analytics.start(1795651200).end(1795737600).granularity(DAILY)' +
      '.dimensions(PHONE,COUNTRY,PRICING_CATEGORY,PRICING_TYPE,TIER).metric_types(COST,VOLUME)',
  );
});

it('BL-10 nothing charged is no points, and a free point costs nothing', async () => {
  expect((await answering({ currency: 'USD', pricing_analytics: { data: [] } }).read()).points).toEqual([]);
  expect((await withPoints({ start: 1, volume: 2 }).read()).points).toMatchObject([{ volume: 2, cost: 0 }]);
});

it.each([
  ['no field', answering({ id: '215' })],
  ['a point without start', withPoints({ volume: 1, cost: 1 })],
  ['a point without volume', withPoints({ start: 1, cost: 1 })],
  ['a cost in words', withPoints({ start: 1, volume: 1, cost: 'much' })],
])('BL-10 never takes half an answer for a whole one: %s', async (_what, { read }) => {
  await expect(read()).rejects.toMatchObject({ kind: 'unavailable', code: 'meta.answer-incomplete' });
});

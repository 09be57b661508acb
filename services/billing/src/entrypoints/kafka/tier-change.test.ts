import { AccountChange, ChangeReceived } from '@switchboard/contracts/ingress/v1/events';
import { readTier } from './tier-change.js';

const info = {
  tier_update_time: 1_795_176_300,
  pricing_category: 'UTILITY',
  tier: '25000001:50000000',
  effective_month: '2026-11',
  region: 'India',
};
function read(
  more: { volumeTier?: string; pricingCategory?: string; effectiveMonth?: string; raw?: object | string } = {},
) {
  const { raw = { event: 'VOLUME_BASED_PRICING_TIER_UPDATE', volume_tier_info: info }, ...rest } = more;
  const value = {
    ...{ volumeTier: info.tier, pricingCategory: info.pricing_category, region: info.region },
    ...{ effectiveMonth: info.effective_month, ...rest },
  };
  const change = {
    ...ChangeReceived.decode(new Uint8Array()),
    wabaId: '215589313241560',
    occurredAt: new Date('2026-11-26T20:00:00Z'),
    raw: Buffer.from(typeof raw === 'string' ? raw : JSON.stringify(raw)),
  };
  return readTier(change, { ...AccountChange.decode(new Uint8Array()), ...value });
}

it('BL-10 reads account, market, category, month, the first message of the tier and its own time', () => {
  expect(read()).toEqual({
    waba: '215589313241560',
    market: 'India',
    category: 'utility',
    month: '2026-11',
    lower: 25_000_001,
    since: new Date(1_795_176_300_000),
  });
  expect(read({ pricingCategory: 'AUTHENTICATION_INTERNATIONAL', volumeTier: '0:750000' })).toMatchObject({
    category: 'authentication_international',
    lower: 1,
  });
  expect(read({ volumeTier: '50000001:MAX' })).toMatchObject({ lower: 50_000_001 });
});

it('BL-10 takes the time of the change where the tier has none', () => {
  for (const raw of ['{', 'null', { volume_tier_info: {} }])
    expect(read({ raw })).toMatchObject({ since: new Date('2026-11-26T20:00:00Z') });
});

it.each([
  ['category', { pricingCategory: 'MARKETING' }],
  ['tier', { volumeTier: 'many' }],
  ['month', { effectiveMonth: 'November' }],
])('BL-10 says which %s it cannot read', (what, more) => {
  expect(read(more)).toContain(what);
});

import { countryOf } from '../countries.js';
import type { Engine } from '../engine.js';
import { noSuchObject } from '../errors.js';
import type { Json } from '../json.js';
import { tierOf } from '../allowances.js';
import type { BusinessNumber } from '../world.js';
import { type Node, pick } from './fields.js';
import { pageOf } from './paging.js';
import { fieldsIn, isPricingAnalytics, readPricingAnalytics } from './pricing-analytics.js';

/** Everything a number tells of itself, by field. */
const allFields = (engine: Engine, number: BusinessNumber): Json => ({
  id: number.phone_number_id,
  verified_name: number.verified_name,
  code_verification_status: 'VERIFIED',
  display_phone_number: number.display_phone_number,
  quality_rating: 'GREEN',
  country_code: countryOf(number.display_phone_number.replace(/[^0-9]/g, '')),
  platform_type: 'CLOUD_API',
  throughput: { level: engine.throughput.levelOf(number.phone_number_id) },
  account_mode: 'LIVE',
  name_status: 'APPROVED',
  new_name_status: 'NONE',
  status: 'CONNECTED',
  is_official_business_account: false,
  is_pin_enabled: true,
  is_on_biz_app: engine.throughput.levelOf(number.phone_number_id) === 'NOT_APPLICABLE',
  last_onboarded_time: '2026-01-01T00:00:00+0000',
  whatsapp_business_manager_messaging_limit: tierOf(engine.limits.of(engine.portfolioId).messaging_limit),
  health_status: {
    can_send_message: 'AVAILABLE',
    entities: [
      { entity_type: 'PHONE_NUMBER', id: number.phone_number_id, can_send_message: 'AVAILABLE' },
      { entity_type: 'WABA', id: number.waba_id, can_send_message: 'AVAILABLE' },
      { entity_type: 'BUSINESS', id: engine.portfolioId, can_send_message: 'AVAILABLE' },
    ],
  },
  webhook_configuration: {
    phone_number: engine.addresses.override(number.phone_number_id)?.callback.url,
    whatsapp_business_account: engine.addresses.override(number.waba_id)?.callback.url,
    application: engine.addresses.app()?.callback.url,
  },
});

// prettier-ignore
const node: Node = {
  type: 'WhatsAppBusinessPhoneNumber',
  usual: [
    'verified_name', 'code_verification_status', 'display_phone_number', 'quality_rating', 'platform_type',
    'throughput', 'webhook_configuration',
  ],
  empty: new Set([
    'quality_score', 'new_display_name', 'certificate', 'new_certificate', 'conversational_automation', 'username',
    'eligibility_for_api_business_global_search', 'is_preverified_number', 'search_visibility', 'country_dial_code',
  ]),
};

/** `GET /{phone-number-id}?fields=`. */
export const readNumber = (engine: Engine, number: BusinessNumber, fields: string | undefined): Json =>
  pick(allFields(engine, number), fields, node);

/** `GET /{waba-id}?fields=`: what it is, and what it was charged. */
export function readAccount(engine: Engine, id: string, fields = ''): Json {
  if (numbersOf(engine, id).length === 0) throw noSuchObject('GET', id);
  const about = { id, name: `Account ${id.slice(-4)}`, currency: 'USD', timezone_id: '1' };
  const analytics = fieldsIn(fields).find(isPricingAnalytics);
  return {
    ...about,
    account_review_status: 'APPROVED',
    ...(analytics !== undefined && { pricing_analytics: readPricingAnalytics(engine, id, analytics) }),
  };
}

/** `GET /{waba-id}/phone_numbers`, page by page. */
export function listNumbers(engine: Engine, wabaId: string, url: URL): Json {
  const numbers = numbersOf(engine, wabaId);
  if (numbers.length === 0) throw noSuchObject('GET', wabaId);
  return pageOf(numbers, url, {
    most: 100,
    keyOf: (number) => numbers.indexOf(number),
    toJson: (number) => pick(allFields(engine, number), url.searchParams.get('fields') ?? undefined, node),
  });
}

const numbersOf = (engine: Engine, wabaId: string) =>
  [...engine.world.numbers.values()].filter((number) => number.waba_id === wabaId);

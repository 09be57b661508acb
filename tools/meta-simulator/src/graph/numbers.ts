import { countryOf } from '../countries.js';
import type { Engine } from '../engine.js';
import { noSuchObject, Refused } from '../errors.js';
import type { Json } from '../json.js';
import type { BusinessNumber } from '../world.js';

/** Everything a number tells of itself, by field. */
const allFields = (engine: Engine, number: BusinessNumber): Json => ({
  id: number.phone_number_id,
  verified_name: number.verified_name,
  code_verification_status: 'VERIFIED',
  display_phone_number: number.display_phone_number,
  quality_rating: 'GREEN',
  country_code: countryOf(number.display_phone_number.replace(/[^0-9]/g, '')),
  platform_type: 'CLOUD_API',
  throughput: { level: 'STANDARD' },
  account_mode: 'LIVE',
  name_status: 'APPROVED',
  new_name_status: 'NONE',
  status: 'CONNECTED',
  is_official_business_account: false,
  is_pin_enabled: true,
  is_on_biz_app: false,
  last_onboarded_time: '2026-01-01T00:00:00+0000',
  whatsapp_business_manager_messaging_limit: 'TIER_UNLIMITED',
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
const usualFields = [
  'verified_name', 'code_verification_status', 'display_phone_number', 'quality_rating', 'platform_type', 'throughput',
  'webhook_configuration',
];

/** Fields that exist and have no value here; Meta leaves those out of its answers. */
// prettier-ignore
const emptyFields = new Set([
  'quality_score', 'new_display_name', 'certificate', 'new_certificate', 'conversational_automation', 'username',
  'eligibility_for_api_business_global_search', 'is_preverified_number', 'search_visibility', 'country_dial_code',
]);

/** The chosen fields; sub-fields in braces are not told apart. @throws Refused 100 for a field that does not exist. */
function pick(all: Json, fields: string | undefined): Json {
  const names = fields ? topLevel(fields).split(',').map((name) => name.trim()) : usualFields; // prettier-ignore
  const unknown = names.find((name) => !(name in all) && !emptyFields.has(name));
  if (unknown !== undefined) {
    throw new Refused(100, {
      message: `(#100) Tried accessing nonexisting field (${unknown}) on node type (WhatsAppBusinessPhoneNumber)`,
    });
  }
  const chosen = names.filter((name) => name !== 'id' && name in all);
  return Object.fromEntries([...chosen, 'id'].map((name) => [name, all[name]]));
}

function topLevel(fields: string): string {
  const without = fields.replace(/\{[^{}]*\}/g, '');
  return without === fields ? fields : topLevel(without);
}

/** `GET /{phone-number-id}?fields=`. */
export function readNumber(engine: Engine, id: string, fields: string | undefined): Json {
  const number = engine.world.number(id);
  if (number) return pick(allFields(engine, number), fields);
  if (numbersOf(engine, id).length === 0) throw noSuchObject('GET', id);
  return { id, name: `Account ${id.slice(-4)}`, currency: 'USD', timezone_id: '1', account_review_status: 'APPROVED' };
}

/** `GET /{waba-id}/phone_numbers`, page by page. */
export function listNumbers(engine: Engine, wabaId: string, url: URL): Json {
  const query: Record<string, string | undefined> = Object.fromEntries(url.searchParams);
  const numbers = numbersOf(engine, wabaId);
  if (numbers.length === 0) throw noSuchObject('GET', wabaId);
  const limit = Math.min(Math.max(1, Number(query['limit'] ?? 25) || 25), 100);
  const from = positionOf(query['after']) + 1 || Math.max(0, positionOf(query['before']) - limit);
  const page = numbers.slice(from, from + limit);
  const after = cursorOf(from + page.length - 1);
  const next = new URL(url);
  next.searchParams.set('after', after);
  return {
    data: page.map((number) => pick(allFields(engine, number), query['fields'])),
    paging: {
      cursors: { before: cursorOf(from), after },
      ...(from + limit < numbers.length && { next: next.href }),
    },
  };
}

const numbersOf = (engine: Engine, wabaId: string) =>
  [...engine.world.numbers.values()].filter((number) => number.waba_id === wabaId);

const cursorOf = (position: number) => Buffer.from(`at ${position}`).toString('base64url');

/** -1 without a cursor. @throws Refused 131059 for one we did not give. */
function positionOf(cursor: string | undefined): number {
  if (cursor === undefined) return -1;
  const position = /^at (\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (position === undefined) throw new Refused(131059, { details: 'The cursor is not valid.' });
  return Number(position);
}

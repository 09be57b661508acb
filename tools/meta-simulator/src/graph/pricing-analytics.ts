import { type Charge, pricingCategories, pricingTypes } from '../charges.js';
import type { Engine } from '../engine.js';
import { Refused } from '../errors.js';
import { type Json, present } from '../json.js';

const granularities = ['HALF_HOUR', 'DAILY', 'MONTHLY'] as const;
const dimensions = ['PHONE', 'COUNTRY', 'PRICING_TYPE', 'PRICING_CATEGORY', 'TIER'] as const;
const metrics = ['VOLUME', 'COST'] as const;
type Granularity = (typeof granularities)[number];
type Dimension = (typeof dimensions)[number];

const HALF_HOUR_S = 1_800;
const DAY_S = 86_400;
const LOOK_BACK_S = 366 * DAY_S;
/** Prices are not staged here. */
const ONLY_TIER = '0:MAX';

/** The parts of `fields=` that commas outside of brackets separate. */
export const fieldsIn = (fields: string): string[] =>
  [...fields.matchAll(/(?:[^,([]|\([^)]*\)|\[[^\]]*\])+/g)].map(([field]) => field.trim());

export const isPricingAnalytics = (field: string): boolean => /^pricing_analytics(\.|$)/.test(field);

/** `pricing_analytics.start(..).end(..).granularity(..)…` of a WABA. @throws Refused 100 as Meta's edge does */
export function readPricingAnalytics(engine: Engine, wabaId: string, field: string): Json {
  const asked = askedIn(field, Math.floor(engine.clock.now() / 1000));
  const groups = new Map<string, { about: Json; volume: number; cost: number }>();
  for (const charge of engine.charges.all()) {
    const number = engine.world.number(charge.phone_number_id);
    const at = charge.at / 1000;
    if (number?.waba_id !== wabaId || at < asked.start || at >= asked.end) continue;
    const phone = number.display_phone_number.replace(/[^0-9]/g, '');
    if (!asked.wants({ ...charge, phone })) continue;
    const about = present({
      ...periodOf(asked.granularity, at),
      phone_number: asked.by.has('PHONE') ? phone : undefined,
      country: asked.by.has('COUNTRY') ? charge.country : undefined,
      tier: asked.by.has('TIER') ? ONLY_TIER : undefined,
      pricing_type: asked.by.has('PRICING_TYPE') ? charge.type : undefined,
      pricing_category: asked.by.has('PRICING_CATEGORY') ? charge.category : undefined,
    });
    const key = JSON.stringify(about);
    const group = groups.get(key) ?? { about, volume: 0, cost: 0 };
    groups.set(key, { about, volume: group.volume + 1, cost: group.cost + engine.charges.cost(charge) });
  }
  const data_points = [...groups.values()].map(({ about, volume, cost }) => ({
    ...about,
    ...(asked.tells.has('VOLUME') && { volume }),
    ...(asked.tells.has('COST') && { cost: Number(cost.toFixed(6)) }),
  }));
  return { data: data_points.length === 0 ? [] : [{ data_points }] };
}

function askedIn(field: string, now: number) {
  const given = new Map([...field.matchAll(/\.(\w+)\(([^)]*)\)/g)].map(([, name = '', value = '']) => [name, value]));
  if (field !== ['pricing_analytics', ...[...given].map(([name, value]) => `${name}(${value})`)].join('.'))
    throw refused(`Syntax error "Expected end of string" at: ${field}`);
  const unknown = [...given.keys()].find((name) => !parameters.includes(name));
  if (unknown !== undefined) throw refused(`Unknown parameter ${unknown} for field pricing_analytics`);
  const list = (name: string) =>
    (given.get(name) ?? '')
      .split(',')
      .map((value) => value.replace(/[[\]"'\s]/g, ''))
      .filter((value) => value !== '');
  const [start, end] = [time('start', given.get('start')), time('end', given.get('end'))];
  if (start >= end) throw refused('Param start must be before end');
  if (start < now - LOOK_BACK_S) throw refused('Param start must be within the last year');
  const metric = oneOf('metric_types', list('metric_types'), metrics);
  const filters = {
    phone: list('phone_numbers').map((value) => value.replace(/^\+/, '')),
    country: list('country_codes'),
    type: oneOf('pricing_types', list('pricing_types'), pricingTypes),
    category: oneOf('pricing_categories', list('pricing_categories'), pricingCategories),
  };
  return {
    start,
    end,
    granularity: oneOf('granularity', [given.get('granularity') ?? ''], granularities)[0] ?? 'DAILY',
    by: new Set<Dimension>(oneOf('dimensions', list('dimensions'), dimensions)),
    tells: new Set(metric.length === 0 ? metrics : metric),
    wants: (charge: Charge & { phone: string }) =>
      (['phone', 'country', 'type', 'category'] as const).every(
        (name) => filters[name].length === 0 || (filters[name] as readonly string[]).includes(charge[name]),
      ),
  };
}

const parameters = [
  'start',
  'end',
  'granularity',
  'dimensions',
  'metric_types',
  'phone_numbers',
  'country_codes',
  'pricing_types',
  'pricing_categories',
];

function time(name: string, value: string | undefined): number {
  if (value === undefined) throw refused(`The parameter ${name} is required`);
  if (!/^\d{1,11}$/.test(value)) throw refused(`Param ${name} must be a number`);
  return Number(value);
}

function oneOf<T extends string>(name: string, values: readonly string[], known: readonly T[]): T[] {
  return values.map((value) => {
    const found = known.find((each) => each === value);
    if (found === undefined) throw refused(`Param ${name} must be one of {${known.join(', ')}} - got "${value}".`);
    return found;
  });
}

/** Periods begin in UTC. */
function periodOf(granularity: Granularity, at: number): { start: number; end: number } {
  if (granularity === 'MONTHLY') {
    const day = new Date(at * 1000);
    const [start, end] = [0, 1].map((more) => Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + more) / 1000);
    return { start: start ?? 0, end: end ?? 0 };
  }
  const length = granularity === 'DAILY' ? DAY_S : HALF_HOUR_S;
  const start = Math.floor(at / length) * length;
  return { start, end: start + length };
}

const refused = (what: string): Refused => new Refused(100, { message: `(#100) ${what}` });

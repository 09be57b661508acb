import { ANA, PHONE, stopAll, WABA, world } from './support/world.js';

/** What Meta says it charged, in the shape of `pricing_analytics`. */

afterEach(stopAll);

const NOW = Date.UTC(2026, 10, 23, 12) / 1000;
const DAY = 86_400;
const midnight = NOW - DAY / 2;
const ALL = 'PHONE,COUNTRY,PRICING_CATEGORY,PRICING_TYPE,TIER';

type World = Awaited<ReturnType<typeof world>>;
const ask = ({ call }: World, rest: string, start = midnight, end = midnight + DAY) =>
  call(
    'GET',
    `/v25.0/${WABA}?fields=${encodeURIComponent(`currency,pricing_analytics.start(${start}).end(${end})${rest}`)}`,
  );
const points = async (of: World, rest: string): Promise<Record<string, unknown>[]> => {
  const { body } = await ask(of, rest);
  const { data } = body['pricing_analytics'] as { data: { data_points: Record<string, unknown>[] }[] };
  return data.flatMap(({ data_points }) => data_points);
};
const template = { type: 'template', to: ANA, template: { name: 'receipt', language: { code: 'en' } } };
const instantly = {
  sent_delay_ms: [0, 0],
  delivered_delay_ms: [0, 0],
  read_delay_ms: [0, 0],
} as const;

it('counts a delivered message once, with its price, also where its webhook was dropped', async () => {
  const simulation = await world({ faults: { ...instantly, drop_statuses: 1, delivered: 1, read: 1 } as never });
  await simulation.send(template);
  expect(await points(simulation, `.granularity(DAILY).dimensions(${ALL})`)).toEqual([]);

  await simulation.clock.advance(60_000);

  expect(await points(simulation, `.granularity(DAILY).dimensions(${ALL})`)).toEqual([
    {
      start: midnight,
      end: midnight + DAY,
      phone_number: '15550140077',
      country: 'US',
      tier: '0:MAX',
      pricing_type: 'REGULAR',
      pricing_category: 'UTILITY',
      volume: 1,
      cost: 0.0034,
    },
  ]);
});

it('counts nothing of what was never delivered', async () => {
  const simulation = await world({ faults: { delivered: 0, read: 0 } });
  await simulation.send(template);
  await simulation.clock.advance(DAY * 1000);

  expect(simulation.control.charges().charges).toEqual([]);
});

it.each([
  ['HALF_HOUR', NOW, NOW + 1_800],
  ['DAILY', midnight, midnight + DAY],
  ['MONTHLY', Date.UTC(2026, 10) / 1000, Date.UTC(2026, 11) / 1000],
])('adds up by %s, in UTC', async (granularity, start, end) => {
  const simulation = await world();
  simulation.control.addCharges({ count: 2, at: NOW * 1000 });

  expect(await points(simulation, `.granularity(${granularity})`)).toEqual([{ start, end, volume: 2, cost: 0.05 }]);
});

it('tells only what is asked for: dimensions, metrics and filters', async () => {
  const simulation = await world();
  simulation.control.addCharges({ country: 'BR', count: 3 });
  simulation.control.addCharges({ country: 'US', type: 'FREE_ENTRY_POINT' });

  const of = (rest: string) => points(simulation, `.granularity(DAILY)${rest}`);
  expect(await of('.dimensions(["COUNTRY"]).metric_types(["VOLUME"])')).toMatchObject([
    { country: 'BR', volume: 3 },
    { country: 'US', volume: 1 },
  ]);
  expect((await of('.metric_types(VOLUME)'))[0]).not.toHaveProperty('cost');
  expect(await of('.country_codes(["US"])')).toMatchObject([{ volume: 1, cost: 0 }]);
  expect(await of('.phone_numbers(["19999999999"])')).toEqual([]);
});

it('can be made to think otherwise, and to cost otherwise', async () => {
  const simulation = await world();
  const [charge] = simulation.control.addCharges({ phone_number_id: PHONE }).charges;

  simulation.control.changeCharge(charge?.id ?? '', { category: 'UTILITY' });
  simulation.control.setRates({ rates: [{ category: 'UTILITY', usd: 1 }, { category: 'UTILITY', country: 'US', usd: 2 }] }); // prettier-ignore

  expect(await points(simulation, '.granularity(DAILY).dimensions(PRICING_CATEGORY)')).toMatchObject([
    { pricing_category: 'UTILITY', volume: 1, cost: 2 },
  ]);
  expect(() => simulation.control.changeCharge('nobody', {})).toThrow('nothing was charged for nobody');
});

it.each([
  ['', 'granularity'],
  ['.granularity(DAY)', 'HALF_HOUR, DAILY, MONTHLY'],
  ['.granularity(DAILY).dimensions(CITY)', 'PRICING_CATEGORY'],
  ['.granularity(DAILY).metric_types(WEIGHT)', 'VOLUME, COST'],
  ['.granularity(DAILY).pricing_types(DEAR)', 'REGULAR'],
  ['.granularity(DAILY).colour(red)', 'colour'],
  ['.granularity(DAILY', 'Syntax'],
])('refuses %s with code 100', async (rest, said) => {
  const { status, body } = await ask(await world(), rest);

  expect([status, body.error.code]).toEqual([400, 100]);
  expect(body.error.message).toContain(said);
});

it('looks back one year, and forward from start to end', async () => {
  const simulation = await world();

  expect((await ask(simulation, '.granularity(DAILY)', NOW - 367 * DAY)).status).toBe(400);
  expect((await ask(simulation, '.granularity(DAILY)', NOW, NOW)).status).toBe(400);
});

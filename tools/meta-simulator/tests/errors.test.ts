import { ANA, stopAll, world } from './support/world.js';

afterEach(stopAll);

/** The HTTP status of every code that a send can be answered with. */
const statuses: Readonly<Record<number, readonly number[]>> = {
  400: [
    1, 4, 33, 100, 80007, 130429, 130472, 131008, 131009, 131021, 131026, 131030, 131037, 131042, 131044, 131047, 131048,
    131049, 131050, 131051, 131052, 131053, 131055, 131056, 131059, 131062, 131063, 131064, 132000, 132005, 132007,
    132008, 132012, 132015, 132016, 132018, 132068, 132069, 133005, 133006, 133008, 133009, 133010, 133015, 133016,
    134011, 134100, 134101, 135000, 137000,
  ],
  401: [0, 190],
  403: [10, 200, 299, 368, 130497, 131005, 131031],
  404: [132001],
  500: [3, 131000, 131016, 131045, 131057, 133000, 134102],
  503: [2, 133004],
}; // prettier-ignore

it.each(Object.entries(statuses))(
  'TX-5 the codes of HTTP %s are answered on demand, once each',
  async (http, codes) => {
    const { control, text } = await world({ limits: { window: 'off', pair: false, throughput: false } });

    for (const code of codes) {
      control.orderFailure({ code, to: ANA });
      const refused = await text('hi');
      expect([refused.status, refused.body.error.code]).toEqual([Number(http), code]);
      expect(refused.body.error.message).not.toMatch(/Error$/);
    }
    expect((await text('hi')).status).toBe(200);
    expect(control.counters().accepted).toBe(1);
  },
);

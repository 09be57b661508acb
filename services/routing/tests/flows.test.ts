import { defaultFlow } from '../src/domain/flow/settings.js';
import { defaultSettings } from '../src/domain/flow/written.js';
import { createFlows, MAX_AGE_MS } from '../src/use-cases/settings/flows.js';
import { type BrandFlows } from '../src/use-cases/settings/ports.js';
import { memoryBrandFlows } from './support/settings-twins.js';
import { at } from './support/threads.js';

/** The flows of brands as the hot path has them: one small read a second, whatever it asks. */

function world() {
  const twin = memoryBrandFlows();
  const asked: string[][] = [];
  let waiting: Promise<void> = Promise.resolve();
  let ms = 0;
  const store: BrandFlows = {
    ...twin,
    async newerThan(known) {
      asked.push(known.map(({ brandId }) => brandId).sort());
      await waiting;
      return twin.newerThan(known);
    },
  };
  const flows = createFlows({ store, monotonic: () => ms, observe: { read: () => undefined } });
  return {
    flows,
    asked,
    pass: (by: number) => (ms += by),
    hold: (until: Promise<void>): void => {
      waiting = until;
    },
    set: (brandId: string, version: number, waitingTime: string) =>
      twin.save({
        brandId,
        version,
        settings: { ...defaultSettings, waitingTime },
        changedAt: at(0),
        changedBy: 'olga',
      }),
  };
}

it('are the defaults for a brand that has set nothing', async () => {
  const { flows } = world();

  expect(await flows.current(['acme'])).toEqual(new Map([['acme', defaultFlow('acme')]]));
});

it('CH-9 are the newest from a second on, and read once in it', async () => {
  const { flows, asked, pass, set } = world();
  await flows.current(['acme']);
  await set('acme', 1, 'PT90S');

  pass(MAX_AGE_MS);
  expect((await flows.current(['acme'])).get('acme')?.version).toBe(0);
  expect(asked).toHaveLength(1);

  pass(1);
  for (let n = 0; n < 100; n += 1) {
    expect((await flows.current(['acme'])).get('acme')).toMatchObject({ version: 1, waiting: { seconds: 90 } });
  }
  expect(asked).toHaveLength(2);
});

it('are looked after together, those that are in use', async () => {
  const { flows, asked, pass } = world();
  await flows.current(['a', 'b']);
  await flows.current(['b', 'c']);

  pass(MAX_AGE_MS + 1);
  await flows.current(['a']);
  await flows.current(['b']);
  await flows.current(['c']);
  pass(10 * MAX_AGE_MS);
  await flows.current(['a']);
  pass(MAX_AGE_MS + 1);
  await flows.current(['a']);

  expect(asked).toEqual([['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c'], ['a', 'b', 'c'], ['a']]);
});

it('are read once for all who ask at once', async () => {
  const { flows, asked, hold } = world();
  let go = (): void => undefined;
  hold(new Promise((resolve) => (go = resolve)));

  const all = ['a', 'a', 'a'].map((brandId) => flows.current([brandId]));
  go();
  await Promise.all(all);

  expect(asked).toEqual([['a']]);
});

it('are not told while the store is away, and again when it is back', async () => {
  const { flows, hold, set } = world();
  await set('acme', 1, 'PT1S');
  hold(Promise.reject(new Error('away')));

  await expect(flows.current(['acme'])).rejects.toThrow('away');
  hold(Promise.resolve());

  expect((await flows.current(['acme'])).get('acme')?.version).toBe(1);
});

it('CH-9 are at least of a version that was asked for, whatever is kept', async () => {
  const { flows, asked, set } = world();
  await flows.current(['acme']);
  await set('acme', 1, 'PT1S');
  await set('acme', 2, 'PT2S');

  expect(await flows.atLeast('acme', 1)).toMatchObject({ version: 2, waiting: { seconds: 2 } });
  expect((await flows.current(['acme'])).get('acme')?.version).toBe(2);
  expect(await flows.atLeast('acme', 2)).toMatchObject({ version: 2 });
  expect(asked).toHaveLength(2);
});

it('of a version that nobody made are refused', async () => {
  const { flows, set } = world();
  await set('acme', 1, 'PT1S');

  await expect(flows.atLeast('acme', 2)).rejects.toMatchObject({ kind: 'invalid', code: 'routing.no-such-settings' });
  await expect(flows.atLeast('other', 1)).rejects.toMatchObject({ kind: 'invalid' });
  expect(await flows.atLeast('other', 0)).toEqual(defaultFlow('other'));
});

it('come to everybody who asks for other brands at the same time', async () => {
  const { flows, asked, pass, set } = world();
  const brandIds = ['a', 'b', 'c', 'd'];
  for (const brandId of brandIds) await set(brandId, 1, 'PT1S');

  for (let round = 0; round < 3; round += 1) {
    const found = await Promise.all(brandIds.map((brandId) => flows.current([brandId])));
    expect(found.map((each) => [...each.values()].map(({ version }) => version))).toEqual([[1], [1], [1], [1]]);
    pass(MAX_AGE_MS + 1);
  }

  // Each for itself at first, and together from then on.
  expect(asked.length).toBeLessThanOrEqual(6);
});

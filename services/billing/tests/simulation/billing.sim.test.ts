import { runHistory } from './history.js';
import { mutations } from './world.js';

/** Duplicates, reorderings, kills, lost answers and processes that go on too long, in an order that a seed decides. */

const SEEDS = 1_000;

describe('a wallet in random histories', () => {
  it(`BL-3 BL-8 BL-9 charges each delivered attempt once, and the proof holds, in ${SEEDS} seeds`, async () => {
    const wrong: Record<number, readonly string[]> = {};
    let stale = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const history = await runHistory(seed);
      stale += history.stale;
      if (history.wrong.length > 0) wrong[seed] = history.wrong;
    }

    expect(wrong).toEqual({});
    expect(stale).toBeGreaterThan(SEEDS / 10);
  }, 240_000);

  it('is the same when the seed is the same', async () => {
    expect(await runHistory(7)).toEqual(await runHistory(7));
  });
});

describe('without one of the guards', () => {
  it.each(mutations)(
    'BL-8 something goes wrong and is noticed: %s',
    async (without) => {
      let found: readonly string[] = [];
      for (let seed = 1; seed <= 200 && found.length === 0; seed += 1) found = (await runHistory(seed, without)).wrong;

      expect(found).not.toEqual([]);
    },
    120_000,
  );
});

import { schedules } from './directed.ts';
import { runHistory } from './history.ts';
import { caught, mutations } from './mutations.ts';

const SEEDS = 300;

describe('random histories of pods, zombies, crashes, lost answers, failovers and clients that give up', () => {
  it(`keep every invariant, at each step and at rest, in ${SEEDS} seeds`, async () => {
    const wrong = [];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const history = await runHistory(seed);
      if (history.violations.length > 0) wrong.push(history);
    }

    expect(wrong).toEqual([]);
  }, 120_000);

  it('are the same when the seed is the same', async () => {
    expect(await runHistory(7)).toEqual(await runHistory(7));
  });
});

describe('directed schedules', () => {
  it.each(Object.entries(schedules))('keep every invariant: %s', async (_name, schedule) => {
    expect(await schedule(new Set())).toEqual([]);
  });
});

describe('without a rule of the mechanism', () => {
  it.each(mutations)('something goes wrong and is noticed: %s', async (mutation) => {
    const by = caught[mutation];
    const without = new Set([mutation]);

    const violations =
      'seed' in by ? (await runHistory(by.seed, without)).violations : await schedules[by.schedule](without);

    expect(violations).not.toEqual([]);
  });
});

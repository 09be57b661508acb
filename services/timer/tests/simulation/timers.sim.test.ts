import { createWorld, type Mutation, type World, type WorldOptions } from './world.js';

/** Owners, zombies, lost answers, jumping clocks, in simulated time: no timer is lost, early, or obeyed twice. */

const SEEDS = 25;
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** Random histories; what is wrong at their end. */
async function runHistory(options: WorldOptions, seconds = 120): Promise<{ world: World; wrong: readonly string[] }> {
  const world = createWorld(options);
  const { stage, receiver } = world;
  for (let second = 0; second < seconds; second += 1) {
    for (let acts = stage.int(6); acts > 0; acts -= 1) receiver.act();
    if (stage.chance(0.04)) await world.kill();
    if (stage.chance(0.04)) world.stall();
    if (stage.chance(0.05)) world.rebalance();
    if (stage.chance(0.05)) world.jump([HOUR, -HOUR, 0, 7_000, -7_000][stage.int(5)] ?? 0);
    await stage.runUntil(stage.now() + 200 + stage.int(1_600));
  }
  return { world, wrong: await atRest(world) };
}

/** Timers that are moved, armed anew and cancelled all the time, about when they are due. */
async function runRaces(options: WorldOptions): Promise<{ world: World; wrong: readonly string[] }> {
  const world = createWorld({ timers: 30, longestMs: 10, loss: 0.02, ...options });
  for (let turn = 0; turn < 400; turn += 1) {
    world.receiver.act();
    await world.stage.runUntil(world.stage.now() + world.stage.int(120));
  }
  return { world, wrong: await atRest(world) };
}

/** Long after the last deadline: whatever was armed has fired. */
async function atRest({ stage, receiver, pods }: World): Promise<readonly string[]> {
  for (const pod of pods()) pod.skew = 0;
  await stage.runUntil(stage.now() + 200 * SECOND);
  return [...receiver.violations, ...receiver.missing(stage.now()).map((timer) => `${timer} is lost`)];
}

describe('timers in random histories', () => {
  it(`TM-2 fire, none early, none lost, none obeyed twice, in ${SEEDS} seeds`, async () => {
    const wrong: Record<number, readonly string[]> = {};
    let obeyed = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const history = await runHistory({ seed });
      obeyed += history.world.receiver.counts().obeyed;
      if (history.wrong.length > 0) wrong[seed] = history.wrong;
    }

    expect(wrong).toEqual({});
    expect(obeyed).toBeGreaterThan(SEEDS * 50);
  }, 240_000);

  it('are the same when the seed is the same', async () => {
    const counts = async () => (await runHistory({ seed: 5 }, 30)).world.receiver.counts();

    expect(await counts()).toEqual(await counts());
  });
});

describe('the owner of timers', () => {
  it('TM-2 is killed 50 times: none lost, none early, none obeyed twice', async () => {
    const world = createWorld({ seed: 50, timers: 200, longestMs: 20_000 });
    for (let kill = 0; kill < 50; kill += 1) {
      for (let acts = 0; acts < 40; acts += 1) world.receiver.act();
      await world.stage.runUntil(world.stage.now() + world.stage.int(3_000));
      await world.kill();
    }

    expect(await atRest(world)).toEqual([]);
    expect(world.receiver.counts().obeyed).toBeGreaterThan(500);
  }, 120_000);

  it.each([HOUR, -HOUR])('TM-2 has a wall clock that jumps by %i ms and back: none early, none lost', async (jump) => {
    const world = createWorld({ seed: 3, timers: 100, longestMs: 30_000, loss: 0 });
    for (let turn = 0; turn < 60; turn += 1) {
      for (let acts = 0; acts < 5; acts += 1) world.receiver.act();
      if (turn % 10 === 3) world.jump(jump);
      if (turn % 10 === 8) for (const pod of world.pods()) pod.skew = 0;
      await world.stage.runUntil(world.stage.now() + SECOND);
    }

    expect(await atRest(world)).toEqual([]);
  });

  it('TM-2 fires what a reset meets at its deadline once at most in effect', async () => {
    const { world, wrong } = await runRaces({ seed: 9 });

    expect(wrong).toEqual([]);
    expect(world.receiver.counts().obeyed).toBeGreaterThan(50);
  });
});

describe('without one of the guards', () => {
  const mutations: readonly Mutation[] = [
    'kept versions are not compared',
    'what changed meanwhile is taken away too',
    'taken away before it is published',
    'the wall clock is believed',
    'the receiver obeys every fire',
  ];

  it.each(mutations)(
    'something goes wrong and is noticed: %s',
    async (without) => {
      let found: readonly string[] = [];
      for (let seed = 1; seed <= 20 && found.length === 0; seed += 1) {
        const { wrong } = await runRaces({ seed, without });
        found = wrong.length > 0 ? wrong : (await runHistory({ seed, without }, 60)).wrong;
      }

      expect(found).not.toEqual([]);
    },
    120_000,
  );
});

import { createWorld, NUMBER, refusal, replyQueued, type World } from './support/world.js';

/** TX-1: whoever asks whether a message may go is told why those of the number wait, with Meta's reason and remedy. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type Process = ReturnType<World['start']>;

const LOCKED = {
  code: 'egress.number-stopped',
  reason: 'Meta takes no messages of the number at present, so they wait: details 131031 (meta.131031)',
  remedy: expect.stringMatching(/\w/) as string,
};

describe('TX-1 Check of a number whose messages Meta does not take', () => {
  it('says why they wait, in every process, until one is taken', async () => {
    const { world, process, accept } = await stopped();
    const other = world.start();

    expect(await check(world, other)).toMatchObject({ refusal: undefined, waits: LOCKED });
    expect(await check(world, process)).toMatchObject({ waits: LOCKED });

    world.meta = accept;
    await passes(world, 2 * MINUTE);
    expect(world.texts()).toEqual(['anna 1', 'anna 1']);
    expect((await check(world, other)).waits).toBeUndefined();
  });

  it('says so no more once one is taken by a successor', async () => {
    const { world, process, accept } = await stopped();
    world.meta = accept;
    await process.revoke();
    const successor = world.start();
    expect(await check(world, successor)).toMatchObject({ waits: LOCKED });

    successor.own();
    await passes(world, SECOND);

    expect(world.texts()).toEqual(['anna 1', 'anna 1']);
    expect((await check(world, successor)).waits).toBeUndefined();
  });

  it('says so no more once the number has changed, or when nobody has tried for half an hour', async () => {
    const { world, process } = await stopped();
    const number = { organisation: 'acme', sending: 'allowed', waba: 'w' } as const;
    await process.revoke();

    world.numbers.set(NUMBER, { ...number, version: 2 });
    expect((await check(world, process)).waits).toBeUndefined();
    world.numbers.set(NUMBER, { ...number, version: 1 });
    await world.clock.advance(29 * MINUTE);
    expect(await check(world, process)).toMatchObject({ waits: LOCKED });
    await world.clock.advance(2 * MINUTE);
    expect((await check(world, process)).waits).toBeUndefined();
  });

  it('says nothing of it where the message may not go anyway', async () => {
    const { world, process } = await stopped();

    const verdict = await check(world, process, 'never');

    expect(verdict.refusal?.code).toBe('egress.window-closed');
    expect(verdict.waits).toBeUndefined();
  });
});

/** Meta has refused a message as the account is locked. */
async function stopped() {
  const world = createWorld();
  const process = world.start();
  process.own();
  await world.settled();
  const accept = world.meta;
  world.meta = () => Promise.resolve(refusal(131_031));
  await process.hearThreads(replyQueued(world.clock.now(), 1));
  await world.settled();
  return { world, process, accept };
}

const check = (world: World, process: Process, wrote: 'now' | 'never' = 'now') =>
  process.engine.checkMessage({
    organisation: 'acme',
    number: NUMBER,
    customer: '',
    lastInboundAt: wrote === 'now' ? world.clock.now() : undefined,
    recipient: {},
    content: { kind: 'text', text: 'hello', previewUrl: false },
  });

async function passes(world: World, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= SECOND) {
    await world.clock.advance(Math.min(SECOND, left));
    await world.settled();
  }
}

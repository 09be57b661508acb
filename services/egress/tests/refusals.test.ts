import { Failure } from '@switchboard/errors';
import { MessageState } from '@switchboard/contracts/egress/v1/events';
import { type MetaCall } from '../src/use-cases/ports.js';
import { createWorld, messageId, refusal, replyQueued, type World, textOf } from './support/world.js';

/** TX-5: what follows when Meta does not take a message, from the queued reply to what is said of it. */

const M1 = messageId(1);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('TX-5 what Meta does not explain', () => {
  it.each([1, 131_000, 135_000])('is tried again in order, as another attempt: %i', async (code) => {
    const { world, process } = await oneProcess();
    refuses(world, code, { times: 2, of: 'anna 1' });

    const now = world.clock.now();
    await process.hearThreads(replyQueued(now, 1), replyQueued(now, 2), replyQueued(now, 1, 'bob'));
    await passes(world, 500);
    expect(world.texts()).toEqual(['anna 1', 'bob 1']);

    await passes(world, 5 * SECOND);
    expect(callbacks(world)).toEqual([
      `${M1}:1`,
      `${messageId(1, 'bob')}:1`,
      `${M1}:2`,
      `${M1}:3`,
      `${messageId(2)}:1`,
    ]);
    expect(world.message(M1)).toMatchObject({ state: 'sent', attempts: [{ number: 1 }, { number: 2 }, { number: 3 }] });
  });

  it('is tried four times, then the message has failed with the last error, and the next one goes', async () => {
    const { world, process } = await oneProcess();
    refuses(world, 131_000, { of: 'anna 1' });

    const now = world.clock.now();
    await process.hearThreads(replyQueued(now, 1), replyQueued(now, 2));
    await passes(world, HOUR);

    expect(world.texts()).toEqual(['anna 1', 'anna 1', 'anna 1', 'anna 1', 'anna 2']);
    expect(world.said().filter((event) => event.messageId === M1)).toMatchObject([
      { state: MessageState.MESSAGE_STATE_ACCEPTED },
      {
        state: MessageState.MESSAGE_STATE_FAILED,
        event: { $case: 'failed', value: { attempt: 4, error: { code: 131_000 }, remedy: 'send it again later' } },
      },
    ]);
  });

  it('keeps its wait and its count when another process takes over', async () => {
    const world = createWorld();
    const [first, second] = [world.start(), world.start()];
    refuses(world, 131_000);
    first.own();
    await first.hearThreads(replyQueued(world.clock.now(), 1), replyQueued(world.clock.now(), 2));
    await world.settled();
    for (const seconds of [1, 4]) await passes(world, seconds * SECOND);
    expect(world.calls).toHaveLength(3);
    await first.revoke();

    second.own();
    await passes(world, 10 * SECOND);
    expect(world.calls).toHaveLength(3);
    await passes(world, 10 * SECOND);

    expect(callbacks(world).slice(3)).toEqual([`${M1}:4`, `${messageId(2)}:1`, `${messageId(2)}:2`]);
    expect(world.message(M1).state).toBe('failed');
  });
});

describe('TX-5 a number that is too fast', () => {
  it.each([
    [130_429, SECOND],
    [131_057, 10 * SECOND],
    [4, MINUTE],
    [80_004, MINUTE],
    [80_007, MINUTE],
    [131_048, 5 * MINUTE],
    [2, SECOND],
    [133_004, SECOND],
  ])('code %i: waits as a whole for %i ms, then goes on by itself', async (code, waitMs) => {
    const { world, process } = await oneProcess();
    refuses(world, code, { times: 1 });

    const now = world.clock.now();
    await process.hearThreads(replyQueued(now, 1));
    await world.settled();
    await process.hearThreads(replyQueued(now, 2), replyQueued(now, 1, 'bob'));
    await passes(world, waitMs - 1);
    expect([world.texts(), world.held]).toEqual([['anna 1'], { slow: 1, stopped: 0 }]);

    await passes(world, 1);
    expect(world.texts().toSorted()).toEqual(['anna 1', 'anna 1', 'anna 2', 'bob 1']);
    expect(world.held).toEqual({ slow: 0, stopped: 0 });
  });

  it('tries with one message at a time, less and less often, until one goes', async () => {
    const { world, process } = await oneProcess();
    const now = world.clock.now();
    refuses(world, 130_429, { times: 6 });

    await process.hearThreads(replyQueued(now, 1), replyQueued(now, 1, 'bob'), replyQueued(now, 1, 'carl'));
    await world.settled();
    expect(world.calls).toHaveLength(3);
    await passes(world, 2 * SECOND);
    expect(world.calls).toHaveLength(4);
    await passes(world, 10 * SECOND);
    expect(world.calls).toHaveLength(6);
    await passes(world, 9 * SECOND);

    expect(world.texts().slice(6).toSorted()).toEqual(['anna 1', 'bob 1', 'carl 1']);
  });

  it('waits as long as Meta asks', async () => {
    const { world, process } = await oneProcess();
    const accept = world.meta;
    world.meta = () => Promise.resolve(refusal(130_429, { retryAfterMs: 20 * SECOND }));
    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await world.settled();
    world.meta = accept;

    await passes(world, 19_999);
    expect(world.calls).toHaveLength(1);
    await passes(world, 1);

    expect(world.message(M1).state).toBe('sent');
  });

  it('leaves other numbers alone', async () => {
    const { world, process } = await oneProcess();
    world.numbers.set('556', { organisation: 'acme', version: 1, sending: 'allowed', waba: 'w' });
    const accept = world.meta;
    world.meta = (call) => (call.number === '555' ? Promise.resolve(refusal(130_429)) : accept(call));
    const other = { ...replyQueued(world.clock.now(), 1, 'bob'), phoneNumberId: '556' };

    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await world.settled();
    await process.hearThreads(other);
    await world.settled();

    expect(world.calls.map(({ number }) => number)).toEqual(['555', '556']);
    expect(world.message(messageId(1, 'bob')).state).toBe('sent');
  });

  it('is refused for twelve hours: the message is refused then, with the reason', async () => {
    const { world, process } = await oneProcess();
    refuses(world, 131_048);

    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await passes(world, 11 * HOUR);
    expect(world.message(M1)).toMatchObject({ state: 'accepted', queue: 'waiting' });
    expect(world.message(M1).attempts.length).toBeLessThanOrEqual(20);
    await passes(world, 2 * HOUR);

    expect(world.message(M1)).toMatchObject({ state: 'refused', refusal: { code: 'egress.waited-too-long' } });
  });
});

describe('TX-5 a number that cannot send until somebody mends it', () => {
  const codes = [0, 3, 10, 200, 33, 190, 368, 131_005, 131_031, 131_042, 131_045, 133_006, 133_010];

  it.each(codes)('code %i: keeps what is accepted, and sends it when the number has changed', async (code) => {
    const { world, process } = await oneProcess();
    const accept = world.meta;
    refuses(world, code);
    const now = world.clock.now();
    await process.hearThreads(replyQueued(now, 1), replyQueued(now, 2), replyQueued(now, 1, 'bob'));
    await passes(world, 30 * SECOND);
    expect(world.calls).toHaveLength(2);
    expect(world.held).toEqual({ slow: 0, stopped: 1 });
    expect([1, 2].map((sequence) => world.message(messageId(sequence)).state)).toEqual(['accepted', 'accepted']);

    world.meta = accept;
    world.numbers.set('555', { organisation: 'acme', version: 2, sending: 'allowed', waba: 'w' });
    await passes(world, 5 * SECOND);

    expect(world.texts().slice(2).toSorted()).toEqual(['anna 1', 'anna 2', 'bob 1']);
    expect(world.texts().indexOf('anna 2')).toBeGreaterThan(world.texts().lastIndexOf('anna 1'));
    expect(world.held).toEqual({ slow: 0, stopped: 0 });
  });

  it('is tried now and then, since what is mended at Meta alone is not told', async () => {
    const { world, process } = await oneProcess();
    const accept = world.meta;
    refuses(world, 131_042);
    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await passes(world, HOUR + MINUTE);
    // After 1, 2, 4 and 8 minutes, then every 15.
    expect(world.calls).toHaveLength(8);

    world.meta = accept;
    await passes(world, 15 * MINUTE);

    expect(world.message(M1).state).toBe('sent');
  });

  it('is not held for good by one message that alone meets the refusal', async () => {
    const { world, process } = await oneProcess();
    refuses(world, 131_042, { of: 'anna 1' });
    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await world.settled();
    await process.hearThreads(replyQueued(world.clock.now(), 1, 'bob'), replyQueued(world.clock.now(), 1, 'carl'));

    await passes(world, MINUTE);

    expect(world.texts().slice(0, 2)).toEqual(['anna 1', 'bob 1']);
    await passes(world, 5 * MINUTE);
    expect(world.texts()).toContain('carl 1');
    expect(world.message(M1).state).toBe('accepted');
  });

  it('is given twelve hours: then what waits is refused with the reason, what is younger waits on', async () => {
    const { world, process } = await oneProcess();
    refuses(world, 190);
    await process.hearThreads(replyQueued(world.clock.now(), 1), replyQueued(world.clock.now(), 2));
    await passes(world, 6 * HOUR);
    await process.hearThreads(replyQueued(world.clock.now(), 1, 'bob'));

    await passes(world, 6 * HOUR + 10 * SECOND);

    for (const id of [M1, messageId(2)]) {
      expect(
        world
          .said()
          .filter((event) => event.messageId === id)
          .at(-1),
      ).toMatchObject({
        state: MessageState.MESSAGE_STATE_REFUSED,
        event: {
          $case: 'refused',
          value: {
            code: 'egress.waited-too-long',
            reason: 'it could not be sent for 12 hours: details 190 (meta.190)',
            remedy: expect.stringContaining('connect the WhatsApp account again'),
          },
        },
      });
    }
    expect(world.message(messageId(1, 'bob')).state).toBe('accepted');
  });

  it('is learnt anew by the process that takes over', async () => {
    const world = createWorld();
    const [first, second] = [world.start(), world.start()];
    const accept = world.meta;
    refuses(world, 190);
    first.own();
    await first.hearThreads(replyQueued(world.clock.now(), 1));
    await world.settled();
    await first.revoke();

    second.own();
    await passes(world, 30 * SECOND);
    expect(callbacks(world)).toEqual([`${M1}:1`, `${M1}:2`]);
    world.meta = accept;
    await passes(world, 2 * MINUTE);

    expect(callbacks(world).slice(2)).toEqual([`${M1}:3`]);
  });

  it('waits without a call while account has no token for it, and goes on when it has', async () => {
    const { world, process } = await oneProcess();
    world.tokenOf = () => Promise.reject(new Failure('not-found', 'account.no-token', 'it has no token'));
    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await world.settled();
    world.numbers.set('555', { organisation: 'acme', version: 2, sending: 'no-token', waba: 'w' });
    await passes(world, HOUR);
    expect([world.calls, world.message(M1).state]).toEqual([[], 'accepted']);

    world.tokenOf = () => Promise.resolve('token');
    world.numbers.set('555', { organisation: 'acme', version: 3, sending: 'allowed', waba: 'w' });
    await passes(world, 5 * SECOND);

    expect(world.message(M1)).toMatchObject({ state: 'sent', attempts: [{ number: 1 }] });
  });

  it('goes on by itself when account was only away', async () => {
    const { world, process } = await oneProcess();
    let asked = 0;
    world.tokenOf = () =>
      (asked += 1) < 4 ? Promise.reject(new Failure('unavailable', 'grpc.unavailable', 'away')) : Promise.resolve('t');

    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await passes(world, 10 * SECOND);

    expect([asked, world.message(M1).state]).toEqual([4, 'sent']);
  });
});

describe('TX-5 what is final', () => {
  it.each([100, 131_008, 131_026, 131_047, 131_049, 131_050, 132_001, 132_015, 424_242])(
    'code %i fails at once with code, sentence and remedy, and the next message goes',
    async (code) => {
      const { world, process } = await oneProcess();
      refuses(world, code, { of: 'anna 1' });

      await process.hearThreads(replyQueued(world.clock.now(), 1), replyQueued(world.clock.now(), 2));
      await passes(world, HOUR);

      expect(world.texts()).toEqual(['anna 1', 'anna 2']);
      expect(world.said().find(({ event }) => event?.$case === 'failed')).toMatchObject({
        messageId: M1,
        event: { value: { error: { code, details: `details ${code}` }, remedy: expect.stringMatching(/\w/) } },
      });
    },
  );
});

it('TX-4 a time-out while a number is held stays unknown and is not sent again', async () => {
  const { world, process } = await oneProcess();
  let calls = 0;
  world.meta = () => Promise.resolve((calls += 1) === 1 ? refusal(130_429) : { kind: 'unknown', reason: 'time-out' });

  await process.hearThreads(replyQueued(world.clock.now(), 1));
  await passes(world, HOUR);

  expect(callbacks(world)).toEqual([`${M1}:1`, `${M1}:2`]);
  expect(world.message(M1).state).toBe('unknown');
});

/** Meta refuses these calls, and takes the others. */
function refuses(world: World, code: number, { times = Infinity, of }: { times?: number; of?: string } = {}): void {
  const accept = world.meta;
  let left = times;
  const isMeant = (call: MetaCall): boolean => of === undefined || textOf(call) === of;
  world.meta = (call) => (isMeant(call) && (left -= 1) >= 0 ? Promise.resolve(refusal(code)) : accept(call));
}

const callbacks = (world: World): string[] => world.calls.map(({ callbackData }) => callbackData);

async function oneProcess() {
  const world = createWorld();
  const process = world.start();
  process.own();
  await world.settled();
  return { world, process };
}

async function passes(world: World, ms: number): Promise<void> {
  await world.clock.advance(ms);
  await world.settled();
}

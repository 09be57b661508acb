import { MessageState } from '@switchboard/contracts/egress/v1/events';
import { UNKNOWN_FOR_MS } from '../src/domain/unknown.js';
import { type CallResult } from '../src/use-cases/ports.js';
import { createWorld, messageId, replyQueued, type World, textOf } from './support/world.js';

/** What becomes of a message of which nobody knows whether Meta has it. */

const M1 = messageId(1);
const timeOut: CallResult = { kind: 'unknown', reason: 'time-out' };
/** Before service messages cost, and since. */
const free = new Date('2026-09-01T12:00:00Z');
const dear = new Date('2026-11-02T12:00:00Z');

describe('TX-4 ten minutes without a word of Meta', () => {
  it('a message that costs nothing is sent again', async () => {
    const { world, process } = await unknownSince(free);

    await world.clock.advance(UNKNOWN_FOR_MS);
    await process.hearTimers();
    await world.settled();

    expect(world.texts()).toEqual(['anna 1', 'anna 1']);
    expect(world.message(M1)).toMatchObject({ state: 'sent', attempts: [{ number: 1 }, { number: 2 }] });
    expect(world.message(M1).outOfOrder).toBeUndefined();
  });

  it('is sent again once, however often its timer fires, and a second time a person is asked', async () => {
    const { world, process } = await unknownSince(free);
    await world.clock.advance(UNKNOWN_FOR_MS);
    const due = world.dueTimers();
    world.meta = () => Promise.resolve(timeOut);

    await process.hearTimers(due);
    await process.hearTimers(due);
    await world.settled();
    expect(world.calls).toHaveLength(2);
    await world.clock.advance(UNKNOWN_FOR_MS);
    await process.hearTimers();
    await world.settled();

    expect(world.calls).toHaveLength(2);
    expect(world.message(M1)).toMatchObject({ state: 'unknown', needsDecision: true });
  });

  it('is marked out of order when another one of its customer went meanwhile', async () => {
    const { world, process } = await unknownSince(free);
    await process.hearThreads(replyQueued(world.clock.now(), 2));
    await world.clock.advance(31_000);
    await world.settled();
    expect(world.texts()).toEqual(['anna 1', 'anna 2']);

    await world.clock.advance(UNKNOWN_FOR_MS);
    await process.hearTimers();
    await world.settled();

    expect(world.texts()).toEqual(['anna 1', 'anna 2', 'anna 1']);
    expect(world.message(M1)).toMatchObject({ state: 'sent', outOfOrder: true });
  });

  it('of one that may have cost a person is asked, and it is not sent', async () => {
    const { world, process } = await unknownSince(dear);

    await world.clock.advance(UNKNOWN_FOR_MS);
    await process.hearTimers();
    await world.settled();

    expect(world.calls).toHaveLength(1);
    expect(world.message(M1)).toMatchObject({ state: 'unknown', needsDecision: true });
    expect(world.said().at(-1)).toMatchObject({
      state: MessageState.MESSAGE_STATE_UNKNOWN,
      event: { $case: 'unknown', value: { reason: expect.stringContaining('decide') } },
    });
  });

  it('a status that came in time leaves nothing to decide', async () => {
    const { world, process } = await unknownSince(free);
    await process.hearStatuses({ messageId: 'wamid.x', status: 'sent', bizOpaqueCallbackData: `${M1}:1` });

    await world.clock.advance(UNKNOWN_FOR_MS);
    await process.hearTimers();
    await world.settled();

    expect(world.calls).toHaveLength(1);
    expect(world.message(M1).state).toBe('sent');
  });

  it('a status that comes while a person is asked takes the question away', async () => {
    const { world, process } = await unknownSince(dear);
    await world.clock.advance(UNKNOWN_FOR_MS);
    await process.hearTimers();

    await process.hearStatuses({ messageId: 'wamid.x', status: 'delivered', bizOpaqueCallbackData: `${M1}:1` });

    expect(world.message(M1)).toMatchObject({ state: 'delivered' });
    expect(world.message(M1).needsDecision).toBeUndefined();
  });

  it('a first attempt that was delivered after all shows that it came twice', async () => {
    const { world, process } = await unknownSince(free);
    await world.clock.advance(UNKNOWN_FOR_MS);
    await process.hearTimers();
    await world.settled();

    await process.hearStatuses(
      { messageId: 'wamid.1', status: 'delivered', bizOpaqueCallbackData: `${M1}:2` },
      { messageId: 'wamid.x', status: 'delivered', bizOpaqueCallbackData: `${M1}:1` },
    );

    expect(world.said().at(-1)).toMatchObject({ event: { value: { attempt: 1, doubled: true } } });
  });

  it('waits again when Meta is busy at the second attempt', async () => {
    const { world, process } = await unknownSince(free);
    world.meta = () => Promise.resolve({ kind: 'not-sent', reason: 'connection refused' });

    await world.clock.advance(UNKNOWN_FOR_MS);
    await process.hearTimers();
    await world.settled();

    expect(world.message(M1)).toMatchObject({ state: 'accepted', queue: 'waiting' });
  });
});

describe('TX-4 a person decides', () => {
  it('to send it again', async () => {
    const { world, process } = await unknownSince(dear);

    const { message } = await process.engine.resolveMessage(M1, 'send-again', 'acme');
    await process.hearWake();
    await world.clock.advance(30_000);
    await world.settled();

    expect(message.state).toBe('accepted');
    expect(world.texts()).toEqual(['anna 1', 'anna 1']);
  });

  it('to give it up: it counts as failed, unless Meta reports otherwise', async () => {
    const { world, process } = await unknownSince(dear);

    await process.engine.resolveMessage(M1, 'give-up', 'acme');

    expect(world.message(M1).queue).toBeUndefined();
    expect(world.said().at(-1)).toMatchObject({ state: MessageState.MESSAGE_STATE_FAILED, event: { $case: 'failed' } });
    await process.hearStatuses({ messageId: 'wamid.x', status: 'delivered', bizOpaqueCallbackData: `${M1}:1` });
    expect(world.message(M1).state).toBe('delivered');
  });

  it('once: what is known needs no decision', async () => {
    const { world, process } = await unknownSince(dear);
    await process.engine.resolveMessage(M1, 'give-up', 'acme');

    const again = process.engine.resolveMessage(M1, 'send-again', 'acme').catch((error: unknown) => error);
    await world.settled();
    // What is in memory is read again before it refuses anything.
    await world.clock.advance(100);

    expect(await again).toMatchObject({ kind: 'invalid', code: 'egress.message-not-unknown' });
  });

  it('SE-1 on messages of their own organisation', async () => {
    const { process } = await unknownSince(dear);

    await expect(process.engine.resolveMessage(M1, 'give-up', 'globex')).rejects.toMatchObject({ kind: 'not-found' });
  });
});

/** One message to Anna whose answer was lost; Meta takes what comes next. */
async function unknownSince(start: Date) {
  const world: World = createWorld(start);
  const process = world.start();
  process.own();
  await world.settled();
  const accept = world.meta;
  world.meta = (call) =>
    textOf(call) === 'anna 1' && world.calls.length === 1 ? Promise.resolve(timeOut) : accept(call);
  await process.hearThreads(replyQueued(world.clock.now(), 1));
  await world.settled();
  expect(world.message(M1)).toMatchObject({ state: 'unknown', queue: 'unknown' });
  return { world, process };
}

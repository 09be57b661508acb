import { MessageState } from '@switchboard/contracts/egress/v1/events';
import { type CallResult } from '../src/use-cases/ports.js';
import { createWorld, heldBack, messageId, replyQueued, type World, textOf } from './support/world.js';

/** What happens when answers are lost, owners die, and statuses come before their message is known. */

const M1 = messageId(1);
const callback = `${M1}:1`;
const timeOut: CallResult = { kind: 'unknown', reason: 'time-out' };

describe('TX-4 a lost answer', () => {
  it('leaves the message unknown, and it is never sent again', async () => {
    const { world, process } = await oneProcess();
    world.meta = () => Promise.resolve(timeOut);

    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await passes(world, 3_600_000);

    expect(world.calls).toHaveLength(1);
    expect(world.message(M1)).toMatchObject({ state: 'unknown', queue: 'unknown' });
    expect(world.said().at(-1)).toMatchObject({
      state: MessageState.MESSAGE_STATE_UNKNOWN,
      event: { $case: 'unknown', value: { attempt: 1, reason: 'time-out' } },
    });
  });

  it('is resolved by a status that carries our id', async () => {
    const { world, process } = await oneProcess();
    world.meta = () => Promise.resolve(timeOut);
    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await world.settled();

    await process.hearStatuses({ messageId: 'wamid.x', status: 'delivered', bizOpaqueCallbackData: callback });

    expect(world.message(M1)).toMatchObject({ state: 'delivered', attempts: [{ whatsappMessageId: 'wamid.x' }] });
    expect(world.message(M1).queue).toBeUndefined();
  });

  it('keeps its customer’s lane for 30 seconds at most, and nobody else’s', async () => {
    const { world, process } = await oneProcess();
    const accept = world.meta;
    world.meta = (call) => (textOf(call) === 'anna 1' ? Promise.resolve(timeOut) : accept(call));
    const now = world.clock.now();

    await process.hearThreads(replyQueued(now, 1), replyQueued(now, 2), replyQueued(now, 1, 'bob'));
    await world.settled();
    await passes(world, 29_000);
    expect(world.texts()).toEqual(['anna 1', 'bob 1']);

    await passes(world, 1_500);
    expect(world.texts()).toEqual(['anna 1', 'bob 1', 'anna 2']);
  });

  it('lets its customer go on as soon as a status tells', async () => {
    const { world, process } = await oneProcess();
    const accept = world.meta;
    world.meta = (call) => (textOf(call) === 'anna 1' ? Promise.resolve(timeOut) : accept(call));
    const now = world.clock.now();
    await process.hearThreads(replyQueued(now, 1), replyQueued(now, 2));
    await world.settled();

    await process.hearStatuses({ messageId: 'wamid.x', status: 'sent', bizOpaqueCallbackData: callback });
    await world.settled();

    expect(world.texts()).toEqual(['anna 1', 'anna 2']);
  });
});

describe('TX-3 a status without our id', () => {
  it('waits at Meta’s id until the answer claims it', async () => {
    const { world, process } = await oneProcess();
    const answer = heldBack<CallResult>();
    world.meta = () => answer.promise;
    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await world.settled();

    await process.hearStatuses({ messageId: 'wamid.1', status: 'read' }, { messageId: 'wamid.1', status: 'sent' });
    expect(world.message(M1).state).toBe('dispatching');
    answer.give({ kind: 'accepted', whatsappMessageId: 'wamid.1' });
    await world.settled();

    expect(world.message(M1).state).toBe('read');
    expect(await world.wamids.unsettled(3)).toEqual([]);
  });

  it('finds its message when the answer was first', async () => {
    const { world, process } = await oneProcess();
    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await world.settled();

    await process.hearStatuses({ messageId: 'wamid.1', status: 'read' });

    expect(world.message(M1).state).toBe('read');
  });

  it('is applied when the answer was lost and another status tells whose it is', async () => {
    const { world, process } = await oneProcess();
    world.meta = () => Promise.resolve(timeOut);
    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await world.settled();
    await process.hearStatuses({ messageId: 'wamid.x', status: 'read' });
    expect(world.message(M1).state).toBe('unknown');

    await process.hearStatuses({ messageId: 'wamid.x', status: 'sent', bizOpaqueCallbackData: callback });
    await world.settled();

    expect(world.message(M1).state).toBe('read');
    expect(await world.wamids.unsettled(3)).toEqual([]);
  });

  it('harms nobody when the message was never ours', async () => {
    const { world, process } = await oneProcess();

    await process.hearStatuses(
      { messageId: 'wamid.foreign', status: 'read' },
      { messageId: 'wamid.foreign', status: 'read', bizOpaqueCallbackData: 'order-17:2' },
    );

    expect(world.store.documents.size).toBe(0);
  });
});

describe('when the owner is killed', () => {
  it('before the call, the successor sends the message', async () => {
    const world = createWorld();
    const [first, second] = [world.start(), world.start()];
    await first.hearThreads(replyQueued(world.clock.now(), 1));
    first.kill();

    second.own();
    await world.settled();

    expect(world.texts()).toEqual(['anna 1']);
    expect(world.message(M1).state).toBe('sent');
  });

  it('TX-4 during the call, the message is unknown once no call can be under way any more, and is not sent again', async () => {
    const { world, second } = await killedDuringCall();
    await second.hearThreads(replyQueued(world.clock.now(), 2), replyQueued(world.clock.now(), 1, 'bob'));

    // The lease runs out after 10 s, the call of the lost owner may have begun just before and take 15 s.
    await passes(world, 9_000);
    expect(world.texts()).toEqual(['anna 1']);
    await passes(world, 3_000);
    expect(world.texts()).toEqual(['anna 1', 'bob 1']);
    await passes(world, 12_000);
    expect(world.message(M1).state).toBe('dispatching');
    await passes(world, 2_000);
    expect(world.message(M1)).toMatchObject({ state: 'unknown', attempts: [{ outcome: { reason: 'owner lost' } }] });
    await passes(world, 31_000);

    expect(world.texts()).toEqual(['anna 1', 'bob 1', 'anna 2']);
  });

  it('TX-4 during the call, a status still tells what became of it', async () => {
    const { world, second } = await killedDuringCall();
    await passes(world, 26_000);

    await second.hearStatuses({ messageId: 'wamid.1', status: 'delivered', bizOpaqueCallbackData: callback });

    expect(world.message(M1).state).toBe('delivered');
    expect(world.calls).toHaveLength(1);
  });

  it('TX-3 between claiming Meta’s id and folding the answer, the successor folds it with what was parked', async () => {
    const world = createWorld();
    const [first, second] = [world.start(), world.start()];
    const answer = heldBack<CallResult>();
    world.meta = () => answer.promise;
    first.own();
    await first.hearThreads(replyQueued(world.clock.now(), 1));
    await world.settled();
    await first.hearStatuses({ messageId: 'wamid.1', status: 'delivered' });
    first.kill();
    await world.wamids.claim('555', 'wamid.1', { messageId: M1, attempt: 1, partition: 3 });

    second.own();
    await passes(world, 12_000);

    expect(world.message(M1)).toMatchObject({ state: 'delivered', attempts: [{ outcome: { kind: 'accepted' } }] });
    expect(await world.wamids.unsettled(3)).toEqual([]);
  });

  it('TX-3 with a claim and nothing parked, the successor finds the answer at Meta’s id', async () => {
    const { world } = await killedDuringCall();
    await world.wamids.claim('555', 'wamid.1', { messageId: M1, attempt: 1, partition: 3 });

    await passes(world, 27_000);

    expect(world.message(M1)).toMatchObject({ state: 'sent', attempts: [{ whatsappMessageId: 'wamid.1' }] });
  });
});

describe('when a partition is given up', () => {
  it('begins no new call, waits for the one under way, and lets the successor go on at once', async () => {
    const world = createWorld();
    const [first, second] = [world.start(), world.start()];
    const answer = heldBack<CallResult>();
    const accept = world.meta;
    world.meta = (call) => (textOf(call) === 'anna 1' ? answer.promise : accept(call));
    first.own();
    const now = world.clock.now();
    await first.hearThreads(replyQueued(now, 1), replyQueued(now, 2));
    await world.settled();

    const revoked = first.revoke();
    second.own();
    await second.hearThreads(replyQueued(now, 1, 'bob'));
    first.engine.dispatcher.wake(3, '555');
    await passes(world, 2_000);
    expect(world.texts()).toEqual(['anna 1']);

    answer.give({ kind: 'accepted', whatsappMessageId: 'wamid.1' });
    await revoked;
    await passes(world, 600);

    expect(world.texts().toSorted()).toEqual(['anna 1', 'anna 2', 'bob 1']);
    expect(world.message(M1)).toMatchObject({ state: 'sent' });
  });

  it('and comes back to the same process, goes on without calling anything twice', async () => {
    const { world, process } = await oneProcess();
    const answer = heldBack<CallResult>();
    const accept = world.meta;
    world.meta = (call) => (textOf(call) === 'anna 1' ? answer.promise : accept(call));
    const now = world.clock.now();
    await process.hearThreads(replyQueued(now, 1), replyQueued(now, 2));
    await world.settled();

    void process.revoke();
    process.own();
    await world.settled();
    await passes(world, 5_500);
    expect(world.texts()).toEqual(['anna 1']);

    answer.give({ kind: 'accepted', whatsappMessageId: 'wamid.1' });
    // Six seconds after the first, as Meta wants it.
    await passes(world, 600);

    expect(world.texts()).toEqual(['anna 1', 'anna 2']);
  });

  it('TX-4 a paused owner whose lease ran out does not begin the call it was about to', async () => {
    const world = createWorld();
    const [first, second] = [world.start(), world.start()];
    first.own();
    await world.settled();
    const acknowledged = heldBack<undefined>();
    world.written = async (writes) => {
      if (!writes.some(({ set }) => set['queue'] === 'dispatching')) return;
      world.written = () => Promise.resolve();
      await acknowledged.promise;
    };
    await first.hearThreads(replyQueued(world.clock.now(), 1));
    first.stall();
    second.own();
    await passes(world, 12_000);

    acknowledged.give(undefined);
    await passes(world, 6_000);
    expect(world.calls).toEqual([]);
    expect(world.message(M1)).toMatchObject({ state: 'accepted', attempts: [{ outcome: { kind: 'withdrawn' } }] });

    await passes(world, 20_000);
    expect(world.calls.map(({ callbackData }) => callbackData)).toEqual([`${M1}:2`]);
  });
});

async function oneProcess() {
  const world = createWorld();
  const process = world.start();
  process.own();
  await world.settled();
  return { world, process };
}

async function killedDuringCall() {
  const world = createWorld();
  const [first, second] = [world.start(), world.start()];
  const accept = world.meta;
  world.meta = (call) => (textOf(call) === 'anna 1' ? new Promise(() => undefined) : accept(call));
  first.own();
  await first.hearThreads(replyQueued(world.clock.now(), 1));
  await world.settled();
  first.kill();
  second.own();
  await world.settled();
  return { world, first, second };
}

async function passes(world: World, ms: number): Promise<void> {
  await world.clock.advance(ms);
  await world.settled();
}

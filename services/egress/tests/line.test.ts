import { MessageState } from '@switchboard/contracts/egress/v1/events';
import { egressMessages } from '@switchboard/contracts/topics';
import { createWorld, customerWrote, messageId, refusal, replyQueued, type World, textOf } from './support/world.js';

/** One process, one number: from the queued reply to the last status. */

const M1 = messageId(1);
const callback = `${M1}:1`;

describe('a queued reply', () => {
  it('is accepted, handed to Meta and followed until it is read', async () => {
    const { world, process } = await oneProcess();

    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await world.settled();
    await process.hearStatuses({ messageId: 'wamid.1', status: 'sent', bizOpaqueCallbackData: callback });
    await process.hearStatuses(
      { messageId: 'wamid.1', status: 'delivered', bizOpaqueCallbackData: callback },
      { messageId: 'wamid.1', status: 'read', bizOpaqueCallbackData: callback },
    );

    expect(world.calls).toMatchObject([
      {
        content: { kind: 'text', text: 'anna 1', previewUrl: false },
        callbackData: callback,
        recipient: { phone: '12025550188' },
      },
    ]);
    expect(world.said().map(({ event, state, sequence }) => [event?.$case, state, sequence])).toEqual([
      ['accepted', MessageState.MESSAGE_STATE_ACCEPTED, 1n],
      ['sent', MessageState.MESSAGE_STATE_SENT, 2n],
      ['statusChanged', MessageState.MESSAGE_STATE_SENT, 3n],
      ['statusChanged', MessageState.MESSAGE_STATE_DELIVERED, 4n],
      ['statusChanged', MessageState.MESSAGE_STATE_READ, 5n],
    ]);
    expect(world.said().at(-1)).toMatchObject({
      messageId: M1,
      organisationId: 'acme',
      customerId: 'anna',
      whatsappMessageId: 'wamid.1',
      chatId: '555.1.anna:1',
    });
  });

  it('keeps the trace that asked for it: in its events, and for the attempts that come later', async () => {
    const { world, process } = await oneProcess();
    const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

    await process.hearThreadsIn(trace, replyQueued(world.clock.now(), 1));
    await world.settled();

    expect(world.calls).toMatchObject([{ callbackData: callback, trace }]);
    expect(world.published.map(({ type, headers }) => [type, headers['traceparent']])).toEqual([
      [egressMessages.type, trace],
      [egressMessages.type, trace],
    ]);
  });

  it('RX-4 is sent once, however often it is read from the log', async () => {
    const { world, process } = await oneProcess();
    const reply = replyQueued(world.clock.now(), 1);

    for (let time = 0; time < 3; time += 1) await process.hearThreads(reply, reply);
    await world.settled();

    expect(world.calls).toHaveLength(1);
    expect(world.said().filter(({ event }) => event?.$case === 'accepted')).toHaveLength(1);
  });

  it('TX-1 is refused when its window has closed, and says so', async () => {
    const { world, process } = await oneProcess();
    const reply = replyQueued(world.clock.now(), 1);

    await world.clock.advance(24 * 3_600_000);
    await process.hearThreads(reply);
    await world.settled();

    expect(world.calls).toEqual([]);
    expect(world.said()).toMatchObject([
      { state: MessageState.MESSAGE_STATE_REFUSED, event: { value: { code: 'egress.window-closed' } } },
    ]);
  });

  it('TX-1 goes by what egress has seen itself when that is later than what the reply carries', async () => {
    const { world, process } = await oneProcess();
    const reply = replyQueued(world.clock.now(), 1);
    await world.clock.advance(30 * 3_600_000);

    await process.hearThreads(customerWrote(world.clock.now(), 2), reply);
    await world.settled();

    expect(world.texts()).toEqual(['anna 1']);
  });

  it('ON-16 is not let through by imported history', async () => {
    const { world, process } = await oneProcess();
    const reply = replyQueued(world.clock.now(), 1);
    await world.clock.advance(30 * 3_600_000);

    await process.hearThreads(customerWrote(world.clock.now(), 2, 'anna', { imported: true }), reply);
    await world.settled();

    expect(world.calls).toEqual([]);
  });

  it('TX-1 is refused at dispatch when the number was stopped after it was accepted', async () => {
    const { world, process } = await oneProcess();
    world.meta = () => Promise.resolve({ kind: 'not-sent', reason: 'connection refused' });
    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await world.settled();

    world.numbers.set('555', { organisation: 'acme', version: 2, sending: 'stopped', waba: 'w' });
    await world.clock.advance(2_000);
    await world.settled();

    expect(world.calls).toHaveLength(1);
    expect(world.message(M1)).toMatchObject({ state: 'refused', refusal: { code: 'egress.number-stopped' } });
  });

  it('TX-1 is refused when its number went to another organisation', async () => {
    const { world, process } = await oneProcess();
    world.numbers.set('555', { organisation: 'globex', version: 2, sending: 'allowed', waba: 'w' });

    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await world.settled();

    expect(world.message(M1)).toMatchObject({ state: 'refused', refusal: { code: 'egress.number-not-connected' } });
  });

  it('fails for good when Meta says so', async () => {
    const { world, process } = await oneProcess();
    world.meta = () => Promise.resolve(refusal(131_026));

    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await world.settled();
    await world.clock.advance(120_000);

    expect(world.calls).toHaveLength(1);
    expect(world.said().at(-1)).toMatchObject({
      state: MessageState.MESSAGE_STATE_FAILED,
      event: { $case: 'failed', value: { error: { code: 131_026 }, remedy: 'reach this person another way' } },
    });
  });

  it('does not stop the log when a record cannot be read: that one is kept aside', async () => {
    const { world, process } = await oneProcess();
    const good = replyQueued(world.clock.now(), 1);
    const { records, ...chunk } = world.chunk({ name: 'routing.threads', code: 't', generation: 1 }, [
      Buffer.from([7, 7, 7]),
    ]);

    await process.hear({ ...chunk, records });
    await process.hearThreads(good);
    await world.settled();

    expect(world.kept).toHaveLength(1);
    expect(world.texts()).toEqual(['anna 1']);
  });
});

describe('the order of replies', () => {
  it('CH-12 is kept per customer, one call at a time, while other customers go on', async () => {
    const { world, process } = await oneProcess();
    const answers: (() => void)[] = [];
    world.meta = (call) =>
      new Promise((resolve) => {
        answers.push(() => {
          resolve({ kind: 'accepted', whatsappMessageId: `wamid.${textOf(call)}` });
        });
      });

    const now = world.clock.now();
    await process.hearThreads(
      replyQueued(now, 1),
      replyQueued(now, 2),
      replyQueued(now, 1, 'bob'),
      replyQueued(now, 3),
    );
    await world.settled();
    expect(world.texts()).toEqual(['anna 1', 'bob 1']);

    for (let round = 0; round < 3; round += 1) {
      answers.splice(0).forEach((give) => {
        give();
      });
      await world.settled();
    }
    expect(world.texts()).toEqual(['anna 1', 'bob 1', 'anna 2', 'anna 3']);
  });

  it('TX-5 survives a throttled call: the customer waits 4^n seconds for the pair limit, others do not', async () => {
    const { world, process } = await oneProcess();
    const accept = world.meta;
    let throttled = 0;
    world.meta = (call) =>
      textOf(call) === 'anna 1' && (throttled += 1) <= 2 ? Promise.resolve(refusal(131_056)) : accept(call);

    const now = world.clock.now();
    await process.hearThreads(replyQueued(now, 1), replyQueued(now, 2), replyQueued(now, 1, 'bob'));
    await world.settled();
    expect(world.texts()).toEqual(['anna 1', 'bob 1']);

    await passes(world, 1_000);
    expect(world.texts().slice(2)).toEqual(['anna 1']);
    await passes(world, 3_999);
    expect(world.texts().slice(3)).toEqual([]);
    await passes(world, 1);
    expect(world.texts().slice(3)).toEqual(['anna 1']);
    expect(world.calls.map(({ callbackData }) => callbackData)).toContain(`${M1}:3`);
    // Meta has counted more than we have: there is no burst any more, but one message in six seconds.
    await passes(world, 5_999);
    expect(world.texts().slice(4)).toEqual([]);
    await passes(world, 1);
    expect(world.texts().slice(4)).toEqual(['anna 2']);
  });

  it('TX-5 survives an outage: the number waits and then goes on in order', async () => {
    const { world, process } = await oneProcess();
    const accept = world.meta;
    world.meta = () => Promise.resolve({ kind: 'not-sent', reason: 'connection refused' });
    const now = world.clock.now();
    await process.hearThreads(replyQueued(now, 1), replyQueued(now, 2));
    await world.settled();

    world.meta = accept;
    await passes(world, 10_000);

    expect(world.texts()).toEqual(['anna 1', 'anna 1', 'anna 2']);
    expect(world.message(M1)).toMatchObject({ state: 'sent', attempts: [{ number: 1 }, { number: 2 }] });
  });
});

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

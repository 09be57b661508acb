import { MessageKind, MessageReceived, Source } from '@switchboard/contracts/ingress/v1/events';
import { BULK } from '../src/domain/message.js';
import { createWorld, heldBack, refusal, replyQueued, textOf, type World } from './support/world.js';

type Process = ReturnType<World['start']>;

/** TX-5: when a message goes, from the queued reply to the call. */

const SECOND = 1_000;
const meta = {
  throughputs: { standard: 80, high: 1_000, coexistence: 20 },
  pair: { everyMs: 6 * SECOND, burst: 45 },
  messagingLimit: 250,
};

describe('TX-5 a number', () => {
  it('sends no faster than Meta allows, and wakes up for each message', async () => {
    const { world, process } = await oneProcess();
    const times = callTimes(world);

    await process.hearThreads(...repliesTo(world, 200));
    await passes(world, 10 * SECOND);

    expect(times).toHaveLength(200);
    expect(mostWithin(times, SECOND)).toBeLessThanOrEqual(80);
    expect(times.at(-1)! - times[0]!).toBeLessThanOrEqual(2.6 * SECOND);
  });

  it('sends no faster than Meta allows what a stall has held up, and is back at once when that has left', async () => {
    const { world, process } = await oneProcess();
    await process.hearThreads(...repliesTo(world, 1, 'first'));
    await passes(world, SECOND);
    const { end } = stall(world);
    const times = callTimes(world);

    await process.hearThreads(...repliesTo(world, 400));
    await passes(world, 2 * SECOND);
    expect(times).toEqual([]);
    end();
    await passes(world, 7 * SECOND);

    expect(times).toHaveLength(400);
    expect(mostWithin(times, SECOND)).toBeLessThanOrEqual(80 + 9);
    expect(mostWithin(times, 100)).toBeLessThanOrEqual(8 + 9);
    expect(times.at(-1)! - times[0]!).toBeLessThanOrEqual(5.2 * SECOND);
  });

  it.each([
    ['another process takes over', (process: Process) => process.revoke()],
    [
      'its owner is killed',
      (process: Process) => {
        process.kill();
        return Promise.resolve();
      },
    ],
  ])('leaves to its next owner what has yet to leave after a stall, when %s (TX-3, TX-4)', async (_name, ends) => {
    const { world, process } = await oneProcess();
    await process.hearThreads(...repliesTo(world, 1, 'first'));
    await passes(world, SECOND);
    const { end } = stall(world);
    await process.hearThreads(...repliesTo(world, 400));
    await passes(world, 2 * SECOND);
    end();
    await passes(world, 500);
    expect(world.calls.length).toBeLessThan(60);

    const ended = ends(process);
    await passes(world, 500);
    await ended;
    const called = world.calls.length;
    await passes(world, 2 * SECOND);
    expect(world.calls).toHaveLength(called);
    world.start().own();
    await passes(world, 40 * SECOND);

    expect(new Set(world.texts()).size).toBe(401);
    expect(world.calls).toHaveLength(401);
  });

  it('shows the operator its rates, and for how long it waited for what', async () => {
    const { world, process } = await oneProcess();
    await process.hearThreads(...repliesTo(world, 10));
    await sendBulk(process, world, 150);
    await process.hearWake();
    await passes(world, 6 * SECOND);
    expect(world.shown.called).toEqual({ interactive: 10, bulk: 150 });
    expect(world.shown.rates).toEqual({ allowed: 80, used: 80 });
    // 160 messages at 80 a second.
    expect(world.shown.waited.throughput).toBeGreaterThan(1.5);
    expect(world.shown.waited.throughput).toBeLessThan(2.2);

    const accept = world.meta;
    let refusals = 1;
    world.meta = (call) => ((refusals -= 1) >= 0 ? Promise.resolve(refusal(130_429)) : accept(call));
    await process.hearThreads(...repliesTo(world, 5, 'later'));
    await passes(world, 6 * SECOND);

    expect(world.shown.rates.allowed).toBe(80);
    expect(world.shown.rates.used).toBeLessThan(60);
    expect(world.shown.waited.slow).toBeGreaterThan(0.9);
    expect(world.shown.waited.slow).toBeLessThan(2);
    expect(world.shown.waited.stopped).toBe(0);
  });

  it('counts customers who write with what it sends', async () => {
    const { world, process } = await oneProcess();
    await process.hearThreads(...repliesTo(world, 1, 'first'));
    await passes(world, SECOND);
    const times = callTimes(world);

    await process.hearMessages(...Array.from({ length: 48 }, (_, index) => wrote(world, index)));
    await process.hearThreads(...repliesTo(world, 40));
    await passes(world, SECOND);

    expect(times.length).toBeGreaterThan(30);
    expect(times.length + 48).toBeLessThanOrEqual(90);
  });

  it('does not count what customers wrote long ago', async () => {
    const { world, process } = await oneProcess();
    await process.hearThreads(...repliesTo(world, 1, 'first'));
    const old = Array.from({ length: 80 }, (_, index) => wrote(world, index));
    await passes(world, 5 * SECOND);
    const times = callTimes(world);

    await process.hearMessages(...old);
    await process.hearThreads(...repliesTo(world, 80));
    await passes(world, SECOND);

    expect(times).toHaveLength(80);
  });

  it('is slower after Meta has refused for speed, remembers that through a takeover, and recovers', async () => {
    const { world, process } = await oneProcess();
    const accept = world.meta;
    let refusals = 1;
    world.meta = (call) => ((refusals -= 1) >= 0 ? Promise.resolve(refusal(130_429)) : accept(call));
    await process.hearThreads(...repliesTo(world, 1, 'first'));
    await passes(world, 2 * SECOND);
    await process.revoke();
    const successor = world.start();
    successor.own();
    await world.settled();
    await successor.hearThreads(...repliesTo(world, 1, 'second'));
    await passes(world, SECOND);
    const times = callTimes(world);

    await successor.hearThreads(...repliesTo(world, 3_000));
    await passes(world, SECOND);
    expect(times.length).toBeGreaterThan(35);
    expect(times.length).toBeLessThan(60);

    await passes(world, 26 * SECOND);
    const recovered = times.length;
    await passes(world, SECOND);
    expect(times.length - recovered).toBeGreaterThan(77);
  });

  it('is as fast as Meta says, without a restart', async () => {
    const { world, process } = await oneProcess();
    await process.hearThreads(...repliesTo(world, 1, 'first'));
    await passes(world, SECOND);

    await world.paces.note('555', { level: { is: 'coexistence', at: world.clock.now() } });
    await passes(world, 5 * SECOND);
    const slow = callTimes(world);
    await process.hearThreads(...repliesTo(world, 100, 'slow'));
    await passes(world, SECOND);
    expect(slow.length).toBeLessThanOrEqual(23);
    await passes(world, 5 * SECOND);

    await world.paces.note('555', { level: { is: 'high', at: world.clock.now() } });
    await passes(world, 5 * SECOND);
    const fast = callTimes(world);
    await process.hearThreads(...repliesTo(world, 500, 'fast'));
    await passes(world, SECOND);
    expect(fast).toHaveLength(500);
  });

  it('waits when nobody answers five calls in a row, and goes on with the first that is answered', async () => {
    const { world, process } = await oneProcess();
    const accept = world.meta;
    world.meta = () => Promise.resolve({ kind: 'unknown', reason: 'time-out' });

    await process.hearThreads(...repliesTo(world, 50));
    await passes(world, 900);
    expect([world.calls.length, world.held]).toEqual([5, { slow: 1, stopped: 0 }]);

    world.meta = accept;
    await passes(world, 10 * SECOND);

    expect([world.calls.length, world.held]).toEqual([50, { slow: 0, stopped: 0 }]);
  });
});

describe('TX-5 a customer', () => {
  it('gets 60 messages in order: a burst of 45, and the rest when that is paid back', async () => {
    const { world, process } = await oneProcess();
    const times = callTimes(world);
    const now = world.clock.now();

    await process.hearThreads(...Array.from({ length: 60 }, (_, index) => replyQueued(now, index + 1)));
    await passes(world, 269 * SECOND);
    expect(world.texts()).toEqual(Array.from({ length: 45 }, (_, index) => `anna ${index + 1}`));
    await passes(world, 3 * SECOND);

    expect(world.texts()).toEqual(Array.from({ length: 60 }, (_, index) => `anna ${index + 1}`));
    expect(times[45]! - times[0]!).toBeGreaterThanOrEqual(270 * SECOND);
  });

  it('is not written to too fast by a successor, which knows what a former owner has sent (131056)', async () => {
    const { world, process } = await oneProcess();
    const { refused } = countingPairs(world);
    const now = world.clock.now();
    await process.hearThreads(...Array.from({ length: 60 }, (_, index) => replyQueued(now, index + 1)));
    await passes(world, 200);
    expect(world.calls.length).toBeLessThan(20);

    const revoked = process.revoke();
    await passes(world, 2 * CALL_MS);
    await revoked;
    const successor = world.start();
    successor.own();
    await world.settled();
    await passes(world, 2 * SECOND);
    expect(world.calls).toHaveLength(45);
    successor.kill();
    world.start().own();
    await passes(world, 280 * SECOND);

    expect(refused).toEqual([]);
    expect(world.texts()).toEqual(Array.from({ length: 60 }, (_, index) => `anna ${index + 1}`));
  });

  it('who was told to be slower gets no burst from a successor either', async () => {
    const { world, process } = await oneProcess();
    const accept = world.meta;
    world.meta = () => Promise.resolve(refusal(131_056));
    await process.hearThreads(...Array.from({ length: 3 }, (_, index) => replyQueued(world.clock.now(), index + 1)));
    await passes(world, SECOND);
    world.meta = accept;
    await process.revoke();
    world.start().own();
    await world.settled();
    const times = callTimes(world);

    await passes(world, 30 * SECOND);

    expect(world.texts()).toEqual(['anna 1', 'anna 1', 'anna 2', 'anna 3']);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(6 * SECOND);
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(6 * SECOND);
  });

  it('who has to wait keeps nobody else waiting, however many messages there are', async () => {
    const { world, process } = await oneProcess({ ...meta, pair: { everyMs: 6 * SECOND, burst: 1 } });
    const now = world.clock.now();
    const many = Array.from({ length: 400 }, (_, index) =>
      replyQueued(now, (index % 20) + 1, `c${Math.floor(index / 20)}`),
    );

    await process.hearThreads(...many, ...repliesTo(world, 100, 'other'));
    await passes(world, 5 * SECOND);

    expect(world.texts().filter((text) => text.startsWith('other'))).toHaveLength(100);
  });
});

describe('TX-5 interactive messages', () => {
  it('go before bulk ones of their number, however many of those wait, also when Meta is slow', async () => {
    const { world, process } = await oneProcess();
    const accept = world.meta;
    world.meta = (call) =>
      new Promise((resolve) => world.clock.after(4 * SECOND, () => void accept(call).then(resolve)));
    await sendBulk(process, world, 600);
    await process.hearWake();
    await passes(world, 2 * SECOND);
    const times = callTimes(world);
    const asked = world.clock.now().getTime();

    await process.hearThreads(...repliesTo(world, 10, 'person'));
    await passes(world, SECOND);

    const persons = world.calls.flatMap((call, index) => (textOf(call).startsWith('person') ? [index] : []));
    expect(persons).toHaveLength(10);
    expect(times[9]! - asked).toBeLessThan(200);
    await passes(world, 10 * SECOND);
    expect(world.calls).toHaveLength(610);
  });

  it('go before bulk ones of their customer, one at a time and each class in order', async () => {
    const { world, process } = await oneProcess();
    await sendBulk(process, world, 40, 'anna');
    await process.hearThreads(replyQueued(world.clock.now(), 1), replyQueued(world.clock.now(), 2));
    await process.hearWake();
    await passes(world, 2 * SECOND);

    expect(world.texts()).toEqual(['anna 1', 'anna 2', ...Array.from({ length: 40 }, (_, index) => `bulk ${index}`)]);
  });

  it('bulk says nothing before it was sent, and then first that it was accepted', async () => {
    const { world, process } = await oneProcess();
    await sendBulk(process, world, 3);
    expect(world.said()).toEqual([]);

    await process.hearWake();
    await passes(world, SECOND);

    expect(world.said().filter(({ messageId }) => messageId === world.said()[0]?.messageId)).toMatchObject([
      { sequence: 1n, event: { $case: 'accepted', value: { bulk: true } } },
      { sequence: 2n, event: { $case: 'sent' } },
    ]);
  });
});

/** Accepted by calls, to as many customers or to one. */
async function sendBulk(process: Process, world: World, count: number, phone?: string): Promise<void> {
  const all = Array.from({ length: count }, (_, index) => ({
    idempotencyKey: `bulk-${index}`,
    recipient: { phone: phone ?? `1202555${index}`, userId: '' },
    content: { kind: 'text', text: `bulk ${index}`, previewUrl: false } as const,
    replyTo: '',
    priority: BULK,
    expiresAt: undefined,
    fingerprint: `bulk-${index}`,
  }));
  for (const { recipient } of all)
    world.resolved.set(recipient.phone, {
      customer: recipient.phone,
      thread: '',
      chat: '',
      address: { phone: recipient.phone },
      lastInboundAt: world.clock.now(),
    });
  await process.engine.sendMessages('acme', '555', all);
}

async function oneProcess(allowed = meta) {
  const world = createWorld();
  world.allowed = allowed;
  const process = world.start();
  process.own();
  await world.settled();
  return { world, process };
}

const repliesTo = (world: World, count: number, name = 'c') =>
  Array.from({ length: count }, (_, index) => replyQueued(world.clock.now(), 1, `${name}${index}`));

const wrote = (world: World, index: number): MessageReceived => ({
  ...MessageReceived.decode(new Uint8Array()),
  eventId: `wamid.in.${index}`,
  kind: MessageKind.MESSAGE_KIND_MESSAGE,
  phoneNumberId: '555',
  source: { ...Source.decode(new Uint8Array()), receivedAt: world.clock.now() },
});

/** When each call begins, from now on. */
function callTimes(world: World): number[] {
  const times: number[] = [];
  const { meta: before } = world;
  world.meta = (call) => {
    times.push(world.clock.now().getTime());
    return before(call);
  };
  return times;
}

/** No token is told until its end, so that all that was begun meanwhile is ready together. */
function stall(world: World): { readonly end: () => void } {
  const { promise, give } = heldBack<string>();
  world.tokenOf = () => promise;
  return {
    end: () => {
      world.tokenOf = () => Promise.resolve('token');
      give('token');
    },
  };
}

const CALL_MS = 20;

/** Meta counts messages to one customer as it documents: a burst of 45 that is paid back before anything else goes. */
function countingPairs(world: World): { readonly refused: string[] } {
  const accept = world.meta;
  const refused: string[] = [];
  let pair = { from: -Infinity, sent: 0, owedUntil: -Infinity };
  world.meta = async (call) => {
    await new Promise<void>((resolve) => world.clock.after(CALL_MS, resolve));
    const at = world.clock.now().getTime();
    if (at >= pair.owedUntil) pair = { from: at, sent: 1, owedUntil: at + 6 * SECOND };
    else if (at - pair.from < 6 * SECOND && pair.sent < 45)
      pair = { ...pair, sent: pair.sent + 1, owedUntil: pair.owedUntil + 6 * SECOND };
    else {
      refused.push(textOf(call));
      return refusal(131_056);
    }
    return accept(call);
  };
  return { refused };
}

const mostWithin = (times: readonly number[], ms: number): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + ms).length));

async function passes(world: World, ms: number): Promise<void> {
  // In small steps, so that what follows from a timer happens at its time.
  const step = ms > 60 * SECOND ? SECOND : 10;
  for (let left = ms; left > 0; left -= step) {
    await world.clock.advance(Math.min(step, left));
    await world.settled();
  }
}

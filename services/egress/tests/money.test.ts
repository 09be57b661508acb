import { type MessageEvent } from '@switchboard/contracts/egress/v1/events';
import { MessageState } from '@switchboard/contracts/egress/v1/events';
import { INTERACTIVE } from '../src/domain/message.js';
import { UNKNOWN_FOR_MS } from '../src/domain/unknown.js';
import { type CallResult } from '../src/use-cases/ports.js';
import { memoryMoney, paidBy } from './support/money-twins.js';
import { createWorld, messageId, NUMBER, refusal, replyQueued, type World } from './support/world.js';

/** What is paid for: held before Meta is called, told with every attempt, refused when nobody pays. */

const NOW = new Date('2026-11-26T12:00:00Z');
const M1 = messageId(1);
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const template = { kind: 'template', name: 'offer', language: 'en', components: [] } as const;

describe('BL-8 a message that costs', () => {
  it('is held before Meta is called, under the id of its attempt', async () => {
    const { world, process, billing } = await installed();
    let heldAtCall: string[] = [];
    const accept = world.meta;
    world.meta = (call) => {
      heldAtCall = [...billing.held];
      return accept(call);
    };

    const id = await send(world, process);

    expect(heldAtCall).toEqual([`${id}:1`]);
    expect(billing.asked).toMatchObject([
      { wallet: 'main', number: NUMBER, category: 'marketing', phone: '5511987654321', windowOpen: false },
    ]);
  });

  it('tells with each attempt who pays, and what its price depends on', async () => {
    const { world, process } = await installed();
    const id = await send(world, process);

    await process.hearStatuses({ messageId: 'wamid.1', status: 'delivered', bizOpaqueCallbackData: `${id}:1` });

    const cost = { held: true, windowOpen: false, recipient: { phone: '5511987654321' } };
    expect(saidOf(world, id)).toMatchObject([
      { walletId: 'main', event: { $case: 'accepted' }, cost: { held: false } },
      { walletId: 'main', event: { $case: 'sent' }, cost },
      { walletId: 'main', event: { $case: 'statusChanged' }, cost },
    ]);
  });

  it('is refused with billing’s code and remedy when its price cannot be held, and Meta is not called', async () => {
    const { world, process, billing } = await installed();
    billing.credit = 0;

    const id = await send(world, process);

    expect(world.calls).toEqual([]);
    expect(saidOf(world, id).at(-1)).toMatchObject({
      state: MessageState.MESSAGE_STATE_REFUSED,
      event: { $case: 'refused', value: { code: 'billing.balance-too-low', remedy: 'buy credits', nextAttempt: 1 } },
    });
  });

  it('goes exactly as often as there is credit for', async () => {
    const { world, process, billing } = await installed();
    billing.credit = 100;

    await Promise.all(Array.from({ length: 1_000 }, (_, index) => accept(process, `k${index}`, `551199${index}`)));
    await process.hearWake();
    await passes(world, 30 * SECOND);

    expect(world.calls).toHaveLength(100);
    expect(world.said().filter(({ event }) => event?.$case === 'refused')).toHaveLength(900);
  });

  it('has its price given back when Meta does not take it yet, and held anew for the next attempt', async () => {
    const { world, process, billing } = await installed();
    const accept = world.meta;
    world.meta = (call) => (world.calls.length === 1 ? Promise.resolve(refusal(131_000)) : accept(call));

    const id = await send(world, process);
    await passes(world, 10 * SECOND);

    expect([...billing.held]).toEqual([`${id}:1`, `${id}:2`]);
    expect(saidOf(world, id).map(({ event }) => event)).toMatchObject([
      { $case: 'accepted' },
      { $case: 'putOff', value: { attempt: 1 } },
      { $case: 'sent', value: { attempt: 2 } },
    ]);
  });

  it('waits while billing is away; what is free goes', async () => {
    const { world, process, billing } = await installed();
    billing.isAway = true;
    const id = await send(world, process);

    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await passes(world, 20 * SECOND);
    expect(world.texts()).toEqual(['anna 1']);
    expect(world.message(id)).toMatchObject({ state: 'accepted', queue: 'waiting' });

    billing.isAway = false;
    await passes(world, 10 * SECOND);
    expect(world.message(id).state).toBe('sent');
  });

  it('waits for billing twelve hours, then it is refused with the reason', async () => {
    const { world, process, billing } = await installed();
    billing.isAway = true;
    const id = await send(world, process);

    for (let hours = 0; hours < 13; hours += 1) await passes(world, HOUR, 600 * SECOND);

    expect(world.message(id)).toMatchObject({
      state: 'refused',
      refusal: { code: 'egress.waited-too-long', reason: expect.stringContaining('billing.unavailable') },
    });
  });

  it('waits for a number that billing has not told of, and is paid by the wallet that is told then', async () => {
    const { world, process, billing } = await installed();
    billing.payer = undefined;
    const id = await send(world, process);
    expect(world.message(id)).toMatchObject({ state: 'accepted', wallet: '' });

    billing.payer = paidBy({ wallet: 'late' });
    await passes(world, 10 * SECOND);

    expect(billing.asked).toMatchObject([{ wallet: 'late' }]);
    expect(saidOf(world, id).at(-1)).toMatchObject({ walletId: 'late', event: { $case: 'sent' } });
  });

  it('is paid by the wallet of its acceptance, whoever pays for the number since', async () => {
    const { world, process, billing } = await installed();
    billing.isAway = true;
    await send(world, process);

    billing.payer = paidBy({ wallet: 'other' });
    billing.isAway = false;
    await passes(world, 10 * SECOND);

    expect(billing.asked).toMatchObject([{ wallet: 'main' }]);
  });
});

describe('BL-8 no paid send without credit', () => {
  it.each([
    ['no wallet pays', { wallet: '' }, 'billing.no-wallet'],
    ['nothing is left', { hasCredit: false }, 'billing.balance-too-low'],
  ])('%s: a call is refused at once, with what to do, and nothing is kept', async (_what, more, code) => {
    const { process, billing } = await installed();
    billing.payer = paidBy(more);

    const [outcome] = await accept(process, 'k');

    expect(outcome).toMatchObject({ kind: 'invalid', code, details: { remedy: expect.stringContaining('credits') } });
    expect(billing.asked).toEqual([]);
  });

  it('a reply beyond the allowance is refused and says so; within it, it goes', async () => {
    const { world, process, billing } = await installed();
    billing.payer = paidBy({ wallet: '' });
    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await world.settled();

    billing.payer = paidBy({ wallet: '', freeServiceLeft: 0, allowanceEndsAt: new Date('2026-12-01T00:00:00Z') });
    await process.hearThreads(replyQueued(world.clock.now(), 2));
    await world.settled();

    expect(world.texts()).toEqual(['anna 1']);
    expect(world.message(messageId(2))).toMatchObject({ state: 'refused', refusal: { code: 'billing.no-wallet' } });
  });
});

describe('BL-4 inside of a free entry', () => {
  it('nothing is held, although nothing is left of the allowance and nobody pays', async () => {
    const { world, process, billing } = await installed();
    billing.payer = paidBy({ wallet: '', freeServiceLeft: 0, allowanceEndsAt: new Date('2026-12-01T00:00:00Z') });
    const reply = replyQueued(world.clock.now(), 1);
    if (reply.event?.$case === 'replyQueued' && reply.event.value.lastInbound)
      reply.event.value.lastInbound.freeEntryUntil = new Date(NOW.getTime() + HOUR);

    await process.hearThreads(reply);
    await world.settled();

    expect(world.texts()).toEqual(['anna 1']);
    expect(billing.asked).toEqual([]);
  });
});

describe('TX-4 an unknown message', () => {
  const timeOut: CallResult = { kind: 'unknown', reason: 'time-out' };

  it('that is free by the allowance is sent again', async () => {
    const { world, process } = await installed();
    const accept = world.meta;
    world.meta = (call) => (world.calls.length === 1 ? Promise.resolve(timeOut) : accept(call));
    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await passes(world, UNKNOWN_FOR_MS + 10 * SECOND, 60 * SECOND);

    await process.hearTimers();
    await passes(world, SECOND);

    expect(world.message(M1)).toMatchObject({ state: 'sent', attempts: [{ number: 1 }, { number: 2 }] });
  });

  it('that was paid for keeps its hold, and a person is asked', async () => {
    const { world, process, billing } = await installed();
    world.meta = () => Promise.resolve(timeOut);
    const id = await send(world, process);
    await passes(world, UNKNOWN_FOR_MS + 10 * SECOND, 60 * SECOND);

    await process.hearTimers();
    await passes(world, SECOND);

    expect(world.message(id)).toMatchObject({ state: 'unknown', needsDecision: true });
    expect([...billing.held]).toEqual([`${id}:1`]);
    expect(saidOf(world, id).some(({ event }) => event?.$case === 'putOff')).toBe(false);
  });
});

describe('where no billing is installed', () => {
  it('nothing is held, and everything goes', async () => {
    const { world, process } = await started();

    const id = await send(world, process);

    expect(saidOf(world, id)).toMatchObject([
      { event: { $case: 'accepted' } },
      { event: { $case: 'sent' }, walletId: '' },
    ]);
  });
});

async function started(world = createWorld(NOW)) {
  const process = world.start();
  process.own();
  await world.settled();
  return { world, process };
}

async function installed() {
  const billing = memoryMoney();
  const world = createWorld(NOW);
  world.money = billing.money;
  return { ...(await started(world)), billing };
}

type Process = ReturnType<World['start']>;

/** A marketing template to Brazil, to somebody who has not written. */
const accept = (process: Process, idempotencyKey: string, phone = '5511987654321') =>
  process.engine.sendMessages('acme', NUMBER, [
    {
      idempotencyKey,
      recipient: { phone, userId: '' },
      content: template,
      replyTo: '',
      priority: INTERACTIVE,
      expiresAt: undefined,
      fingerprint: idempotencyKey,
    },
  ]);

async function send(world: World, process: Process): Promise<string> {
  const [kept] = await accept(process, 'k');
  if (!kept || !('messageId' in kept)) throw new Error('it was refused');
  await process.hearWake();
  await world.settled();
  return kept.messageId;
}

const saidOf = (world: World, id: string): MessageEvent[] =>
  world
    .said()
    .filter((event) => event.messageId === id)
    .sort((a, b) => Number(a.sequence - b.sequence));

async function passes(world: World, ms: number, step = 250): Promise<void> {
  for (let left = ms; left > 0; left -= step) {
    await world.clock.advance(Math.min(step, left));
    await world.settled();
  }
}

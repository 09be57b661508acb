import {
  AccountChange,
  ChangeReceived,
  MessageKind,
  MessageReceived,
  NumberChange,
  Source,
} from '@switchboard/contracts/ingress/v1/events';
import { INTERACTIVE } from '../src/domain/message.js';
import { createMetaNumbers } from '../src/adapters/meta/allowances.js';
import { type Allowance } from '../src/use-cases/pace-ports.js';
import { type SendOutcome } from '../src/use-cases/send-messages.js';
import { createWorld, customerWrote, heldBack, refusal, replyQueued, type World } from './support/world.js';

/** TX-5: what Meta allows, and whom a portfolio may write to first. */

type Process = ReturnType<World['start']>;

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const NONE = new Date(0);

const change = (world: World, more: Partial<ChangeReceived>): ChangeReceived => ({
  ...ChangeReceived.decode(new Uint8Array()),
  wabaId: 'w',
  occurredAt: world.clock.now(),
  ...more,
});
const ofNumber = (messagingLimit: string): ChangeReceived['detail'] => ({
  $case: 'number',
  value: { ...NumberChange.decode(new Uint8Array()), messagingLimit },
});
const ofAccount = (messagingLimit: string): ChangeReceived['detail'] => ({
  $case: 'account',
  value: { ...AccountChange.decode(new Uint8Array()), messagingLimit },
});
const newPerson = {
  organisation: 'acme',
  number: '556',
  customer: '',
  lastInboundAt: undefined,
  recipient: {},
  content: { kind: 'template', name: 'order_ready', language: 'en', components: [] },
} as const;
const template = { kind: 'template', name: 'order_ready', language: 'en', components: [] } as const;

describe('TX-5 what Meta allows a number', () => {
  const levelOf = async (world: World) => (await world.paces.of(['555'])).get('555')?.level?.is;

  it('is learnt from an upgrade of its throughput, found by how people write it', async () => {
    const { world, process } = await oneProcess();

    await process.hearChanges(
      change(world, {
        event: 'THROUGHPUT_UPGRADE',
        displayPhoneNumber: '15550140555',
        detail: ofNumber('TIER_UNLIMITED'),
      }),
    );

    expect([await levelOf(world), await world.reach.limitOf('p')]).toEqual(['high', Infinity]);
  });

  it('of an account that nobody knows is nothing to us', async () => {
    const { world, process } = await oneProcess();

    await process.hearChanges(
      change(world, { wabaId: 'x', event: 'THROUGHPUT_UPGRADE', displayPhoneNumber: '15550140999' }),
    );

    expect(await levelOf(world)).toBeUndefined();
  });

  it.each([
    ['text', 'TIER_2K', 2_000],
    ['a number', '10000', 10_000],
  ])('is learnt of its portfolio from what its account may do, as %s', async (_what, text, limit) => {
    const { world, process } = await oneProcess();

    await process.hearChanges(change(world, { detail: ofAccount(text) }));

    expect(await world.reach.limitOf('p')).toBe(limit);
  });

  it('is 20 a second once something shows that it is used in the app as well', async () => {
    const { world, process } = await oneProcess();
    const item = (field: string): MessageReceived => ({
      ...MessageReceived.decode(new Uint8Array()),
      kind: MessageKind.MESSAGE_KIND_ECHO,
      phoneNumberId: '555',
      source: { ...Source.decode(new Uint8Array()), field, receivedAt: world.clock.now() },
    });

    await process.hearMessages(item('message_echoes'));
    expect(await levelOf(world)).toBeUndefined();
    await process.hearMessages(item('smb_message_echoes'));

    expect(await levelOf(world)).toBe('coexistence');
  });

  it('is asked of Meta once, before anybody told', async () => {
    const { world, process } = await oneProcess();
    const asked: string[] = [];
    world.allowanceOf = (number) => {
      asked.push(number);
      return Promise.resolve({ level: 'high', messagingLimit: 2_000 });
    };

    await process.hearThreads(replyQueued(world.clock.now(), 1), replyQueued(world.clock.now(), 1, 'bob'));
    await passes(world, 20 * SECOND);

    expect([asked, await levelOf(world), await world.reach.limitOf('p')]).toEqual([['555'], 'high', 2_000]);
  });

  it('is the usual while Meta does not say', async () => {
    const { world, process } = await oneProcess();
    world.allowanceOf = () => Promise.reject(new Error('not now'));

    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await passes(world, SECOND);

    expect(world.texts()).toEqual(['anna 1']);
    expect(world.warnings).toEqual([expect.stringContaining('the usual holds')]);
  });

  it.each([
    [{ throughput: { level: 'HIGH' }, whatsapp_business_manager_messaging_limit: 'TIER_UNLIMITED' }, 'high', Infinity],
    [{ throughput: { level: 'STANDARD' }, is_on_biz_app: false }, 'standard', undefined],
    [{ throughput: { level: 'STANDARD' }, is_on_biz_app: true }, 'coexistence', undefined],
    [
      { throughput: { level: 'NOT_APPLICABLE' }, whatsapp_business_manager_messaging_limit: 'TIER_NOT_SET' },
      undefined,
      undefined,
    ],
    [{}, undefined, undefined],
  ])('is read from %j', async (fields, level, messagingLimit) => {
    const { allowanceOf } = createMetaNumbers({ getPhoneNumber: () => Promise.resolve(fields) });

    expect(await allowanceOf('555', 'token')).toEqual({ level, messagingLimit });
  });
});

describe('TX-5 people whom a portfolio writes to first', () => {
  it('are never more than the limit, over all its numbers', async () => {
    const { world, process } = await oneProcess(10);
    await Promise.all([sendTemplates(process, world, '555', 8), sendTemplates(process, world, '556', 8)]);
    await process.hearWake();
    await passes(world, 10 * SECOND);

    expect(world.calls).toHaveLength(10);
    const refused = world.said().filter(({ event }) => event?.$case === 'refused');
    expect(refused).toHaveLength(6);
    expect(refused[0]).toMatchObject({
      event: { value: { code: 'egress.messaging-limit', remedy: expect.stringContaining('2026-11-26T12:00:') } },
    });
  });

  it('are shown to the operator beside the limit', async () => {
    const { world, process } = await oneProcess(10);
    await sendTemplates(process, world, '555', 4);
    await process.hearWake();
    await passes(world, SECOND);
    await passes(world, 61 * SECOND);
    await sendTemplates(process, world, '555', 1, 'later');
    await process.hearWake();
    await passes(world, SECOND);

    expect(world.shown.reached).toEqual({ p: { people: 4, limit: 10 } });
  });

  it('are not refused by a limit that is only assumed, while Meta can be asked', async () => {
    const { world, process } = await oneProcess(2);
    const answer = heldBack<Allowance>();
    world.allowanceOf = () => answer.promise;
    await sendTemplates(process, world, '555', 5);
    await process.hearWake();
    await passes(world, SECOND);
    expect(world.calls).toEqual([]);

    answer.give({ level: 'standard', messagingLimit: 2_000 });
    await passes(world, SECOND);

    expect(world.calls).toHaveLength(5);
  });

  it('wait where room comes in time, and go then', async () => {
    const { world, process } = await oneProcess(1);
    await sendTemplates(process, world, '555', 1, 'first');
    await process.hearWake();
    await passes(world, 20 * HOUR);
    await sendTemplates(process, world, '555', 2, 'second');
    await process.hearWake();

    await passes(world, 3 * HOUR);
    expect(world.calls).toHaveLength(1);
    await passes(world, HOUR + 2 * 60 * SECOND);

    expect(world.calls).toHaveLength(2);
    expect([...world.store.documents.values()].filter(({ state }) => state['state'] === 'refused')).toHaveLength(1);
  });

  it('are followed when Meta raises the limit, by those who wait', async () => {
    const { world, process } = await oneProcess(1);
    await sendTemplates(process, world, '555', 1, 'first');
    await process.hearWake();
    await passes(world, 20 * HOUR);
    await sendTemplates(process, world, '555', 3, 'second');
    await process.hearWake();
    await passes(world, SECOND);

    await process.hearChanges(change(world, { detail: ofAccount('TIER_2K') }));
    await passes(world, 70 * SECOND);

    expect(world.calls).toHaveLength(4);
  });

  it('TX-1 are refused when they are asked for, where room comes too late for them, and say so in Check', async () => {
    const { world, process } = await oneProcess();
    await process.hearChanges(change(world, { detail: ofAccount('1') }));
    const check = () => process.engine.checkMessage(newPerson);
    expect(await check()).toMatchObject({ refusal: undefined });
    await sendTemplates(process, world, '555', 1, 'first');
    await process.hearWake();
    await passes(world, SECOND);
    const opensAt = new Date(world.clock.now().getTime() - SECOND + 24 * HOUR);

    expect(await check()).toMatchObject({ refusal: { code: 'egress.messaging-limit', opensAt: expect.any(Date) } });
    expect(await sendTemplates(process, world, '556', 1, 'late')).toMatchObject([{ code: 'egress.messaging-limit' }]);
    expect(await sendTemplates(process, world, '556', 1, 'again', 'first555-0')).toMatchObject([{ message: {} }]);
    await passes(world, 13 * HOUR);
    const waits = await check();
    expect(waits).toMatchObject({ refusal: undefined, waits: { code: 'egress.messaging-limit' } });
    expect(waits.waits?.opensAt?.getTime()).toBeGreaterThanOrEqual(opensAt.getTime());
    const soon = new Date(world.clock.now().getTime() + HOUR);
    expect(await sendTemplates(process, world, '556', 1, 'short', undefined, soon)).toMatchObject([
      { code: 'egress.messaging-limit' },
    ]);
    expect(await sendTemplates(process, world, '556', 1, 'patient')).toMatchObject([{ message: {} }]);
  });

  it('TX-1 are not refused when they are asked for, where they have written meanwhile', async () => {
    const { world, process } = await oneProcess();
    await process.hearChanges(change(world, { detail: ofAccount('1') }));
    await sendTemplates(process, world, '555', 1, 'first');
    await process.hearWake();
    await passes(world, SECOND);
    await process.hearThreads(customerWrote(world.clock.now(), 1, 'b555-0'));

    expect(await sendTemplates(process, world, '555', 1)).toMatchObject([{ message: {} }]);
    await process.hearWake();
    await passes(world, SECOND);

    expect(world.calls).toHaveLength(2);
  });

  it('do not count who has written, not even since the message was asked for', async () => {
    const { world, process } = await oneProcess(1);
    await sendTemplates(process, world, '555', 3);
    const now = world.clock.now();
    await process.hearThreads(...[0, 1, 2].map((index) => customerWrote(now, index + 1, `b555-${index}`)));
    await process.hearWake();
    await passes(world, SECOND);

    expect(world.calls).toHaveLength(3);
    await process.hearThreads(...[1, 2, 3].map((sequence) => replyQueued(now, sequence)));
    await passes(world, SECOND);
    expect(world.calls).toHaveLength(6);
  });

  it('count once, however often they are written to', async () => {
    const { world, process } = await oneProcess(1);
    await sendTemplates(process, world, '555', 1, 'a', '12025550199');
    await sendTemplates(process, world, '556', 1, 'b', '12025550199');
    await process.hearWake();
    await passes(world, 10 * SECOND);

    expect(world.calls).toHaveLength(2);
  });

  it('do not count when Meta does not reach them', async () => {
    const { world, process } = await oneProcess(1);
    const accept = world.meta;
    world.meta = () => Promise.resolve(refusal(131_026));
    await sendTemplates(process, world, '555', 1, 'first');
    await process.hearWake();
    await passes(world, SECOND);
    world.meta = accept;

    await sendTemplates(process, world, '555', 1, 'second');
    await process.hearWake();
    await passes(world, SECOND);

    expect(world.calls).toHaveLength(2);
  });

  it('are as many as there are where Meta sets no limit', async () => {
    const { world, process } = await oneProcess(1);
    await process.hearChanges(change(world, { detail: ofAccount('TIER_UNLIMITED') }));
    await sendTemplates(process, world, '555', 5);
    await process.hearWake();
    await passes(world, SECOND);

    expect(world.calls).toHaveLength(5);
  });
});

async function oneProcess(messagingLimit = 250) {
  const world = createWorld();
  world.allowed = { ...world.allowed, messagingLimit };
  world.numbers.set('556', { organisation: 'acme', version: 1, sending: 'allowed', waba: 'w' });
  world.portfolios = new Map(['555', '556'].map((number) => [number, 'p']));
  const process = world.start();
  process.own();
  await world.settled();
  return { world, process };
}

/** Messages that a service asks for, to people who have not written. */
async function sendTemplates(
  process: Process,
  world: World,
  number: string,
  count: number,
  name = 'b',
  phone?: string,
  expiresAt?: Date,
): Promise<readonly SendOutcome[]> {
  const all = Array.from({ length: count }, (_, index) => ({
    idempotencyKey: `${name}${number}-${index}`,
    recipient: { phone: phone ?? `${name}${number}-${index}`, userId: '' },
    content: template,
    replyTo: '',
    priority: INTERACTIVE,
    expiresAt,
    fingerprint: `${name}${index}`,
  }));
  for (const { recipient } of all)
    world.resolved.set(recipient.phone, {
      customer: recipient.phone,
      thread: '',
      chat: '',
      address: { phone: recipient.phone },
      lastInboundAt: NONE,
    });
  return process.engine.sendMessages('acme', number, all);
}

async function passes(world: World, ms: number): Promise<void> {
  const step = ms > 60 * SECOND ? 20 * SECOND : 100;
  for (let left = ms; left > 0; left -= step) {
    await world.clock.advance(Math.min(step, left));
    await world.settled();
  }
}

import { AssignmentCause, DeskRequested } from '@switchboard/contracts/routing/v1/desk_events';

import { OfferManner } from '@switchboard/contracts/routing/v1/settings';
import { createTestClock } from '@switchboard/testing';
import { readDeskTimer, readOperator, readRequest } from '../src/entrypoints/kafka/desk-news.js';
import { createAwayAfter } from '../src/use-cases/desk/away-after.js';
import { HEAD } from '../src/domain/desk/desk.js';
import { defaultFlow } from '../src/domain/flow/settings.js';
import { createDesks, operatorState, personWanted, request } from './support/desk-world.js';
import { aWant } from './support/inputs.js';

const X = '341.1.x:1';
const Y = '341.1.y:1';
const { OFFER_MANNER_ONE_BY_ONE: ONE_BY_ONE, OFFER_MANNER_ROUND_ROBIN: ROUND_ROBIN } = OfferManner;

const facts = { count: 1, departmentId: 'sales', concurrentLimit: 2, isFree: true };
const place = { organisationId: 'acme', facts, cause: 'taken' as const };

async function openDesk(head?: number) {
  const clock = createTestClock();
  const desk = createDesks(clock.now, head);
  await desk.hearTellings(operatorState('ann'), operatorState('bob'));
  return { ...desk, clock };
}

describe('CH-2 CH-3 a chat that waits for a person', () => {
  it('is offered on the number’s key, taken once, and its place is free when the thread releases it', async () => {
    const { useCases, offers, said, hearRequests } = await openDesk();
    await useCases.setPresence('acme', 'ann', 'available');
    await useCases.setPresence('acme', 'bob', 'available');
    await hearRequests(request(X, personWanted()));

    await useCases.claimPlace({ ...place, chatId: X, operatorId: 'ann' });
    await expect(useCases.claimPlace({ ...place, chatId: X, operatorId: 'bob' })).rejects.toMatchObject({
      code: 'routing.chat-taken',
    });
    await hearRequests(request(X, { $case: 'chatReleased', value: {} }, { count: 2n }));

    expect(offers().map(({ sequence, count, chatId, offer }) => [sequence, count, chatId, offer?.$case])).toEqual([
      [1n, 1n, X, 'offered'],
      [2n, 1n, X, 'assigned'],
    ]);
    expect(offers()[1]?.offer?.value).toEqual({ operatorId: 'ann', cause: AssignmentCause.ASSIGNMENT_CAUSE_TAKEN });
    const own = said().find(({ topic }) => topic === 'routing.offers');
    expect(own).toMatchObject({ key: '341', id: 'acme:1', headers: { org: 'acme' } });
    expect((await useCases.getDesk('acme')).operators.map(({ held }) => held)).toEqual([[], []]);
  });

  it('is offered to the next when the timer of the offer fires, which is armed in the same write', async () => {
    const { useCases, offers, timers, hearRequests, fireDue, clock } = await openDesk();
    await useCases.setPresence('acme', 'ann', 'available');
    await useCases.setPresence('acme', 'bob', 'available');
    await hearRequests(request(X, personWanted(ONE_BY_ONE)));
    expect(timers().at(-1)).toMatchObject({
      owner: 'routing',
      timerKey: 'desk:acme:offer:341:1:x',
      command: { $case: 'arm', value: { firedKey: 'acme', dueAt: new Date(clock.now().getTime() + 30_000) } },
    });

    await clock.advance(30_000);
    await fireDue();

    expect(offers().map(({ offer }) => offer)).toMatchObject([
      { $case: 'offered', value: { operatorIds: ['ann'] } },
      { $case: 'offerEnded', value: { operatorIds: ['ann'], timedOut: true } },
      { $case: 'offered', value: { operatorIds: ['bob'] } },
    ]);
  });

  it('is passed on when who was asked refuses', async () => {
    const { useCases, offers, hearRequests } = await openDesk();
    await useCases.setPresence('acme', 'ann', 'available');
    await useCases.setPresence('acme', 'bob', 'available');
    await hearRequests(
      request(X, personWanted(ONE_BY_ONE)),
      request(X, { $case: 'offerRefused', value: { operatorId: 'ann' } }),
    );

    expect(offers().at(-1)?.offer).toMatchObject({ $case: 'offered', value: { operatorIds: ['bob'] } });
  });

  it('is not revived by a repetition: what stands in the thread tells', async () => {
    const { useCases, offers, hearRequests, put } = await openDesk();
    await useCases.setPresence('acme', 'ann', 'available');
    await put('acme', '341.1.x', { count: 2, chatId: X, want: null });

    await hearRequests(
      request(X, personWanted(ROUND_ROBIN)),
      request(X, { $case: 'chatHeld', value: { operatorId: 'ann' } }),
    );

    expect(offers()).toEqual([]);
    expect((await useCases.getDesk('acme')).operators.flatMap(({ held }) => held)).toEqual([]);
  });

  it('is found behind the head of its line when that has become short', async () => {
    const { useCases, refills, hearRequests, put, offers, store } = await openDesk(2);
    const names = Array.from({ length: 203 }, (_, n) => `c${n}`);
    for (const name of names) {
      await put('acme', `341.1.${name}`, {
        count: 1,
        chatId: `341.1.${name}:1`,
        want: aWant({ manner: 'round-robin', concurrentLimit: 500 }),
      });
      const wanted = personWanted(ROUND_ROBIN);
      await hearRequests(request(`341.1.${name}:1`, { ...wanted, value: { ...wanted.value, concurrentLimit: 500 } }));
    }
    expect(Object.keys(store.documents.get('acme')?.state ?? {}).filter((key) => key.startsWith('w:'))).toHaveLength(
      200,
    );

    await useCases.setPresence('acme', 'ann', 'available');
    const [refill] = refills();
    expect(refill?.request).toEqual({ $case: 'lineRefill', value: { line: 'sales~all' } });
    await hearRequests(refill ?? DeskRequested.decode(new Uint8Array()));
    // Only two are read at a time here: it asks itself again until nothing is left.
    for (let turn = 1; turn < refills().length; turn += 1) {
      await hearRequests(refills()[turn] ?? DeskRequested.decode(new Uint8Array()));
    }

    expect(new Set(offers().map(({ chatId }) => chatId)).size).toBe(names.length);
  });

  it('goes to who a supervisor says, and to who accepts a transfer', async () => {
    const { useCases, offers, hearRequests } = await openDesk();
    await hearRequests(request(X, personWanted()), request(Y, { $case: 'chatHeld', value: { operatorId: 'ann' } }));

    await useCases.claimPlace({ ...place, chatId: X, operatorId: 'ann', cause: 'assigned' });
    await useCases.claimPlace({ ...place, chatId: Y, operatorId: 'bob', cause: 'transferred' });

    expect(offers().map(({ offer }) => offer?.value)).toEqual([
      { operatorId: 'ann', cause: AssignmentCause.ASSIGNMENT_CAUSE_ASSIGNED },
      { operatorId: 'bob', cause: AssignmentCause.ASSIGNMENT_CAUSE_TRANSFERRED },
    ]);
  });

  it('that nobody may take any more cannot be taken', async () => {
    const { useCases } = await openDesk();
    const late = { ...facts, isFree: false };

    await expect(useCases.claimPlace({ ...place, facts: late, chatId: X, operatorId: 'ann' })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'routing.chat-not-waiting',
    });
  });

  it('would be given to these, without anything happening', async () => {
    const { useCases, offers } = await openDesk();
    await useCases.setPresence('acme', 'bob', 'available');
    const wanted = { ...aWant(), target: { kind: 'everyone' as const, operatorIds: [], departmentId: '' } };

    expect(await useCases.whoWouldGet('acme', wanted)).toEqual(['bob']);
    expect(await useCases.whoWouldGet('globex', wanted)).toEqual([]);
    expect(offers()).toEqual([]);
  });
});

describe('CH-3 a desk that is taken over', () => {
  const thread = { count: 1, chatId: X, want: null };
  const loads = async ({ useCases }: Awaited<ReturnType<typeof openDesk>>) =>
    Object.fromEntries((await useCases.getDesk('acme')).operators.map(({ operatorId, held }) => [operatorId, held]));

  it('frees the places of chats that are completed, of threads there are not, and of what was asked for long ago', async () => {
    const desk = await openDesk();
    const stale = '341.1.stale:1';
    for (const chatId of [X, Y, stale]) {
      await desk.useCases.claimPlace({ ...place, chatId, operatorId: 'ann', cause: 'assigned', isForced: true });
    }
    await desk.put('acme', '341.1.x', { ...thread, count: 2, isOpen: false });
    await desk.put('acme', '341.1.stale', { ...thread, count: 2, chatId: stale });

    await desk.takeOver(0);

    expect(await loads(desk)).toEqual({ ann: [], bob: [] });
  });

  it('leaves what it has right as it is, and says nothing', async () => {
    const desk = await openDesk();
    await desk.useCases.setPresence('acme', 'ann', 'available');
    await desk.hearRequests(
      request(X, { $case: 'chatHeld', value: { operatorId: 'ann' } }),
      request(Y, personWanted()),
    );
    await desk.put('acme', '341.1.x', { ...thread, operatorId: 'ann' });
    await desk.put('acme', '341.1.y', { ...thread, chatId: Y, want: aWant() });
    const before = desk.store.documents.get('acme')?.state;
    const said = desk.offers().length;

    await desk.takeOver(0);

    expect(desk.store.documents.get('acme')?.state).toEqual(before);
    expect(desk.offers()).toHaveLength(said);
  });

  it('offers a chat that waits and that it never heard of, once, however often it is taken over', async () => {
    const desk = await openDesk();
    await desk.useCases.setPresence('acme', 'ann', 'available');
    await desk.put('acme', '341.1.x', { ...thread, count: 3, want: aWant() });

    await desk.takeOver(0);
    await desk.takeOver(0);

    expect(desk.offers().map(({ chatId, count, offer }) => [chatId, count, offer?.$case])).toEqual([
      [X, 3n, 'offered'],
    ]);
  });

  it('fills the place of a chat that waits again, and knows who has one now', async () => {
    const desk = await openDesk();
    await desk.useCases.claimPlace({ ...place, chatId: X, operatorId: 'ann' });
    await desk.useCases.claimPlace({ ...place, chatId: Y, operatorId: 'ann' });
    await desk.put('acme', '341.1.x', { ...thread, count: 2, want: aWant({ manner: 'round-robin' }) });
    await desk.put('acme', '341.1.y', { ...thread, chatId: Y, count: 2, operatorId: 'bob' });
    await desk.useCases.setPresence('acme', 'bob', 'available');

    await desk.takeOver(0);

    expect(await loads(desk)).toEqual({
      ann: [],
      bob: [
        { chatId: Y, count: 2 },
        { chatId: X, count: 2 },
      ],
    });
  });

  it('says again whose a chat is while its thread still waits', async () => {
    const desk = await openDesk();
    await desk.useCases.claimPlace({ ...place, chatId: X, operatorId: 'ann' });
    await desk.put('acme', '341.1.x', { ...thread, want: aWant() });

    await desk.takeOver(0);

    expect(desk.offers().map(({ count, offer }) => [count, offer?.$case])).toEqual([
      [1n, 'assigned'],
      [1n, 'assigned'],
    ]);
    expect(await loads(desk)).toMatchObject({ ann: [{ chatId: X }] });
  });

  it('opens a line again that it takes for full', async () => {
    const desk = await openDesk();
    await desk.useCases.setPresence('acme', 'ann', 'busy');
    const names = Array.from({ length: HEAD + 1 }, (_, n) => `c${n}`);
    for (const name of names) {
      await desk.hearRequests(request(`341.1.${name}:1`, personWanted()));
      await desk.put('acme', `341.1.${name}`, { count: 2, chatId: `341.1.${name}:1`, want: null, isOpen: false });
    }
    const marks = () => Object.keys(desk.store.documents.get('acme')?.state ?? {}).filter((key) => /^[lw]:/.test(key));
    expect(marks()).toHaveLength(HEAD + 1);

    await desk.takeOver(0);

    expect(marks()).toEqual([]);
  });

  it('is one of the partition that was taken over', async () => {
    const desk = await openDesk();
    await desk.useCases.claimPlace({ ...place, chatId: X, operatorId: 'ann' });

    await desk.takeOver(1);
    expect(await loads(desk)).toMatchObject({ ann: [{ chatId: X }] });
    await desk.takeOver(0);
    expect(await loads(desk)).toMatchObject({ ann: [] });
  });
});

describe('what the desk reads', () => {
  const position = { code: 'd1', partition: 0, offset: 1 };

  it.each([
    [
      'a request of nobody’s',
      () => readRequest(request(X, personWanted(), { organisationId: '' }), position),
      /organisation_id/,
    ],
    ['a request about no chat', () => readRequest(request('x', personWanted()), position), /chat_id/],
    ['an operator without an id', () => readOperator(operatorState('')), /operator_id/],
    ['an operator of nobody’s', () => readOperator(operatorState('ann', { organisationId: '' })), /organisation_id/],
  ] as const)('%s is set aside with the field that is wrong', (_name, read, field) => {
    expect(read).toThrow(field);
  });

  it('leaves what it does not know, and the timers of threads, to others', () => {
    const fired = { owner: 'routing', timerKey: '341.1.x', version: 1n, dueAt: undefined, payload: Buffer.alloc(0) };

    expect(readDeskTimer(fired, position)).toBeUndefined();
    expect(readRequest({ ...request(X, personWanted()), request: undefined }, position)).toBeUndefined();
  });
});

describe('an operator is there without a sign of life', () => {
  const flow = (brandId: string, seconds: number) => ({
    ...defaultFlow(brandId),
    awayAfter: { months: 0, days: 0, seconds },
  });
  const awayAfter = createAwayAfter({
    brands: { ofDepartments: (_organisationId, departmentIds) => [...departmentIds] },
    flows: { current: (ids) => Promise.resolve(new Map([...ids].map((id) => [id, flow(id, Number(id))]))) },
  });

  it.each([
    ['for the shortest time of their brands', ['90', '60'], 60_000],
    ['for five minutes while they are in no department', [], 300_000],
  ])('%s', async (_name, departmentIds, expected) => {
    expect(await awayAfter('acme', departmentIds)).toBe(expected);
  });
});

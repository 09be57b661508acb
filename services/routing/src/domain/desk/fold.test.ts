import { Failure } from '@switchboard/errors';
import { whoWouldGet } from './candidates.js';
import { type Desk, emptyDesk, HEAD, holderOf, loadOf, operatorKey, turnOf, turnsOf } from './desk.js';
import type { DeskEvent } from './desk-events.js';
import type { ChatFacts, DeskInput } from './desk-inputs.js';
import { foldDesk } from './fold.js';
import { lineOf, type Want, wantOf } from './want.js';

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 25, 12, 0, second));
const chat = (name: string): string => `341.1.${name}:1`;
const AWAY_MS = 300_000;

describe('CH-2 who is asked', () => {
  it.each([
    [
      'all at once: everyone who has a place, without reserving any',
      'all-at-once',
      { offered: ['ann', 'bob'], until: null },
    ],
    ['one by one: one, for the offer’s time', 'one-by-one', { offered: ['ann'], until: at(31) }],
    ['least loaded: given to one', 'least-loaded', { assigned: 'ann' }],
    ['round robin: given to one', 'round-robin', { assigned: 'ann' }],
  ] as const)('%s', (_name, manner, expected) => {
    const desk = createDesk().with('ann').with('bob');

    desk.want('x', { manner });

    expect(desk.said()).toEqual([{ chat: 'x', ...expected }]);
    expect(desk.load('ann')).toBe(manner === 'all-at-once' ? 0 : 1);
  });

  it('least loaded is who has the smallest share of their own limit in use', () => {
    const desk = createDesk().with('ann', { limit: 2 }).with('bob', { limit: 10 });
    for (const name of ['x', 'y', 'z']) desk.want(name, { manner: 'least-loaded' });

    expect(desk.said().map(({ assigned }) => assigned)).toEqual(['ann', 'bob', 'bob']);
  });

  it('round robin goes on behind who was given the last one', () => {
    const desk = createDesk().with('ann').with('bob').with('cid');
    for (const name of ['v', 'w', 'x', 'y']) desk.want(name, { manner: 'round-robin' });

    expect(desk.said().map(({ assigned }) => assigned)).toEqual(['ann', 'bob', 'cid', 'ann']);
  });

  it('asks only who is available, in the department, and below their limit', () => {
    const desk = createDesk()
      .with('ann', { presence: 'busy' })
      .with('bob', { departmentIds: ['care'] })
      .with('cid', { limit: 1 })
      .with('dan');
    desk.fold({ kind: 'held', at: at(0), chatId: chat('o'), count: 1, operatorId: 'cid', isStale: false });

    desk.want('x');

    expect(desk.said()).toEqual([{ chat: 'x', offered: ['dan'], until: null }]);
  });

  it('asks the operators a rule names, whatever their department', () => {
    const desk = createDesk()
      .with('ann')
      .with('bob', { departmentIds: ['care'] });

    desk.want('x', { target: { kind: 'operators', operatorIds: ['bob', 'nobody'] } });

    expect(desk.said()).toEqual([{ chat: 'x', offered: ['bob'], until: null }]);
  });

  it('asks the last operator first and alone, and everyone when they let it pass', () => {
    const desk = createDesk().with('ann').with('bob');
    desk.want('x', { target: { kind: 'last-operator', operatorIds: [] }, lastOperatorId: 'bob' });
    expect(desk.said()).toEqual([{ chat: 'x', offered: ['bob'], until: at(31) }]);

    desk.fire(at(31));

    expect(desk.said()).toEqual([
      { chat: 'x', ended: ['bob'], timedOut: true },
      { chat: 'x', offered: ['ann', 'bob'], until: null },
    ]);
  });

  it.each([
    ['who served the customer last', 'last-operator'],
    ['who owns the lead, while no CRM is connected', 'lead-owner'],
  ] as const)('asks everyone in place of %s and is not there', (_name, kind) => {
    const desk = createDesk().with('ann').with('bob', { presence: 'away' });

    desk.want('x', { target: { kind, operatorIds: [] }, lastOperatorId: 'bob', manner: 'round-robin' });

    expect(desk.said()).toEqual([{ chat: 'x', assigned: 'ann' }]);
  });

  it('asks nobody where the rule says so, and keeps nothing of it', () => {
    const desk = createDesk().with('ann');

    desk.want('x', { target: { kind: 'nobody', operatorIds: [] } });

    expect(desk.said()).toEqual([]);
    expect(turnsOf(desk.state())).toEqual([]);
  });

  it('asks nobody who just gave it away', () => {
    const desk = createDesk().with('ann').with('bob');

    desk.want('x', { manner: 'round-robin', exceptIds: ['ann'] });

    expect(desk.said()).toEqual([{ chat: 'x', assigned: 'bob' }]);
  });

  it('one by one goes on to the next when it is refused, and to the next when the time is up, round and round', () => {
    const desk = createDesk().with('ann').with('bob').with('cid');
    desk.want('x', { manner: 'one-by-one' });
    desk.fold({ kind: 'refused', at: at(2), chatId: chat('x'), operatorId: 'ann' });
    desk.fire(at(32));
    desk.fire(at(62));

    expect(desk.said()).toEqual([
      { chat: 'x', offered: ['ann'], until: at(31) },
      { chat: 'x', ended: ['ann'], timedOut: false },
      { chat: 'x', offered: ['bob'], until: at(32) },
      { chat: 'x', ended: ['bob'], timedOut: true },
      { chat: 'x', offered: ['cid'], until: at(62) },
      { chat: 'x', ended: ['cid'], timedOut: true },
      { chat: 'x', offered: ['bob'], until: at(92) },
    ]);
    expect(desk.load('ann') + desk.load('cid')).toBe(0);
  });

  it('who refused is asked again when they come back to the desk', () => {
    const desk = createDesk().with('ann');
    desk.want('x', { manner: 'one-by-one' });
    desk.fold({ kind: 'refused', at: at(2), chatId: chat('x'), operatorId: 'ann' });
    expect(turnOf(desk.state(), chat('x'))?.offer).toBeNull();

    desk.presence('ann', 'busy', at(3));
    desk.presence('ann', 'available', at(4));

    expect(turnOf(desk.state(), chat('x'))?.offer?.to).toEqual(['ann']);
  });

  it('a timer that was moved or taken away is not obeyed when it fires all the same', () => {
    const desk = createDesk().with('ann').with('bob');
    desk.want('x', { manner: 'one-by-one' });
    const first = desk.armed().find(({ timer }) => timer.startsWith('offer:'));
    desk.fold({ kind: 'refused', at: at(2), chatId: chat('x'), operatorId: 'ann' });

    const before = desk.state();
    desk.fold({ kind: 'timer-fired', at: at(40), timer: first?.timer ?? '', version: first?.version ?? 0 });

    expect(desk.state()).toBe(before);
  });

  it('says who would get a chat without touching anything', () => {
    const desk = createDesk().with('ann').with('bob', { presence: 'away' }).with('cid');

    expect(whoWouldGet(desk.state(), aWant())).toEqual(['ann', 'cid']);
    expect(
      whoWouldGet(desk.state(), aWant({ target: { kind: 'last-operator', operatorIds: [] }, lastOperatorId: 'cid' })),
    ).toEqual(['cid']);
    expect(whoWouldGet(desk.state(), aWant({ target: { kind: 'nobody', operatorIds: [] } }))).toEqual([]);
  });
});

describe('CH-3 places', () => {
  it('the first who takes a chat has it, and the other is told so', () => {
    const desk = createDesk().with('ann').with('bob');
    desk.want('x');

    desk.claim('ann', 'x');

    expect(
      desk.refusal(() => {
        desk.claim('bob', 'x');
      }),
    ).toMatchObject({ kind: 'conflict', code: 'routing.chat-taken', details: { operator_id: 'ann' } });
    const before = desk.state();
    desk.claim('ann', 'x');
    expect(desk.state()).toBe(before);
  });

  it.each([
    ['an operator at their limit', 'ann', 'y', {}, 'exhausted', 'routing.operator-at-limit'],
    ['a chat that is offered to somebody alone', 'bob', 'alone', {}, 'conflict', 'routing.chat-taken'],
    ['a chat that does not wait', 'bob', 'gone', { isFree: false }, 'conflict', 'routing.chat-not-waiting'],
    ['an associate of another department', 'cid', 'x', {}, 'forbidden', 'routing.not-in-department'],
    ['somebody of whom account has told nothing', 'zoe', 'x', {}, 'not-found', 'routing.operator-not-found'],
  ] as const)('refuses %s', (_name, operatorId, name, facts, kind, code) => {
    const desk = createDesk()
      .with('ann', { limit: 1 })
      .with('bob', { presence: 'busy' })
      .with('cid', { departmentIds: ['care'] });
    desk.want('alone', { manner: 'one-by-one' });
    desk.want('x');
    desk.want('y');
    const before = desk.state();

    expect(
      desk.refusal(() => {
        desk.claim(operatorId, name, facts);
      }),
    ).toMatchObject({ kind, code });
    expect(desk.state()).toBe(before);
  });

  it('a supervisor takes what they like', () => {
    const desk = createDesk().with('ann', { departmentIds: ['care'], role: 'supervisor' });
    desk.want('x');

    desk.claim('ann', 'x');

    expect(desk.holder('x')).toBe('ann');
  });

  it('a chat behind the head of its line, or a missed one, is taken by what its thread says', () => {
    const desk = createDesk().with('ann');

    desk.claim('ann', 'x', { count: 4 });

    expect(holderOf(desk.state(), chat('x'))?.place).toEqual({ chatId: chat('x'), count: 4 });
    expect(desk.said()).toEqual([{ chat: 'x', assigned: 'ann' }]);
  });

  it('a supervisor who assigns exceeds a limit only by force, and the former operator’s place is filled', () => {
    const desk = createDesk().with('ann', { limit: 1 }).with('bob', { limit: 1 });
    for (const name of ['x', 'y', 'z']) desk.want(name, { manner: 'round-robin' });
    desk.said();
    const assign = (isForced: boolean): void => {
      desk.fold({
        kind: 'assign',
        at: at(5),
        chatId: chat('x'),
        operatorId: 'bob',
        cause: 'assigned',
        isForced,
        facts: someFacts,
      });
    };

    expect(
      desk.refusal(() => {
        assign(false);
      }),
    ).toMatchObject({ code: 'routing.operator-at-limit' });
    assign(true);

    expect(desk.said()).toEqual([
      { chat: 'x', assigned: 'bob' },
      { chat: 'z', assigned: 'ann' },
    ]);
    expect(desk.load('bob')).toBe(2);
  });

  it.each([
    [
      'a chat is completed',
      (desk: TestDesk) => {
        desk.release('x');
      },
    ],
    [
      'a limit is raised',
      (desk: TestDesk) => {
        desk.with('ann', { limit: 2 });
      },
    ],
    [
      'an operator comes',
      (desk: TestDesk) => {
        desk.presence('bob', 'available', at(9));
      },
    ],
    [
      'an operator is added and comes',
      (desk: TestDesk) => {
        desk.with('cid');
      },
    ],
    [
      'an operator joins the department',
      (desk: TestDesk) => {
        desk.told('dan', { departmentIds: ['sales'] });
      },
    ],
  ])('freed capacity is filled at once when %s', (_name, happens) => {
    const desk = createDesk()
      .with('ann', { limit: 1 })
      .with('bob', { presence: 'busy' })
      .with('dan', { departmentIds: [] });
    desk.want('x', { manner: 'least-loaded' });
    desk.want('y', { manner: 'least-loaded' });
    expect(desk.said()).toHaveLength(1);

    happens(desk);

    expect(desk.said()).toEqual([{ chat: 'y', assigned: expect.any(String) as string }]);
  });

  it('a lowered limit takes no chat away, passes on what is only offered, and nothing new is given', () => {
    const desk = createDesk().with('ann', { limit: 3 });
    desk.want('x', { manner: 'round-robin' });
    desk.want('y', { manner: 'one-by-one' });

    desk.told('ann', { limit: 1 });

    expect(desk.holder('x')).toBe('ann');
    expect(turnOf(desk.state(), chat('y'))?.offer).toBeNull();
    desk.want('z', { manner: 'round-robin' });
    expect(desk.load('ann')).toBe(1);
  });

  it('an older version of an operator changes nothing', () => {
    const desk = createDesk().with('ann');
    const before = desk.state();

    desk.fold({ ...anOperator('ann'), version: 1, isActive: false });

    expect(desk.state()).toBe(before);
  });

  it('what a thread says again, or said before something newer, is dropped', () => {
    const desk = createDesk().with('ann');
    desk.want('x', { manner: 'round-robin' });
    const before = desk.state();

    desk.want('x', { manner: 'one-by-one' });
    desk.fold({ kind: 'released', at: at(3), chatId: chat('x'), count: 0 });
    desk.fold({ kind: 'wanted', at: at(3), chatId: chat('y'), count: 1, want: aWant(), isStale: true });
    desk.fold({ kind: 'held', at: at(3), chatId: chat('y'), count: 1, operatorId: 'ann', isStale: true });

    expect(desk.state()).toBe(before);
  });

  it('a chat that wants somebody else gives up the place it had', () => {
    const desk = createDesk().with('ann', { limit: 1 });
    desk.want('x', { manner: 'round-robin' });
    desk.want('y', { manner: 'round-robin' });
    desk.said();

    desk.want('x', { departmentId: 'care' }, 2);

    expect(desk.said()).toEqual([{ chat: 'y', assigned: 'ann' }]);
  });

  it('what an operator has by the word of a thread is a fact, whatever their limit', () => {
    const desk = createDesk().with('ann', { limit: 1 });
    desk.want('x', { manner: 'round-robin' });

    desk.fold({ kind: 'held', at: at(3), chatId: chat('y'), count: 1, operatorId: 'ann', isStale: false });

    expect(desk.load('ann')).toBe(2);
  });
});

describe('CH-3 presence', () => {
  it.each(['busy', 'away'] as const)('%s passes offers on, and chats they have stay theirs', (presence) => {
    const desk = createDesk().with('ann').with('bob');
    desk.want('mine', { manner: 'round-robin' });
    desk.want('all');
    desk.want('one', {
      manner: 'one-by-one',
      lastOperatorId: 'ann',
      target: { kind: 'last-operator', operatorIds: [] },
    });
    desk.said();

    desk.presence('ann', presence, at(5));

    expect(desk.said()).toEqual([
      { chat: 'all', offered: ['bob'], until: null },
      { chat: 'one', ended: ['ann'], timedOut: false },
      { chat: 'one', offered: ['bob'], until: at(35) },
    ]);
    expect(desk.holder('mine')).toBe('ann');
  });

  it('an operator whom account has taken away is asked no more', () => {
    const desk = createDesk().with('ann');
    desk.want('x');

    desk.told('ann', { isActive: false });

    expect(desk.said().at(-1)).toEqual({ chat: 'x', ended: ['ann'], timedOut: false });
    expect(
      desk.refusal(() => {
        desk.presence('ann', 'available', at(9));
      }),
    ).toMatchObject({ code: 'routing.operator-not-found' });
  });

  it('goes away on their own without a sign of life: never before the time, at the latest a third of it later', () => {
    const desk = createDesk().with('ann');
    const dueAt = desk.armed().at(-1)?.due?.getTime() ?? 0;
    expect(dueAt - at(0).getTime()).toBe((AWAY_MS * 4) / 3);

    desk.fire(new Date(dueAt));

    expect(desk.state()[operatorKey('ann')]).toMatchObject({ presence: 'away', isAutoAway: true, timer: 0 });
  });

  it('a sign of life costs nothing until a third of the time has passed, and moves the timer then', () => {
    const desk = createDesk().with('ann');
    const before = desk.state();
    const beat = (second: number): void => {
      desk.fold({ kind: 'heartbeat', at: at(second), operatorId: 'ann' });
    };

    beat(99);
    expect(desk.state()).toBe(before);
    beat(100);
    expect(desk.armed().at(-1)?.due).toEqual(new Date(at(100).getTime() + (AWAY_MS * 4) / 3));
  });

  it('a sign of life brings nobody back', () => {
    const desk = createDesk().with('ann', { presence: 'away' });
    const before = desk.state();

    desk.fold({ kind: 'heartbeat', at: at(500), operatorId: 'ann' });

    expect(desk.state()).toBe(before);
  });
});

describe('the head of a line', () => {
  it('is bounded; what is behind it is refilled when it has become short, oldest first, and by the log', () => {
    const desk = createDesk();
    for (let n = 0; n < HEAD + 2; n += 1) desk.want(`c${n}`, { manner: 'round-robin', since: at(n) });
    expect(turnsOf(desk.state())).toHaveLength(HEAD);

    for (let n = 0; n < HEAD / 2; n += 1) desk.release(`c${n}`);
    expect(desk.refills()).toEqual(['sales~all']);
    // What begins to wait now is younger than what is behind the head, and stands behind it.
    desk.want('young', { manner: 'round-robin', since: at(999) });
    expect(turnOf(desk.state(), chat('young'))).toBeUndefined();

    const found = [HEAD, HEAD + 1].map((n) => ({ chatId: chat(`c${n}`), count: 1, want: aWant({ since: at(n) }) }));
    desk.fold({ kind: 'refill', at: at(9), line: 'sales~all', found, isAll: true });

    expect(turnsOf(desk.state())).toHaveLength(HEAD / 2 + 2);
    expect(Object.keys(desk.state()).some((key) => key.startsWith('l:'))).toBe(false);
  });

  it('is not shared by chats that others answer', () => {
    const [ann, bob] = [['ann'], ['bob']].map((operatorIds) => lineOf('sales', { kind: 'operators', operatorIds }));
    expect(
      new Set([
        ann,
        bob,
        lineOf('sales', { kind: 'everyone', operatorIds: [] }),
        lineOf('care', { kind: 'everyone', operatorIds: [] }),
      ]).size,
    ).toBe(4);
    expect(lineOf('sales', { kind: 'operators', operatorIds: ['b', 'a'] })).toBe(
      lineOf('sales', { kind: 'operators', operatorIds: ['a', 'b'] }),
    );
  });

  it('is small as it is stored: a full one with its line, a hundred operators and their chats', () => {
    const desk = createDesk();
    for (let n = 0; n < 100; n += 1) desk.with(`operator-${n}`, { limit: 5 });
    for (let n = 0; n < 500 + HEAD; n += 1) desk.want(`customer-0123456789-${n}`, { manner: 'least-loaded' });

    expect(turnsOf(desk.state())).toHaveLength(HEAD);
    expect(JSON.stringify(desk.state()).length).toBeLessThan(200_000);
  });
});

type TestDesk = ReturnType<typeof createDesk>;
type Told = Partial<Extract<DeskInput, { kind: 'operator-told' }>>;

const anOperator = (operatorId: string) =>
  ({
    kind: 'operator-told',
    at: at(0),
    operatorId,
    version: 1,
    isActive: true,
    role: 'associate',
    departmentIds: ['sales'],
    limit: 5,
  }) as const;

const aWant = (more: Partial<Want> = {}): Want =>
  wantOf({
    brandId: 'brand',
    departmentId: 'sales',
    target: { kind: 'everyone', operatorIds: [] },
    manner: 'all-at-once',
    offerTimeoutMs: 30_000,
    lastOperatorId: '',
    exceptIds: [],
    concurrentLimit: 5,
    since: at(1),
    ...more,
  });

const someFacts: ChatFacts = { count: 1, departmentId: 'sales', concurrentLimit: 5, isFree: true };

/** A desk that remembers what it said, until it is asked. */
function createDesk() {
  let state: Desk = emptyDesk();
  let version = 1;
  let events: DeskEvent[] = [];
  const timers: { timer: string; version: number; due: Date | null }[] = [];
  const refills: string[] = [];

  const desk = {
    state: () => state,
    armed: () => timers,
    refills: () => refills,
    fold(input: DeskInput) {
      const folded = foldDesk(state, input);
      state = folded.state;
      events.push(...folded.events);
      for (const event of folded.events) {
        if ('timer' in event) timers.push(event);
        else if ('line' in event) refills.push(event.line);
      }
    },
    told(operatorId: string, more: Told = {}) {
      version += 1;
      const known = state[operatorKey(operatorId)];
      const limit = known?.limit ?? 5;
      desk.fold({
        ...anOperator(operatorId),
        version,
        limit,
        ...(known && { departmentIds: known.departmentIds }),
        ...more,
      });
    },
    presence(operatorId: string, presence: 'available' | 'busy' | 'away', when: Date) {
      desk.fold({ kind: 'set-presence', at: when, operatorId, presence, awayAfterMs: AWAY_MS });
    },
    with(
      operatorId: string,
      { presence = 'available', ...more }: Told & { presence?: 'available' | 'busy' | 'away' } = {},
    ) {
      desk.told(operatorId, more);
      desk.presence(operatorId, presence, at(0));
      return desk;
    },
    want(name: string, more: Partial<Want> = {}, count = 1) {
      desk.fold({ kind: 'wanted', at: at(1), chatId: chat(name), count, want: aWant(more), isStale: false });
    },
    release(name: string) {
      desk.fold({ kind: 'released', at: at(8), chatId: chat(name), count: 2 });
    },
    claim(operatorId: string, name: string, more: Partial<ChatFacts> = {}) {
      desk.fold({ kind: 'claim', at: at(4), chatId: chat(name), operatorId, facts: { ...someFacts, ...more } });
    },
    /** Fires whatever was armed last for this time. */
    fire(when: Date) {
      const due = timers.findLast((each) => each.due?.getTime() === when.getTime());
      if (!due) throw new Error('nothing is armed for then');
      desk.fold({ kind: 'timer-fired', at: when, timer: due.timer, version: due.version });
    },
    refusal(run: () => void): Failure {
      try {
        run();
      } catch (error) {
        if (error instanceof Failure) return error;
        throw error;
      }
      throw new Error('it was not refused');
    },
    load: (operatorId: string): number => {
      const operator = state[operatorKey(operatorId)];
      return operator ? loadOf(operator) : 0;
    },
    holder: (name: string) => holderOf(state, chat(name))?.operatorId,
    /** What was said to threads since it was last asked. */
    said() {
      const offers = events.flatMap((event) => ('offer' in event ? [event] : []));
      events = [];
      return offers.map(({ chatId, offer }) => ({
        chat: chatId.slice('341.1.'.length, -':1'.length),
        ...(offer.type === 'offered' && { offered: offer.operatorIds, until: offer.until }),
        ...(offer.type === 'assigned' && { assigned: offer.operatorId }),
        ...(offer.type === 'ended' && { ended: offer.operatorIds, timedOut: offer.timedOut }),
      }));
    },
  };
  return desk;
}

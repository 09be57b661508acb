import { Failure } from '@switchboard/errors';
import fc from 'fast-check';
import { available } from './candidates.js';
import { waitBesideAPlace } from './beside.js';
import {
  countsOf,
  type Desk,
  emptyDesk,
  isReserved,
  lineKey,
  partsOf,
  loadOf,
  operatorKey,
  operatorsOf,
  turnKey,
  turnsOf,
} from './desk.js';
import { awayTimer, type DeskEvent, type OfferEvent, offerTimer } from './desk-events.js';
import type { ChatFacts, DeskInput } from './desk-inputs.js';
import { foldDesk } from './fold.js';
import { type Waiting, wantOf } from './want.js';

/** Random histories of a desk, its threads, account and a clock; what is promised is looked at after every fold. */

const HEAD = 2;
const BRAND_LIMIT = 2;
const AWAY_MS = 30_000;
const operators = ['ann', 'bob', 'cid'] as const;
const departments = ['sales', 'care'] as const;
const threads = ['1.1.a', '1.1.b', '1.1.c', '1.1.d', '1.1.e', '1.1.f', '1.1.g'] as const;
const manners = ['all-at-once', 'one-by-one', 'least-loaded', 'round-robin'] as const;
const targets = ['everyone', 'operators', 'last-operator', 'nobody'] as const;
const presences = ['available', 'busy', 'away'] as const;

const operatorId = fc.constantFrom(...operators);
const threadId = fc.constantFrom(...threads);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('want' as const),
      threadId,
      manner: fc.constantFrom(...manners),
      target: fc.constantFrom(...targets),
      department: fc.constantFrom(...departments),
      operatorId,
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('deliver' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), back: fc.nat(30) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('hear' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('claim' as const), threadId, operatorId, isLate: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('assign' as const), threadId, operatorId, isForced: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refuse' as const), threadId, operatorId }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('complete' as const), threadId }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reply' as const), threadId, operatorId }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('presence' as const), operatorId, presence: fc.constantFrom(...presences) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('heartbeat' as const), operatorId }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('told' as const),
      operatorId,
      limit: fc.nat(3),
      isActive: fc.boolean(),
      isOld: fc.boolean(),
      departmentIds: fc.subarray([...departments]),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1_000, 9_000, 35_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fire-late' as const), pick: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('check' as const) }) },
);
const loss = fc.record({ do: fc.constantFrom('lose-request' as const, 'lose-offer' as const) });
type Step = typeof step | typeof loss extends fc.Arbitrary<infer T> ? T : never;

type Request =
  | { kind: 'wanted'; waiting: Waiting }
  | { kind: 'released'; chatId: string; count: number }
  | { kind: 'held'; chatId: string; count: number; operatorId: string }
  | { kind: 'refill'; line: string };

/** A thread, as much of it as concerns the desk. */
interface Thread {
  chat: number;
  isOpen: boolean;
  count: number;
  want: Waiting | null;
  holder: string;
}

/** One world; `run` takes a step, and throws when a promise is broken. */
function createWorld() {
  let desk: Desk = emptyDesk();
  let now = Date.UTC(2026, 10, 25, 12);
  let version = 0;
  let handled = 0;
  const log: Request[] = [];
  const offers: OfferEvent[] = [];
  const timers = new Map<string, { version: number; due: number }>();
  const fired: { timer: string; version: number }[] = [];
  const state = new Map<string, Thread>(
    threads.map((id) => [id, { chat: 0, isOpen: false, count: 0, want: null, holder: '' }]),
  );
  const read = new Map<string, ChatFacts>();
  const at = (): Date => new Date(now);
  const threadOf = (id: string): Thread => {
    const found = state.get(id.split(':')[0] ?? '');
    if (!found) throw new Error(`there is no thread ${id}`);
    return found;
  };
  const chatOf = (id: string): string => `${id}:${state.get(id)?.chat ?? 0}`;

  function factsOf(id: string): ChatFacts {
    const { isOpen, count, holder, want } = threadOf(id);
    const departmentId = want?.want.departmentId ?? 'sales';
    return { count, departmentId, concurrentLimit: BRAND_LIMIT, isFree: isOpen && holder === '' };
  }

  function ask(id: string, say: (chatId: string, count: number) => Request): void {
    const thread = threadOf(id);
    thread.count += 1;
    log.push(say(chatOf(id), thread.count));
  }

  function fold(input: DeskInput): void {
    const before = desk;
    try {
      const { state: next, events } = foldDesk(desk, input, HEAD);
      desk = next;
      events.forEach(take);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return;
    }
    check(before, input);
  }

  function take(event: DeskEvent): void {
    if ('offer' in event) offers.push(event);
    else if ('line' in event) log.push({ kind: 'refill', line: event.line });
    else {
      const { timer, version: armed, due } = event;
      expect(armed).toBeGreaterThan(timers.get(timer)?.version ?? 0);
      timers.set(timer, { version: armed, due: due?.getTime() ?? Infinity });
    }
  }

  /** What an owner does with a record: it asks the threads whether it still holds. */
  function deliver(request: Request): void {
    switch (request.kind) {
      case 'wanted': {
        const { waiting } = request;
        const isStale = threadOf(waiting.chatId).count !== waiting.count;
        fold({ kind: 'wanted', at: at(), ...waiting, isStale });
        return;
      }
      case 'held': {
        fold({ ...request, at: at(), isStale: threadOf(request.chatId).count !== request.count });
        return;
      }
      case 'released':
        fold({ ...request, at: at() });
        return;
      case 'refill': {
        const all = waitingIn(request.line);
        fold({ kind: 'refill', at: at(), line: request.line, found: all.slice(0, HEAD), isAll: all.length < HEAD });
      }
    }
  }

  const waitingIn = (line: string): Waiting[] =>
    [...state.values()]
      .flatMap(({ want }) => (want?.want.line === line ? [want] : []))
      .sort((a, b) => a.want.since.getTime() - b.want.since.getTime() || (a.chatId < b.chatId ? -1 : 1));

  /** The desk beside its threads, as whoever takes it over looks at them. */
  function compare(): void {
    const counts = countsOf(desk);
    const chats = [...counts.keys()].map((chatId) => {
      const [id = ''] = chatId.split(':');
      const { isOpen, count, want, holder } = threadOf(chatId);
      const standing = { chatId: chatOf(id), isOpen, count, want: want?.want ?? null, operatorId: holder };
      return { chatId, standing };
    });
    const asked = [...state.values()].flatMap(({ want }) => (want && want.want.line !== '' ? [want.want.line] : []));
    const lines = [...new Set([...partsOf(desk).lines, ...asked])].map((line) => {
      const unknown = waitingIn(line).filter(({ chatId, count }) => (counts.get(chatId) ?? 0) < count);
      return { line, found: unknown.slice(0, HEAD), isAll: unknown.length <= HEAD };
    });
    fold({ kind: 'checked', at: at(), chats, lines });
  }

  /** A thread hears what the desk says, as it is to answer it. */
  function hear({ chatId, count, offer }: OfferEvent): void {
    if (offer.type !== 'assigned') return;
    const [id = ''] = chatId.split(':');
    const thread = threadOf(chatId);
    const isItsChat = thread.isOpen && chatOf(id) === chatId;
    if (isItsChat && thread.holder === offer.operatorId) return;
    if (isItsChat && thread.count === count) {
      thread.want = null;
      thread.holder = offer.operatorId;
    } else {
      // It answers an earlier request: the place is free again.
      log.push({ kind: 'released', chatId, count });
    }
  }

  function run(step: Step): void {
    switch (step.do) {
      case 'want': {
        const thread = threadOf(step.threadId);
        if (!thread.isOpen) Object.assign(thread, { chat: thread.chat + 1, isOpen: true });
        const want = wantOf({
          brandId: 'brand',
          departmentId: step.department,
          target: { kind: step.target, operatorIds: step.target === 'operators' ? [step.operatorId] : [] },
          manner: step.manner,
          offerTimeoutMs: 8_000,
          lastOperatorId: step.operatorId,
          exceptIds: [],
          concurrentLimit: BRAND_LIMIT,
          since: at(),
        });
        ask(step.threadId, (chatId, count) => {
          const waiting = { chatId, count, want };
          Object.assign(thread, { want: waiting, holder: '' });
          return { kind: 'wanted', waiting };
        });
        return;
      }
      case 'deliver': {
        const request = log[handled];
        if (!request) return;
        handled += 1;
        deliver(request);
        return;
      }
      case 'check':
        compare();
        return;
      case 'lose-request': {
        // What somebody has is looked up in no index, and a line that waits for its refill has a test of its own.
        const { kind } = log[handled] ?? { kind: 'refill' };
        if (kind === 'wanted' || kind === 'released') handled += 1;
        return;
      }
      case 'lose-offer':
        offers.shift();
        return;
      case 'repeat': {
        const request = log[handled - 1 - step.back];
        if (request) deliver(request);
        return;
      }
      case 'hear': {
        const offer = offers.shift();
        if (offer) hear(offer);
        return;
      }
      case 'claim': {
        const chatId = chatOf(step.threadId);
        const facts = step.isLate ? (read.get(chatId) ?? factsOf(step.threadId)) : factsOf(step.threadId);
        read.set(chatId, factsOf(step.threadId));
        fold({ kind: 'claim', at: at(), chatId, operatorId: step.operatorId, facts });
        return;
      }
      case 'assign': {
        if (!threadOf(chatOf(step.threadId)).isOpen) return;
        const about = { chatId: chatOf(step.threadId), facts: factsOf(step.threadId), isForced: step.isForced };
        fold({ kind: 'assign', at: at(), ...about, operatorId: step.operatorId, cause: 'assigned' });
        return;
      }
      case 'refuse':
        fold({ kind: 'refused', at: at(), chatId: chatOf(step.threadId), operatorId: step.operatorId });
        return;
      case 'complete': {
        const thread = threadOf(step.threadId);
        if (!thread.isOpen) return;
        ask(step.threadId, (chatId, count) => ({ kind: 'released', chatId, count }));
        Object.assign(thread, { isOpen: false, want: null, holder: '' });
        return;
      }
      case 'reply': {
        const thread = threadOf(step.threadId);
        if (!thread.isOpen || thread.holder !== '') return;
        ask(step.threadId, (chatId, count) => ({ kind: 'held', chatId, count, operatorId: step.operatorId }));
        Object.assign(thread, { want: null, holder: step.operatorId });
        return;
      }
      case 'presence':
        fold({
          kind: 'set-presence',
          at: at(),
          operatorId: step.operatorId,
          presence: step.presence,
          awayAfterMs: AWAY_MS,
        });
        return;
      case 'heartbeat':
        fold({ kind: 'heartbeat', at: at(), operatorId: step.operatorId });
        return;
      case 'told': {
        const { isOld, limit, isActive, departmentIds } = step;
        if (!isOld) version += 1;
        const said = { role: 'associate' as const, version: isOld ? 1 : version, limit, isActive, departmentIds };
        const before = desk;
        fold({ kind: 'operator-told', at: at(), operatorId: step.operatorId, ...said });
        if (isOld) expect(desk).toBe(before);
        return;
      }
      case 'pass':
        now += step.ms;
        for (const [timer, { version: armed, due }] of timers) {
          if (due > now) continue;
          timers.set(timer, { version: armed, due: Infinity });
          fired.push({ timer, version: armed });
          fold({ kind: 'timer-fired', at: at(), timer, version: armed });
        }
        return;
      case 'fire-late': {
        const late = fired[step.pick % Math.max(1, fired.length)];
        if (!late) return;
        const before = desk;
        fold({ kind: 'timer-fired', at: at(), ...late });
        // It fired before, so whatever it was armed for is over.
        expect(desk).toBe(before);
      }
    }
  }

  function check(before: Desk, input: DeskInput): void {
    const all = operatorsOf(desk);
    const turns = turnsOf(desk);
    // A chat is at the desk once: it waits, or one operator has it.
    const keys = [
      ...turns.map(({ chatId }) => turnKey(chatId)),
      ...all.flatMap(([, { held }]) => held.map(({ chatId }) => turnKey(chatId))),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    for (const [id, operator] of all) {
      const asked = turns.filter(({ offer }) => isReserved(offer) && offer.to.includes(id)).map(({ chatId }) => chatId);
      expect([...operator.asked].sort()).toEqual(asked.sort());
      const limit = operator.limit || BRAND_LIMIT;
      const isOthersDecision =
        ((input.kind === 'held' || (input.kind === 'assign' && input.isForced)) && input.operatorId === id) ||
        (input.kind === 'checked' && input.chats.some(({ standing }) => standing?.operatorId === id));
      const earlier = before[operatorKey(id)];
      const most = Math.max(limit, earlier ? loadOf(earlier) : 0);
      // CH-3: nobody is given more than their limit.
      if (!isOthersDecision) expect(loadOf(operator)).toBeLessThanOrEqual(most);
      if (operator.asked.length > 0 && !isOthersDecision) expect(operator.held.length).toBeLessThan(Math.max(most, 1));
      if (operator.timer !== 0) expect(timers.get(awayTimer(id))?.version).toBe(operator.timer);
      expect(operator.timer === 0).toBe(operator.presence === 'away');
    }
    const there = available(desk);
    for (const { chatId, offer } of turns) {
      for (const id of offer?.to ?? []) expect(there.map(({ operatorId: each }) => each)).toContain(id);
      if (isReserved(offer)) {
        expect(offer.to).toHaveLength(1);
        expect(timers.get(offerTimer(turnKey(chatId)))?.version).toBe(offer.timer);
      }
    }
    checkNobodyWaitsBesideAPlace();
    for (const [line, behind] of [...partsOf(desk).lines].map((line) => [line, desk[lineKey(line)]] as const)) {
      const head = turns.filter(({ want }) => want.line === line).length;
      if (behind === 'more') expect(head).toBeGreaterThan(HEAD / 2);
      else
        expect(
          log.slice(handled - 1 < 0 ? 0 : handled - 1).some((each) => each.kind === 'refill' && each.line === line),
        ).toBe(true);
    }
  }

  /** CH-3: freed capacity is filled at once. */
  function checkNobodyWaitsBesideAPlace(): void {
    expect(waitBesideAPlace(desk)).toEqual([]);
  }

  /** All that was said is heard. */
  function drain(): void {
    for (let turns = 0; turns < 2_000 && (handled < log.length || offers.length > 0); turns += 1) {
      run({ do: 'deliver' });
      run({ do: 'hear' });
    }
  }

  /** All that was said is heard: desk and threads agree. */
  function settle(): void {
    drain();
    expect(handled).toBe(log.length);
    const held = operatorsOf(desk).flatMap(([id, operator]) => operator.held.map(({ chatId }) => `${chatId} ${id}`));
    const known = [...state].flatMap(([id, { holder, isOpen }]) =>
      isOpen && holder !== '' ? [`${chatOf(id)} ${holder}`] : [],
    );
    // Nobody holds a place for a chat that was released, and whoever has a chat holds one.
    expect(held.sort()).toEqual(known.sort());
    for (const [id, thread] of state) {
      const turn = desk[turnKey(`${id}:1`)];
      if (turn) expect({ id, count: turn.count }).toEqual({ id, count: thread.want?.count });
      const want = thread.want?.want;
      if (!want || want.line === '' || turn) continue;
      // Behind the head of its line: then nobody could take it, or enough are before it.
      const line = turnsOf(desk).filter((each) => each.want.line === want.line);
      expect(line.length).toBeGreaterThan(HEAD / 2);
    }
  }

  return { run, drain, settle };
}

describe('CH-3 the desk, whatever happens', () => {
  const begin = () => {
    const world = createWorld();
    const told = { do: 'told', limit: 0, isActive: true, isOld: false } as const;
    for (const id of operators) world.run({ ...told, operatorId: id, departmentIds: [...departments] });
    return world;
  };
  const many = { minLength: 1, maxLength: 150, size: 'max' } as const;

  it('gives nobody more than their limit, lets no chat wait beside a free place, and frees what is released', () => {
    fc.assert(
      fc.property(fc.array(step, many), (steps) => {
        const world = begin();
        for (const each of steps) world.run(each);
        world.settle();
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('agrees with its threads again when it is compared with them, whatever was set aside', () => {
    const lossy = fc.oneof({ weight: 9, arbitrary: step }, { weight: 1, arbitrary: loss });
    fc.assert(
      fc.property(fc.array(lossy, many), (steps) => {
        const world = begin();
        for (const each of steps) world.run(each);
        world.drain();
        world.run({ do: 'check' });
        world.settle();
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});

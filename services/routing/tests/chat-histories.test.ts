import fc from 'fast-check';
import { deadlineOf } from '../src/domain/chat/deadline.js';
import { emptyThread, isOpenChat, type Thread } from '../src/domain/thread.js';
import { isThreadEvent, type Said } from '../src/domain/thread-events.js';
import { type Around, type Happening, type Received, type ThreadInput } from '../src/domain/thread-inputs.js';
import {
  around,
  at,
  botActor,
  command,
  echo,
  fireAll,
  flow,
  fold,
  item,
  minutes,
  operator,
  play,
  reply,
  sent,
  service,
  start,
  supervisor,
  troubled,
} from './support/inputs.js';

/** Random histories of one thread: what must hold whatever happens, in whatever order. */

const actors = [operator('olga'), operator('otto'), supervisor('sue'), service, botActor];
const profanity = {
  languages: [],
  words: ['x'],
  allowedWords: [],
  limit: 2,
  warningText: 'mind your words',
  completeAtLimit: true,
  blockFor: minutes(30),
};
const flows = [
  flow(),
  flow({ version: 2, waiting: null, warning: { before: minutes(1), text: 'still there?' }, closingText: 'bye' }),
  flow({ version: 3, rating: { questionText: 'how was it?', thanksText: 'thanks' }, blockNeedsApproval: true }),
  flow({
    version: 4,
    waiting: minutes(1),
    profanity,
  }),
];
const holds = fc.record({
  flow: fc.constantFrom(...flows),
  bot: fc.constantFrom(null, echo, { ...echo, idleAction: 'hand-over' as const }, { ...echo, botId: 'other' }),
});

const second = fc.nat(4_000);
const actor = fc.constantFrom(...actors);
const chat = fc.integer({ min: 1, max: 4 });
const id = fc.nat(12).map((n) => `i${n}`);
const who = fc.constantFrom('olga', 'otto', '');
const what = fc.constantFrom<Received['what']>(
  'message',
  'message',
  'message',
  'echo',
  'edit',
  'history',
  'reaction',
  'notice',
);
const hits = fc.constantFrom([], [], [{ start: 0, length: 1 }]);
const choice = fc.constantFrom('', '', 'rating:341.1.ana:1:5', 'rating:341.1.ana:2:1');
const offer = fc.oneof(
  fc.record({
    type: fc.constant('offered' as const),
    operators: fc.constant(['olga', 'otto']),
    until: fc.constant(null),
  }),
  fc.record({
    type: fc.constant('assigned' as const),
    operator: fc.constantFrom('olga', 'otto'),
    cause: fc.constantFrom('taken' as const, 'given' as const, 'assigned' as const, 'transferred' as const),
  }),
  fc.record({ type: fc.constant('ended' as const), operators: fc.constant(['olga']), timedOut: fc.boolean() }),
);
/** `due` stands for the fire of whatever is armed by then; what a desk says answers the last request, or one before. */
type Step = Happening | 'due' | { said: Offer['offer']; when: number; chatId: string; late: number };
type Offer = Extract<Happening, { kind: 'offer' }>;
const received = fc
  .tuple(what, id, second, hits, choice, id)
  .map(([kind, itemId, when, found, chosen, target]) =>
    item(kind, itemId, when, { hits: found, choice: chosen, target }),
  );
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant('due' as const) },
  { weight: 10, arbitrary: received },
  { weight: 5, arbitrary: fc.tuple(actor, id, second, chat).map(([by, key, when, n]) => reply(by, key, when, n)) },
  { weight: 2, arbitrary: fc.tuple(actor, id, second).map(([by, key, when]) => start(by, `s${key}`, when)) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(offer, second, chat, fc.constantFrom(0, 0, 0, 1))
      .map(([said, when, n, late]): Step => ({ said, when, chatId: `341.1.ana:${n}`, late })),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        actor,
        fc.oneof(
          fc.constant({ kind: 'complete' } as const),
          who.map((name) => ({ kind: 'refuse', operator: name }) as const),
          who.map(
            (name) => ({ kind: 'transfer', toOperator: name, toDepartment: name ? '' : 'care', note: '' }) as const,
          ),
          fc
            .tuple(fc.constantFrom('refuse' as const, 'withdraw' as const), who)
            .map(([answer, name]) => ({ kind: 'answer-transfer', answer, operator: name }) as const),
          fc.constant({ kind: 'hand-over', department: '', note: '' } as const),
          fc.constant({ kind: 'block', reason: '', duration: 'P1D', spam: false } as const),
          fc.boolean().map((approve) => ({ kind: 'decide-block', approve }) as const),
          fc.constant({ kind: 'unblock' } as const),
          fc.constant({ kind: 'set-tags', tags: ['vip'] } as const),
        ),
        second,
        chat,
      )
      .map(([by, told, when, n]) => command(by, told, when, n)),
  },
  { weight: 1, arbitrary: fc.tuple(id, second).map(([key, when]) => sent(`out-${key}`, when)) },
  { weight: 1, arbitrary: fc.tuple(id, second).map(([key, when]) => troubled(`out-${key}`, when)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('settings-applied' as const, 'bot-detached' as const, 'disconnected' as const), second)
      .map(([kind, when]): Happening => ({ kind, at: at(when) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(second, fc.nat(40))
      .map(([when, version]): Happening => ({ kind: 'fired', at: at(when), version })),
  },
);
const history = fc.array(fc.tuple(step, holds), { maxLength: 60 });

/** Folds a history as the log and callers would; what is refused changes nothing. */
function live(
  steps: readonly (readonly [Step, Pick<Around, 'flow' | 'bot'>])[],
  look: (before: Thread, input: ThreadInput, after: Thread, said: readonly Said[]) => void,
): Thread {
  let thread = emptyThread();
  let now = 0;
  // Somebody wrote once: a desk speaks to threads that asked.
  const first = [item('message', 'first', 0), { flow: flow(), bot: null }] as const;
  for (const [each, more] of [first, ...steps]) {
    if (each === 'due' && !thread.timer) continue;
    const happening = happeningOf(thread, each);
    // Time only goes forward.
    now = Math.max(now, happening.at.getTime());
    const input: ThreadInput = { ...around(0), ...more, now: new Date(now), ...happening };
    try {
      const { state, events } = fold(thread, input);
      look(thread, input, state, events);
      thread = state;
    } catch (error) {
      expect(error).toMatchObject({ name: 'Failure' });
    }
  }
  return thread;
}

function happeningOf({ timer, deskSeen, deskCount }: Thread, step: Step): Happening {
  if (step === 'due') return { kind: 'fired', at: timer?.at ?? at(0), version: timer?.version ?? 0 };
  if (!('said' in step)) return step;
  const { said, when, chatId, late } = step;
  return { kind: 'offer', at: at(when), chatId, sequence: deskSeen + 1, count: deskCount - late, offer: said };
}

it('CH-1, CH-8 at most one chat is open; completed is final; nobody is told of what did not happen', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const open = new Set<string>();
      const completed = new Set<string>();
      live(steps, (_before, _input, after, said) => {
        for (const { detail, chatId } of said.filter(isThreadEvent)) {
          if (detail.type === 'chat-opened') open.add(chatId);
          if (detail.type === 'chat-completed') {
            expect(open.delete(chatId)).toBe(true);
            completed.add(chatId);
          }
          expect(open.size).toBeLessThanOrEqual(1);
          if (detail.type === 'reply-queued' && detail.author !== 'system') expect(completed).not.toContain(chatId);
          if (detail.type === 'chat-assigned') expect(completed).not.toContain(chatId);
        }
        const { chat: last } = after;
        expect(isOpenChat(last) ? last.id : undefined).toBe([...open][0]);
      });
    }),
    { numRuns: 400 },
  );
});

it('TM-2 exactly one timer is live where something is due, and none where nothing is', () => {
  fc.assert(
    fc.property(history, (steps) => {
      /** The timer service, by the commands it was given. */
      let kept: { version: number; due: Date } | undefined;
      let last = 0;
      live(steps, (before, input, after, said) => {
        // The service forgets what it fired.
        if (input.kind === 'fired' && kept?.version === input.version) kept = undefined;
        for (const each of said) {
          if (!('timer' in each)) continue;
          expect(each.timer.version).toBeGreaterThan(last);
          last = each.timer.version;
          kept = each.timer.due ? { version: each.timer.version, due: each.timer.due } : undefined;
        }
        expect(kept && { version: kept.version, at: kept.due }).toEqual(
          after.timer ? { version: after.timer.version, at: after.timer.at } : undefined,
        );
        const { chat: open } = after;
        const isTimed = isOpenChat(open) && (open.state !== 'waiting' || after.timer !== null);
        if (isTimed && after.into === null) expect(after.timer).not.toBeNull();
        if (!isOpenChat(open) && !after.block) expect(after.timer).toBeNull();
        // What moved it is what is due now by the settings that hold now.
        if (after.timer && after.timer.version !== before.timer?.version) {
          expect(deadlineOf(after, input)).toEqual({ due: after.timer.due, at: after.timer.at });
        }
      });
    }),
    { numRuns: 400 },
  );
});

it('TM-2 a fire of another version does nothing', () => {
  fc.assert(
    fc.property(history, fc.nat(60), (steps, version) => {
      const thread = live(steps, () => undefined);
      if (thread.timer?.version === version) return;

      const { state, events } = fold(thread, { kind: 'fired', at: at(9_000), version });

      expect(events).toEqual([]);
      expect(state).toEqual(thread);
    }),
  );
});

it('RX-4, TX-2 what comes twice changes nothing the second time', () => {
  fc.assert(
    fc.property(history, (steps) => {
      live(steps, (_before, input, after) => {
        // Of the rest the positions of the log take care; a desk repeats what holds.
        const isKnownAgain = input.kind === 'received' || input.kind === 'reply' || input.kind === 'sent';
        if (!isKnownAgain && input.kind !== 'fired') return;
        const again = fold(after, input);
        expect(again.events).toEqual([]);
        expect(again.state).toEqual(after);
      });
    }),
    { numRuns: 300 },
  );
});

it('CH-3 nobody has a place at the desk for a chat that is not theirs, once the desk has heard of it', () => {
  fc.assert(
    fc.property(history, (steps) => {
      /** What the desk keeps of each chat, by what it said and was told. */
      const kept = new Map<string, { count: number; operator: string }>();
      live(steps, (_before, input, after, said) => {
        if (input.kind === 'offer' && input.offer.type === 'assigned') {
          // A desk that has heard more answers that.
          if (input.count < (kept.get(input.chatId)?.count ?? 0)) return;
          kept.set(input.chatId, { count: input.count, operator: input.offer.operator });
        }
        for (const each of said) {
          if (!('desk' in each)) continue;
          const { desk, count, chatId } = each;
          const known = kept.get(chatId);
          if (desk.type === 'chat-released' && (known?.count ?? 0) <= count) kept.delete(chatId);
          if (desk.type === 'chat-held') kept.set(chatId, { count, operator: desk.operatorId });
          if (desk.type === 'person-wanted') kept.set(chatId, { count, operator: '' });
        }
        const { chat: last } = after;
        for (const [chatId, { operator }] of kept) {
          expect(isOpenChat(last) && last.id === chatId ? last.operator : 'nobody').toBe(operator);
        }
        // The desk finds in the threads who waits behind its heads.
        const isAsking = last?.state === 'waiting' && last.atDesk;
        expect(after.want !== null).toBe(isAsking);
        // Whoever has a chat has a place.
        if (isOpenChat(last) && last.operator !== '') expect(kept.get(last.id)?.operator).toBe(last.operator);
      });
    }),
    { numRuns: 500 },
  );
});

it('PF-2 a message is counted once, whatever is said of it and however often', () => {
  const patient = { flow: flow({ profanity: { ...profanity, limit: 60 } }), bot: null };
  const complete = fc.constant(command(service, { kind: 'complete' }, 0));
  const told = fc.oneof({ weight: 9, arbitrary: received }, { weight: 1, arbitrary: complete });
  fc.assert(
    fc.property(fc.array(told, { minLength: 20, maxLength: 60 }), (all) => {
      const counted = new Set<string>();
      const inChat = new Map<string, number>();
      const steps = all.map((each) => [each, patient] as const);
      live(steps, (_before, _input, after, said) => {
        for (const { detail, chatId } of said.filter(isThreadEvent)) {
          if (detail.type !== 'profanity-found') continue;
          expect(counted).not.toContain(detail.wamid);
          counted.add(detail.wamid);
          inChat.set(chatId, (inChat.get(chatId) ?? 0) + 1);
          expect(detail.count).toBe(inChat.get(chatId));
        }
        if (after.chat) expect(after.chat.hits).toBe(inChat.get(after.chat.id) ?? 0);
      });
    }),
    { numRuns: 400 },
  );
});

it('CH-9 what falls due at the same time as before keeps its timer, and is what it is now', () => {
  const settings = flow({ idleClose: { customerOwes: minutes(2), operatorOwes: minutes(2) } });
  const olga = operator('olga');
  const opened = [item('message', 'first', 0), reply(olga, 'hi', 1)];
  const before = play(opened, { flow: settings }).thread;
  const transfer = { kind: 'transfer', toOperator: 'otto', toDepartment: '', note: '' } as const;

  const { thread } = play([command(olga, transfer, 1)], { flow: { ...settings, version: 9 } }, before);

  expect(before.timer).toMatchObject({ due: 'idle-close', settings: 1 });
  expect(thread.timer).toEqual({ ...before.timer, due: 'transfer-timeout', settings: 9 });
  expect(fireAll(thread, { flow: settings }).events.map(({ detail }) => detail.type)).toEqual([
    'transfer-ended',
    'chat-completed',
  ]);
});

import { deadlineOf } from '../src/domain/chat/deadline.js';
import { type Around, type Happening } from '../src/domain/thread-inputs.js';
import { emptyThread, type Thread } from '../src/domain/thread.js';
import { isThreadEvent } from '../src/domain/thread-events.js';
import {
  around,
  at,
  botActor,
  command,
  echo,
  fire,
  flow,
  fold,
  item,
  message,
  operator,
  play,
  reply,
  sent,
  service,
  start,
  supervisor,
} from './support/inputs.js';

/**
 * Every state of a chat with everything that can happen to it. A cell is the state after it, `=` for the same, or the
 * refusal. `active` is Olga's, `free` is active and nobody's, `transfer` is Olga's and Otto is asked to take it.
 */

const olga = operator('olga');
const otto = operator('otto');
const sue = supervisor('sue');

const states = ['none', 'bot', 'waiting', 'missed', 'active', 'free', 'transfer', 'completed', 'blocked'] as const;
type State = (typeof states)[number];

const toOtto = { kind: 'transfer', toOperator: 'otto', toDepartment: '', note: '' } as const;
const day = { kind: 'block', reason: '', duration: 'P1D', spam: false } as const;
const opened = message('first', 0);

/** How a thread comes to be in each. */
const make: Record<State, () => Thread> = {
  none: emptyThread,
  bot: () => play([opened], { bot: echo }).thread,
  waiting: () => play([opened]).thread,
  missed: () => {
    const { thread } = play([opened]);
    return play([fire(thread)], {}, thread).thread;
  },
  active: () => play([opened, reply(olga, 'hi', 1)]).thread,
  free: () => play([opened, reply(service, 'hi', 1)]).thread,
  transfer: () => play([opened, reply(olga, 'hi', 1), command(olga, toOtto, 2)]).thread,
  completed: () => play([opened, reply(olga, 'hi', 1), command(olga, { kind: 'complete' }, 2)]).thread,
  blocked: () => play([opened, reply(olga, 'hi', 1), command(olga, day, 2)]).thread,
};

function stateOf({ chat, block }: Thread): string {
  if (block) return 'blocked';
  if (chat === null) return 'none';
  if (chat.state !== 'active') return chat.state;
  if (chat.transfer) return 'transfer';
  if (chat.operator === '') return 'free';
  return chat.operator === 'olga' ? 'active' : chat.operator;
}

const now = 10;
type Offer = Extract<Happening, { kind: 'offer' }>['offer'];
/** As the desk answers the last request of the thread. */
const offer =
  (said: Offer) =>
  ({ deskSeen, deskCount: count }: Thread): Happening => ({
    kind: 'offer',
    at: at(now),
    chatId: '341.1.ana:1',
    sequence: deskSeen + 1,
    count,
    offer: said,
  });
const assigned = (cause: 'given' | 'taken' | 'assigned' | 'transferred') =>
  offer({ type: 'assigned', operator: 'otto', cause });
/** As it answers an earlier one. */
const late = (thread: Thread): Happening =>
  ({ ...assigned('assigned')(thread), count: thread.deskCount - 1 }) as Happening;
const answer = (said: 'refuse' | 'withdraw') => ({ kind: 'answer-transfer', answer: said, operator: '' }) as const;
const found = '!routing.chat-not-found';
const over = '!routing.chat-completed';
const taken = '!routing.chat-taken';
const idle = '!routing.chat-not-active';
const noTransfer = '!routing.no-transfer';
const strict: Partial<Around> = { flow: flow({ blockNeedsApproval: true }) };
const words: Partial<Around> = {
  flow: flow({
    profanity: {
      languages: [],
      words: ['darn'],
      allowedWords: [],
      limit: 1,
      warningText: '',
      completeAtLimit: true,
      blockFor: null,
    },
  }),
};

type Cells = readonly [string, string, string, string, string, string, string, string, string];
type Event = readonly [what: string, happening: (thread: Thread) => Happening, cells: Cells, more?: Partial<Around>];
const same: Cells = ['=', '=', '=', '=', '=', '=', '=', '=', '='];

// A table is read by its columns.
// prettier-ignore
const events: readonly Event[] = [
  // what                                  none        bot          waiting      missed       active       free         transfer     completed    blocked
  ['a message', () => message('m', now), ['waiting',  '=',         '=',         '=',         '=',         '=',         '=',         'waiting',   '=']],
  ['a message, a bot being attached', () => message('m', now),
                                         ['bot',      '=',         '=',         '=',         '=',         '=',         '=',         'bot',       '='], { bot: echo }],
  ['a message that is a repetition', () => message('first', now),
                                         ['waiting',  '=',         '=',         '=',         '=',         '=',         '=',         '=',         '=']],
  ['a message at the limit of words', () => message('m', now, { hits: [{ start: 0, length: 1 }] }),
                                         ['completed','completed', 'completed', 'completed', 'completed', 'completed', 'completed', '=',         '='], words],
  ['a rating', () => message('m', now, { choice: 'rating:341.1.ana:1:4' }),
                                         ['waiting',  '=',         '=',         '=',         '=',         '=',         '=',         '=',         '=']],
  ['a group message', () => message('m', now, { groupId: 'g' }), same],
  ['history', () => item('history', 'm', now), same],
  ['a reaction', () => item('reaction', 'm', now), same],
  ['a notice', () => item('notice', 'm', now), same],
  ['an echo', () => item('echo', 'm', now),
                                         ['=',        '=',         'free',      'free',      '=',         '=',         '=',         '=',         '=']],
  ['a message of a service', () => sent('out', now), same],
  ['a reply of its bot', () => reply(botActor, 'k', now),
                                         [found,      '=',         taken,       taken,       taken,       taken,       taken,       over,        over]],
  ['a reply of Olga', () => reply(olga, 'k', now),
                                         [found,      'active',    'active',    'active',    '=',         'active',    '=',         over,        over]],
  ['a reply of Otto', () => reply(otto, 'k', now),
                                         [found,      'otto',      'otto',      'otto',      taken,       'otto',      taken,       over,        over]],
  ['a reply of a supervisor', () => reply(sue, 'k', now),
                                         [found,      'sue',       'sue',       'sue',       '=',         'sue',       '=',         over,        over]],
  ['a reply of a service', () => reply(service, 'k', now),
                                         [found,      'free',      'free',      'free',      '=',         '=',         '=',         over,        over]],
  ['Olga starts', () => start(olga, 'k', now),
                                         ['active',   'active',    'active',    'active',    '=',         'active',    '=',         'active',    '!routing.customer-blocked']],
  ['Otto starts', () => start(otto, 'k', now),
                                         ['otto',     'otto',      'otto',      'otto',      taken,       'otto',      taken,       'otto',      '!routing.customer-blocked']],
  ['a service starts', () => start(service, 'k', now),
                                         ['free',     'free',      'free',      'free',      '=',         '=',         '=',         'free',      '!routing.customer-blocked']],
  ['an offer', offer({ type: 'offered', operators: ['otto'], until: null }), same],
  ['the end of an offer', offer({ type: 'ended', operators: ['otto'], timedOut: true }), same],
  ['Otto takes it at the desk', assigned('taken'),
                                         ['=',        'otto',      'otto',      'otto',      '=',         'otto',      '=',         '=',         '=']],
  ['the desk gives it to Otto', assigned('given'),
                                         ['=',        'otto',      'otto',      'otto',      '=',         'otto',      '=',         '=',         '=']],
  ['a supervisor assigns it to Otto', assigned('assigned'),
                                         ['=',        'otto',      'otto',      'otto',      'otto',      'otto',      'otto',      '=',         '=']],
  ['Otto accepts a transfer', assigned('transferred'),
                                         ['=',        'otto',      'otto',      'otto',      '=',         'otto',      'otto',      '=',         '=']],
  ['an assignment that comes too late', late, same],
  ['Otto refuses an offer', () => command(otto, { kind: 'refuse', operator: 'otto' }, now),
                                         [found,      '=',         '=',         '=',         '=',         '=',         '=',         over,        over]],
  ['Olga wants a transfer', () => command(olga, toOtto, now),
                                         [found,      idle,        idle,        idle,        'transfer',  'transfer',  '=',         over,        over]],
  ['Otto refuses a transfer', () => command(otto, answer('refuse'), now),
                                         [found,      noTransfer,  noTransfer,  noTransfer,  noTransfer,  noTransfer,  'active',    over,        over]],
  ['Olga takes a transfer back', () => command(olga, answer('withdraw'), now),
                                         [found,      noTransfer,  noTransfer,  noTransfer,  noTransfer,  noTransfer,  'active',    over,        over]],
  ['its bot hands over', () => command(botActor, { kind: 'hand-over', department: '', note: '' }, now),
                                         [found,      'waiting',   '=',         '=',         '=',         '=',         '=',         over,        over]],
  ['the bot is detached', () => ({ kind: 'bot-detached', at: at(now) }),
                                         ['=',        'waiting',   '=',         '=',         '=',         '=',         '=',         '=',         '='], { bot: null }],
  ['Olga completes', () => command(olga, { kind: 'complete' }, now),
                                         [found,      'completed', 'completed', 'completed', 'completed', 'completed', 'completed', '=',         '=']],
  ['Otto completes', () => command(otto, { kind: 'complete' }, now),
                                         [found,      'completed', 'completed', 'completed', taken,       'completed', taken,       '=',         '=']],
  ['its bot completes', () => command(botActor, { kind: 'complete' }, now),
                                         [found,      'completed', taken,       taken,       taken,       taken,       taken,       '=',         '=']],
  ['a note', () => command(otto, { kind: 'add-note', idempotencyKey: 'k', contentHash: 'k', text: 'n' }, now),
                                         [found,      '=',         '=',         '=',         '=',         '=',         '=',         '=',         '=']],
  ['tags', () => command(otto, { kind: 'set-tags', tags: ['vip'] }, now),
                                         [found,      '=',         '=',         '=',         '=',         '=',         '=',         '=',         '=']],
  ['Olga blocks', () => command(olga, day, now),
                                         [found,      'blocked',   'blocked',   'blocked',   'blocked',   'blocked',   'blocked',   'blocked',   '=']],
  ['Olga asks for a block', () => command(olga, day, now),
                                         [found,      '=',         '=',         '=',         '=',         '=',         '=',         '=',         '='], strict],
  ['a supervisor blocks', () => command(sue, day, now),
                                         [found,      'blocked',   'blocked',   'blocked',   'blocked',   'blocked',   'blocked',   'blocked',   '='], strict],
  ['a supervisor approves what nobody asked', () => command(sue, { kind: 'decide-block', approve: true }, now),
                                         [found,      ...Array<string>(7).fill('!routing.no-block-request'), '='] as unknown as Cells],
  ['a supervisor declines what nobody asked', () => command(sue, { kind: 'decide-block', approve: false }, now),
                                         [found,      '=',         '=',         '=',         '=',         '=',         '=',         '=',         '!routing.no-block-request']],
  ['an unblock', () => command(olga, { kind: 'unblock' }, now),
                                         [found,      '=',         '=',         '=',         '=',         '=',         '=',         '=',         'completed']],
  ['its timer', fire,                    ['=',        'waiting',   'missed',    'completed', 'completed', 'completed', 'active',    '=',         'completed']],
  ['a timer of before', (thread) => ({ kind: 'fired', at: at(now), version: (thread.timer?.version ?? 1) - 1 }), same],
  ['a timer that was never armed', () => ({ kind: 'fired', at: at(now), version: 99 }), same],
  ['settings are applied', () => ({ kind: 'settings-applied', at: at(now) }), same],
  ['its number is disconnected', () => ({ kind: 'disconnected', at: at(now) }),
                                         ['=',        'completed', 'completed', 'completed', 'completed', 'completed', 'completed', '=',         '=']],
  ['the customer is joined into another', () => ({ kind: 'joined-into', whose: { number: '341', connection: 1, customer: 'ana', owner: null }, at: at(now), intoThread: 't', intoCustomer: 'bea' }),
                                         ['=',        'completed', 'completed', 'completed', 'completed', 'completed', 'completed', '=',         '=']],
  ['a join is undone', () => ({ kind: 'parted', at: at(now) }), same],
  ['the thread is adopted', () => ({ kind: 'adopt', at: at(now), owner: { organisationId: 'acme', brandId: 'brand', departmentId: 'sales' } }), same],
  ['trouble with a message', () => ({ kind: 'troubled', whose: { number: '341', connection: 1, customer: 'ana', owner: null }, at: at(now), eventId: 'e', messageId: 'm', chatId: '', trouble: 'failed', code: 'c', reason: 'r' }), same],
];

const cells = events.flatMap(([what, happening, expected, more]) =>
  states.map((state, column) => ({ state, what, happening, expected: expected[column] ?? '', more })),
);

describe.each(states)('CH a chat that is %s', (state) => {
  it.each(cells.filter((cell) => cell.state === state).map((cell) => [cell.what, cell] as const))(
    'and %s',
    (_, { happening, expected, more }) => {
      const before = make[state]();
      const input = happening(before);
      const holds = { bot: state === 'bot' ? echo : null, ...more };

      if (expected.startsWith('!')) {
        expect(() => fold(before, input, holds)).toThrow(expect.objectContaining({ code: expected.slice(1) }));
        return;
      }
      const { state: after, events: said } = fold(before, input, holds);

      expect(stateOf(after)).toBe(expected === '=' ? stateOf(before) : expected);
      // What changed was told.
      if (stateOf(after) !== stateOf(before)) expect(said.filter(isThreadEvent).length).toBeGreaterThan(0);
      // One timer at most, and it is the one that is due (none was moved by what is no message and no change of state).
      const { flow: settings } = around(0, holds);
      if (after.timer?.version !== before.timer?.version) {
        const due = deadlineOf(after, { flow: settings, bot: holds.bot ?? null });
        expect(after.timer?.at).toEqual(due?.at);
        expect(after.timers).toBe(before.timers + (input.kind === 'fired' && !due ? 0 : 1));
      }
    },
  );
});

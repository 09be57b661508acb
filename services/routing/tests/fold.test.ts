import { type Received, type ThreadInput } from '../src/domain/thread-inputs.js';
import {
  acme,
  around,
  at,
  fold,
  item,
  message,
  play as playAll,
  type Played,
  reply as replyOf,
  command,
  sent,
  service,
  troubled,
  typesOf,
  whose,
} from './support/inputs.js';

/** What came by the log, replies and messages of services, folded into a thread. */

const play = (...happenings: Parameters<typeof playAll>[0]): Played => playAll(happenings);
const reply = (key: string, second: number, more: object = {}) => ({ ...replyOf(service, key, second), ...more });
const complete = (second: number) => command(service, { kind: 'complete' }, second);
/** Whom rules ask is shown by tests of its own. */
const types = (played: Pick<Played, 'events'>): string[] => typesOf(played).filter((type) => type !== 'chat-routed');

describe('CH-1 a customer’s message', () => {
  it('opens a chat where none is open, and is appended where one is', () => {
    const played = play(message('a', 1), message('b', 2));

    expect(types(played)).toEqual(['chat-opened', 'message-appended', 'message-appended']);
    expect(played.thread.chat).toMatchObject({ id: '341.1.ana:1', state: 'waiting', unread: 2, lastPreview: 'b' });
  });

  it('CH-8 opens a new chat, linked to the former, after that was completed', () => {
    const { thread } = play(message('a', 1), complete(2), message('b', 3));

    expect(thread.chat).toMatchObject({ id: '341.1.ana:2', former: '341.1.ana:1', state: 'waiting' });
  });

  it('of a group opens none', () => {
    expect(types(play(message('a', 1, { groupId: 'g' })))).toEqual(['notice-appended']);
  });

  it('moves the window by Meta’s clock, and never back', () => {
    expect(play(message('late', 5), message('early', 3)).thread.last).toEqual({ wamid: 'late', at: at(5) });
  });
});

describe('RX-4 an item that comes again', () => {
  it('has no effect, however it comes', () => {
    const once = play(message('a', 1));

    expect(play(message('a', 1), message('a', 1), message('a', 9)).events).toEqual(once.events);
  });

  it('has no effect when the transcript has it', () => {
    expect(types(play(message('old', 1, { seenBefore: true })))).toEqual([]);
  });

  it('is known by the ring for at least the last 64 items and a quarter of an hour', () => {
    const many = Array.from({ length: 500 }, (_, index) => message(`m${index}`, index));
    const { thread, events } = play(...many);

    const again = many.slice(-64).flatMap((input) => fold(thread, input).events);

    expect(again).toEqual([]);
    expect(events).toHaveLength(502);
  });
});

describe('what is no customer’s message', () => {
  it.each<[Received['what'], string[]]>([
    ['history', ['message-appended']],
    ['echo', ['message-appended']],
    ['edit', ['message-edited']],
    ['revocation', ['message-revoked']],
    ['reaction', ['reaction-changed']],
    ['notice', ['notice-appended']],
  ])('ON-16 %s opens no chat and no window', (what, said) => {
    const played = play(item(what, 'x', 1));

    expect(types(played)).toEqual(said);
    expect(played.thread).toMatchObject({ chat: null, last: null });
  });

  it('an echo answers: the chat is active and nothing is unread', () => {
    expect(play(message('a', 1), item('echo', 'b', 2)).thread.chat).toMatchObject({ state: 'active', unread: 0 });
  });
});

describe('a reply', () => {
  it('makes the chat active and is queued with the customer’s last message', () => {
    const { thread, events } = play(message('a', 1), reply('k', 2));

    expect(thread.chat).toMatchObject({ state: 'active', unread: 0, lastAuthor: 'operator' });
    expect(events.at(-1)?.detail).toMatchObject({
      type: 'reply-queued',
      lastInbound: { wamid: 'a' },
      recipient: { phone: '12025550143' },
    });
  });

  it('TX-2 with the same key and content is the same message', () => {
    const { thread, events } = play(message('a', 1), reply('k', 2));

    const again = fold(thread, reply('k', 3), {}, 9);

    expect(again).toMatchObject({ events: [], result: { sequence: events.length } });
  });

  it('TX-2 is remembered also after the chat was completed', () => {
    const { thread } = play(message('a', 1), reply('k', 2), complete(3));

    expect(fold(thread, reply('k', 4), {}, 9).result.sequence).toBe(4);
  });

  it.each([
    [
      'with the key of another',
      [message('a', 1), reply('k', 2), reply('k', 3, { contentHash: 'x' })],
      'routing.key-reused',
    ],
    ['CH-8 to a completed chat', [message('a', 1), complete(2), reply('k', 3)], 'routing.chat-completed'],
    ['to the chat before', [message('a', 1), complete(2), message('b', 3), reply('k', 4)], 'routing.chat-completed'],
    [
      'to a chat there never was',
      [message('a', 1), reply('k', 2, { chatId: '341.1.ana:7' })],
      'routing.chat-not-found',
    ],
    [
      'SE-1 of another organisation',
      [message('a', 1), reply('k', 2, { organisationId: 'globex' })],
      'routing.chat-not-found',
    ],
    ['to a thread there is not', [reply('k', 1)], 'routing.chat-not-found'],
  ])('%s is refused', (_, inputs, code) => {
    expect(() => play(...inputs)).toThrow(expect.objectContaining({ code }));
  });

  it('CH-13 opens the free entry when it answers an advertisement in time', () => {
    const { thread } = play(message('a', 1, { isAd: true }), reply('k', 2));

    expect(thread.freeUntil).toEqual(new Date(at(2).getTime() + 72 * 3_600_000));
  });
});

describe('CH-8 a message of a service or a broadcast', () => {
  it('opens no chat: not for somebody who never wrote, nor after the last chat was completed', () => {
    const stranger = play(sent('out-1', 1));
    const former = play(message('a', 1), complete(2), sent('out-1', 3));

    expect(types(stranger)).toEqual(['message-appended']);
    expect(stranger.thread).toMatchObject({ ...whose, chat: null, last: null, address: { phone: '12025550143' } });
    expect(stranger.events[0]).toMatchObject({ chatId: '', about: { number: '341', customer: 'ana', owner: acme } });
    expect(types(former).slice(3)).toEqual(['message-appended']);
    expect(former.events.at(-1)?.chatId).toBe('');
    expect(former.thread.chat).toMatchObject({ id: '341.1.ana:1', state: 'completed', lastPreview: 'a' });
  });

  it('stands in the open chat and answers nobody: who waits goes on waiting', () => {
    const { thread, events } = play(message('a', 1), sent('out-1', 2, { replyTo: 'a' }));

    expect(thread.chat).toMatchObject({ state: 'waiting', unread: 1, lastPreview: 'out-1', lastAuthor: 'service' });
    expect(events.at(-1)).toMatchObject({
      chatId: '341.1.ana:1',
      detail: { author: 'service', messageId: 'out-1', wamid: '', context: { messageId: 'a' }, unread: 1 },
    });
  });

  it('is answered by the customer, and that opens a chat, linked to the former', () => {
    const { thread, events } = play(message('a', 1), complete(2), sent('out-1', 3), message('b', 4));

    expect(thread.chat).toMatchObject({ id: '341.1.ana:2', former: '341.1.ana:1', state: 'waiting', unread: 1 });
    expect(events.slice(-2).map(({ chatId }) => chatId)).toEqual(['341.1.ana:2', '341.1.ana:2']);
  });

  it('moves no window: only customers do', () => {
    expect(play(message('a', 1), sent('out-1', 5)).thread.last).toEqual({ wamid: 'a', at: at(1) });
  });

  it('RX-4 is appended once, however often it is told', () => {
    expect(types(play(sent('out-1', 1), sent('out-1', 1), sent('out-2', 2, { seenBefore: true })))).toEqual([
      'message-appended',
    ]);
  });

  it('has its trouble told in the chat where it stands, whatever was open when it was asked for', () => {
    const asked = { chatId: '341.1.ana:1' };
    const outside = play(message('a', 1), complete(2), sent('out-1', 3), message('b', 4), troubled('out-1', 5, asked));
    const inside = play(message('a', 1), sent('out-1', 2), troubled('out-1', 3, { chatId: '' }));

    expect(outside.events.at(-1)).toMatchObject({ chatId: '', detail: { type: 'message-troubled' } });
    expect(inside.events.at(-1)).toMatchObject({ chatId: '341.1.ana:1', detail: { type: 'message-troubled' } });
  });
});

describe('trouble with a message', () => {
  it('is told in the chat of the reply, once', () => {
    const trouble = troubled('341.1.ana:3', 3, { chatId: '341.1.ana:1' });
    const { events } = play(message('a', 1), reply('k', 2), trouble, trouble);

    expect(types({ events }).slice(3)).toEqual(['message-troubled']);
    expect(events.at(-1)?.chatId).toBe('341.1.ana:1');
  });

  it('is told under its number also when it is the first that a thread hears', () => {
    expect(play(troubled('out-1', 1)).events[0]?.about).toMatchObject({ number: '341', customer: 'ana' });
  });
});

describe('completing', () => {
  it('CH-8 is final, and harmless twice', () => {
    const played = play(message('a', 1), complete(2), complete(3));

    expect(types(played)).toEqual(['chat-opened', 'message-appended', 'chat-completed']);
    expect(played.thread.chat).toMatchObject({ state: 'completed', completedAt: at(2) });
  });

  it('happens when the number leaves the organisation', () => {
    const { thread } = play(message('a', 1), { kind: 'disconnected', at: at(2) });

    expect(thread.chat).toMatchObject({ state: 'completed', completion: 'number-disconnected' });
  });

  it('RX-6 happens in one write with the pointer to the customer that goes on', () => {
    const joined: ThreadInput = {
      kind: 'joined-into',
      whose,
      at: at(2),
      intoThread: 't2',
      intoCustomer: 'bea',
      ...around(2),
    };
    const played = play(message('a', 1), joined, joined);

    expect(types(played).slice(2)).toEqual(['chat-completed', 'thread-joined']);
    expect(played.thread.into).toBe('t2');
    expect(types(play(message('a', 1), joined, { kind: 'parted', at: at(3) })).at(-1)).toBe('thread-parted');
  });
});

describe('ON-15 a thread of a number that was nobody’s', () => {
  const unclaimed = { ...whose, owner: null };

  it('is adopted by the sweep', () => {
    const { thread, events } = play(message('a', 1, { whose: unclaimed }), {
      kind: 'adopt',
      at: at(2),
      owner: acme,
    });

    expect(thread.owner).toEqual(acme);
    expect(events.slice(-2)).toMatchObject([
      { detail: { type: 'thread-adopted' }, about: { owner: acme } },
      { detail: { type: 'chat-routed' } },
    ]);
  });

  it('is adopted by the next message, once', () => {
    const played = play(message('a', 1, { whose: unclaimed }), message('b', 2), {
      kind: 'adopt',
      at: at(3),
      owner: acme,
    });

    expect(types(played)).toEqual(['chat-opened', 'message-appended', 'thread-adopted', 'message-appended']);
  });
});

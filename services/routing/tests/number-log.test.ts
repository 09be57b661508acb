import { MessageEvent, MessageState } from '@switchboard/contracts/egress/v1/events';
import { MessageKind } from '@switchboard/contracts/ingress/v1/events';
import { Author, CompletionReason } from '@switchboard/contracts/routing/v1/events';
import { type Customers } from '../src/use-cases/ports.js';
import { service } from './support/threads.js';
import { memoryCustomers } from './support/twins.js';
import { createWorld, NUMBER, numberState, type World, wrote } from './support/world.js';

/** What routing hears, with its stores in memory. */

const ana = { phone: '12025550143', userId: 'US.1' };
const minutes = 60_000;
const later = ({ clock }: World, ms: number): Date => new Date(clock.now().getTime() + ms);
/** Whom rules ask is shown by tests of its own. */
const typesSaid = (world: World): string[] =>
  world
    .said()
    .map(({ event }) => event?.$case ?? '')
    .filter((type) => type !== 'chatRouted');
const chatIds = (world: World): string[] =>
  world.said().flatMap(({ event, chatId }) => (event?.$case === 'messageAppended' ? [chatId] : []));
const ids = (world: World, fromEnd: number): string => world.said().at(-fromEnd)?.threadId ?? '';

async function connected(): Promise<World> {
  const world = createWorld();
  await world.hearNumbers(numberState(1));
  return world;
}

describe('CH-1 a customer’s message', () => {
  it('opens a chat of the number’s owner, once, wherever it is read again', async () => {
    const world = await connected();
    const message = wrote(ana, 'w1', world.clock.now());

    await world.hearMessages(message, message);
    await world.hearMessages(message);

    expect(typesSaid(world)).toEqual(['chatOpened', 'messageAppended']);
    expect(world.said()[0]).toMatchObject({ organisationId: 'acme', departmentId: 'sales', sequence: 1n });
  });

  it('RX-4 is known again after days, by the transcript', async () => {
    const world = await connected();
    const [start, old] = [world.clock.now(), wrote(ana, 'old', world.clock.now())];
    await world.hearMessages(old);
    // More than the ring of a thread keeps.
    await world.hearMessages(
      ...Array.from({ length: 80 }, (_, n) => wrote(ana, `w${n}`, later(world, (20 + n) * minutes))),
    );
    const before = world.said().length;

    await world.hearMessages(wrote(ana, 'old', start, { receivedAt: later(world, 5 * 1_440 * minutes) }));

    expect(world.said()).toHaveLength(before);
  });

  it('RX-4 is known again after days also by the customer it was joined into', async () => {
    const world = await connected();
    const start = world.clock.now();
    await world.hearMessages(wrote({ phone: '1202' }, 'by-phone', start));
    await world.hearMessages(wrote({ userId: 'US.2' }, 'by-id', start));
    await world.hearMessages(wrote({ phone: '1202', userId: 'US.2' }, 'both', later(world, minutes)));
    await world.hearJoins();
    const before = world.said().length;

    await world.hearMessages(wrote({ phone: '1202' }, 'by-phone', start, { receivedAt: later(world, 60 * minutes) }));

    expect(world.said()).toHaveLength(before);
  });

  it.each([
    ['in one stretch', 1],
    ['one by one', 3],
  ])('RX-4 that Meta repeats just after two customers became one is one message, read %s', async (_how, parts) => {
    const world = await connected();
    const now = world.clock.now();
    const first = wrote({ phone: '1202' }, 'by-phone', now);
    const items = [
      wrote({ userId: 'US.2' }, 'by-id', now),
      first,
      wrote({ phone: '1202', userId: 'US.2' }, 'both', now),
    ];
    const all = [...items, first];

    if (parts === 1) await world.hearMessages(...all);
    else for (const item of all) await world.hearMessages(item);

    expect(typesSaid(world).filter((type) => type === 'messageAppended')).toHaveLength(3);
  });

  it('that names nobody is nobody’s', async () => {
    const world = await connected();

    await world.hearMessages(wrote({}, 'w1', world.clock.now(), { kind: MessageKind.MESSAGE_KIND_ERROR }));

    expect(world.said()).toEqual([]);
  });
});

describe('what cannot be read', () => {
  it('is kept with the reason, and its neighbours go through', async () => {
    const world = await connected();

    await world.hearMessages(
      wrote(ana, 'w1', world.clock.now()),
      Buffer.from([0xff, 0xff]),
      wrote(ana, 'w2', world.clock.now()),
    );

    expect(typesSaid(world)).toEqual(['chatOpened', 'messageAppended', 'messageAppended']);
    expect(world.kept).toEqual([expect.stringContaining('undecodable')]);
  });
});

describe('account.numbers', () => {
  it('ON-15 adopts the threads that waited, once, also when a former owner left some', async () => {
    const world = createWorld();
    await world.hearMessages(wrote(ana, 'w1', world.clock.now()), wrote({ phone: '1203' }, 'w2', world.clock.now()));

    await world.hearNumbers(numberState(1), numberState(1));
    await world.adoptLeft([NUMBER], world.clock.now());

    expect(typesSaid(world).slice(4)).toEqual(['threadAdopted', 'threadAdopted']);
    expect(world.said().at(-1)?.organisationId).toBe('acme');
  });

  it('ON-17 completes the chats of an organisation that lost the number; the next owner sees none of them', async () => {
    const world = await connected();
    await world.hearMessages(wrote(ana, 'w1', world.clock.now()));

    await world.hearNumbers(numberState(2, { organisationId: '', connection: 2 }));
    await world.hearNumbers(numberState(3, { organisationId: 'globex', connection: 2 }));
    await world.hearMessages(wrote(ana, 'w2', later(world, minutes)));

    expect(world.said()[3]?.event).toMatchObject({
      $case: 'chatCompleted',
      value: { reason: CompletionReason.COMPLETION_REASON_NUMBER_DISCONNECTED },
    });
    expect(ids(world, 1)).not.toBe(world.said()[0]?.threadId);
    expect(world.said().at(-1)).toMatchObject({ organisationId: 'globex', sequence: 3n });
  });

  it('is not turned back by an older version', async () => {
    const world = createWorld();
    await world.hearNumbers(numberState(5));

    await world.hearNumbers(numberState(4, { organisationId: 'globex' }));
    await world.hearMessages(wrote(ana, 'w1', world.clock.now()));

    expect(world.said()[0]?.organisationId).toBe('acme');
  });
});

describe('RX-6 a join', () => {
  async function two(customers: Customers = memoryCustomers()) {
    const world = createWorld({ customers });
    await world.hearNumbers(numberState(1));
    await world.hearMessages(
      wrote({ phone: '1202' }, 'a', world.clock.now()),
      wrote({ userId: 'US.2' }, 'b', world.clock.now()),
    );
    const [ended, survivor] = [world.said()[0]?.customerId ?? '', world.said()[3]?.customerId ?? ''];
    return { world, ended, survivor };
  }
  const told = { number: NUMBER, connection: 1, undone: false };

  it('that an item shows is told, and completes the chat of the one who ends', async () => {
    const { world, ended } = await two();

    await world.hearMessages(wrote({ phone: '1202', userId: 'US.2' }, 'c', later(world, minutes)));
    expect(world.joins).toHaveLength(1);
    await world.hearJoins();

    expect(typesSaid(world).slice(-2)).toEqual(['chatCompleted', 'threadJoined']);
    expect(ids(world, 1)).toBe(`${NUMBER}.1.${ended}`);
  });

  it('that a person orders gives the names over; undone, they go back', async () => {
    const { world, ended, survivor } = await two();
    const join = { ...told, ended, survivor, at: world.clock.now() };

    await world.tellJoins([{ ...join, eventId: 'join' }]);
    await world.hearJoins();
    await world.hearMessages(wrote({ phone: '1202' }, 'c', later(world, minutes)));
    expect(ids(world, 1)).toBe(`${NUMBER}.1.${survivor}`);

    await world.tellJoins([{ ...join, eventId: 'undo', undone: true }]);
    await world.hearJoins();
    await world.hearMessages(wrote({ phone: '1202' }, 'd', later(world, 2 * minutes)));
    expect(ids(world, 1)).toBe(`${NUMBER}.1.${ended}`);
  });

  it('loses no name when only the first half of it was written', async () => {
    const stored = memoryCustomers();
    let torn = 0;
    const customers: Customers = {
      ...stored,
      save(changed) {
        const [first] = changed;
        if (!first || changed.length < 2 || changed.some(({ version }) => version === 0) || torn > 0)
          return stored.save(changed);
        torn += 1;
        stored.put(first);
        return Promise.resolve(false);
      },
    };
    const { world, ended, survivor } = await two(customers);

    await world.tellJoins([{ ...told, eventId: 'join', ended, survivor, at: world.clock.now() }]);
    await world.hearJoins();
    await world.hearMessages(wrote({ phone: '1202' }, 'c', later(world, minutes)));

    expect(torn).toBe(1);
    expect(ids(world, 1)).toBe(`${NUMBER}.1.${survivor}`);
  });
});

describe('egress.messages', () => {
  const event = (of: Partial<MessageEvent>): MessageEvent => ({
    ...MessageEvent.decode(new Uint8Array()),
    phoneNumberId: NUMBER,
    organisationId: 'acme',
    sequence: 1n,
    state: MessageState.MESSAGE_STATE_ACCEPTED,
    ...of,
  });
  const accepted = (world: World, threadId: string, messageId: string, more: Partial<MessageEvent> = {}) =>
    event({
      threadId,
      messageId,
      occurredAt: world.clock.now(),
      event: {
        $case: 'accepted',
        value: {
          content: { kind: { $case: 'text', value: { body: 'shipped' } } },
          recipient: { phone: '1202' },
          idempotencyKey: 'k',
          replyToWhatsappMessageId: '',
          bulk: false,
        },
      },
      ...more,
    });
  const refused = (world: World, threadId: string, messageId: string) =>
    event({
      threadId,
      messageId,
      sequence: 2n,
      chatId: `${threadId}:9`,
      occurredAt: world.clock.now(),
      state: MessageState.MESSAGE_STATE_REFUSED,
      event: {
        $case: 'refused',
        value: { code: 'egress.window-closed', reason: 'closed', remedy: 'template', nextAttempt: 1 },
      },
    });

  it('CH-8 what a service sent is in the thread, also of somebody who never wrote, and opens no chat', async () => {
    const world = await connected();
    const thread = `${NUMBER}.1.nobody`;

    await world.hearEgress(accepted(world, thread, 'out-1'));

    expect(world.said()).toMatchObject([
      {
        threadId: thread,
        sequence: 1n,
        chatId: '',
        organisationId: 'acme',
        phoneNumberId: NUMBER,
        customerId: 'nobody',
        event: { value: { author: Author.AUTHOR_SERVICE, messageId: 'out-1', customer: { phone: '1202' } } },
      },
    ]);
  });

  it('CH-8 what a service sent belongs to the chat that is open; the answer after it was completed opens another', async () => {
    const world = await connected();
    await world.hearMessages(wrote(ana, 'w1', world.clock.now()));
    const thread = ids(world, 1);

    await world.hearEgress(accepted(world, thread, 'out-1'));
    await world.mark.complete('acme', `${thread}:1`, service('olga'));
    await world.hearEgress(accepted(world, thread, 'out-2', { chatId: `${thread}:1` }));
    await world.hearMessages(wrote(ana, 'w2', later(world, minutes)));

    expect(chatIds(world)).toEqual([`${thread}:1`, `${thread}:1`, '', `${thread}:2`]);
    expect(world.said().at(-3)?.event).toMatchObject({ $case: 'chatOpened', value: { formerChatId: `${thread}:1` } });
  });

  it('RX-4 what egress says again is no second message and no second trouble', async () => {
    const world = await connected();
    const thread = `${NUMBER}.1.nobody`;
    const events = [accepted(world, thread, 'out-1'), refused(world, thread, 'out-1')];

    await world.hearEgress(...events);
    await world.hearEgress(...events);

    expect(typesSaid(world)).toEqual(['messageAppended', 'messageTroubled']);
    // Where the message stands, not where egress thought it would.
    expect(world.said()[1]?.chatId).toBe('');
  });

  it('TX-4 a message that somebody gave up has failed, and the thread says that nobody knows of it', async () => {
    const world = await connected();
    const thread = `${NUMBER}.1.nobody`;
    const gaveUp = event({
      ...refused(world, thread, 'out-1'),
      state: MessageState.MESSAGE_STATE_FAILED,
      event: { $case: 'failed', value: { attempt: 1, error: undefined, remedy: '' } },
    });

    await world.hearEgress(accepted(world, thread, 'out-1'), gaveUp);

    expect(world.said()[1]?.event).toMatchObject({ $case: 'messageTroubled', value: { code: 'egress.given-up' } });
  });

  it('RX-4 what egress says again is known after days too, by the transcript', async () => {
    const world = await connected();
    await world.hearMessages(wrote(ana, 'w0', world.clock.now()));
    const message = accepted(world, ids(world, 1), 'out-1');
    await world.hearEgress(message);
    await world.hearMessages(
      ...Array.from({ length: 80 }, (_, n) => wrote(ana, `w${n + 1}`, later(world, (20 + n) * minutes))),
    );
    const before = world.said().length;

    await world.hearEgress(message);

    expect(world.said()).toHaveLength(before);
  });

  it('a reply that was accepted is in its thread already', async () => {
    const world = await connected();
    await world.hearMessages(wrote(ana, 'w1', world.clock.now()));
    const thread = ids(world, 1);
    const before = world.said().length;

    await world.hearEgress(accepted(world, thread, `${thread}:3`));

    expect(world.said()).toHaveLength(before);
  });

  it('a message outside of any thread is nobody’s', async () => {
    const world = await connected();

    await world.hearEgress(accepted(world, '', 'out-1'));

    expect(world.said()).toEqual([]);
  });
});

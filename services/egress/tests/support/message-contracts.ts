import { type Outcome } from '../../src/domain/attempt.js';
import { BULK, type Draft, INTERACTIVE } from '../../src/domain/message.js';
import { type MessageLists, type MessageQuery, type Messages, type Queue } from '../../src/use-cases/ports.js';
import { at, fresh } from './fresh.js';

/** What is promised of messages that wait, and of lists of them, whatever keeps them. */

const draft = (number: string, order: number, more: Partial<Draft> = {}): Draft => ({
  organisation: 'acme',
  number,
  customer: 'anna',
  thread: 't',
  chat: 't:1',
  threadSequence: order,
  content: { kind: 'text', text: `text ${order}`, previewUrl: false },
  recipient: { phone: '12025550188' },
  replyTo: '',
  idempotencyKey: '',
  contentHash: '',
  lastInboundAt: at(0),
  wallet: '',
  partition: Number(number),
  priority: 0,
  order,
  ...more,
});

async function accept(messages: Messages, of: Draft, when = at(0)): Promise<string> {
  const messageId = fresh('message-');
  const common = { refusal: undefined, whenRefused: 'say', wake: false, at: when } as const;
  await messages.command(messageId, { kind: 'accept', draft: of, ...common });
  return messageId;
}

/** What lists of messages promise. */
export function messageListsContract(
  name: string,
  open: () => { readonly lists: MessageLists; readonly messages: Messages },
): void {
  describe(`${name} lists of messages`, () => {
    const idsOf = async (lists: MessageLists, query: Partial<MessageQuery>) => {
      const none = { number: undefined, customer: undefined, states: [], from: undefined, until: undefined };
      const found = await lists.find({ organisation: '', after: undefined, limit: 10, ...none, ...query });
      return found.map(({ messageId }) => messageId);
    };

    it('give the messages of an organisation, newest first, with their sequence', async () => {
      const { lists, messages } = open();
      const [organisation, number] = [fresh('org-'), fresh('8000')];
      const ids: string[] = [];
      for (const second of [1, 3, 2])
        ids.push(await accept(messages, draft(number, second, { organisation }), at(second)));
      await accept(messages, draft(number, 4, { organisation: fresh('org-') }), at(4));

      expect(await idsOf(lists, { organisation })).toEqual([ids[1], ids[2], ids[0]]);
      const [newest] = await lists.find({
        organisation,
        number: undefined,
        customer: undefined,
        states: [],
        from: undefined,
        until: undefined,
        after: undefined,
        limit: 1,
      });
      expect(newest).toMatchObject({ sequence: 1, message: { state: 'accepted', acceptedAt: at(3), number } });
    });

    it('go on after a place, also among those of one instant, and stop at the limit', async () => {
      const { lists, messages } = open();
      const organisation = fresh('org-');
      const ids: string[] = [];
      for (const second of [1, 2, 2, 2, 3])
        ids.push(await accept(messages, draft(fresh('8000'), second, { organisation }), at(second)));
      const all = await idsOf(lists, { organisation });

      const after = { acceptedAt: at(2), messageId: all[1] ?? '' };

      expect(all.slice(0, 1)).toEqual(ids.slice(4));
      expect(all.slice(4)).toEqual(ids.slice(0, 1));
      expect(await idsOf(lists, { organisation, after })).toEqual(all.slice(2));
      expect(await idsOf(lists, { organisation, after, limit: 1 })).toEqual(all.slice(2, 3));
    });

    it('are of a number, a customer, some states, a time', async () => {
      const { lists, messages } = open();
      const [organisation, one, other] = [fresh('org-'), fresh('8000'), fresh('8000')];
      const a = await accept(messages, draft(one, 1, { organisation }), at(1));
      const b = await accept(messages, draft(other, 2, { organisation, customer: 'bob' }), at(2));
      await messages.command(b, { kind: 'begin', call: fresh('call'), epoch: 1, at: at(3) });

      expect(await idsOf(lists, { organisation, number: one })).toEqual([a]);
      expect(await idsOf(lists, { organisation, customer: 'bob' })).toEqual([b]);
      expect(await idsOf(lists, { organisation, number: one, customer: 'bob' })).toEqual([]);
      expect(await idsOf(lists, { organisation, states: ['dispatching', 'sent'] })).toEqual([b]);
      expect(await idsOf(lists, { organisation, from: at(2) })).toEqual([b]);
      expect(await idsOf(lists, { organisation, until: at(2) })).toEqual([a]);
      expect(await idsOf(lists, { organisation, from: at(1), until: at(3) })).toEqual([b, a]);
    });

    it('TX-5 tell of the calls to customers that Meta counts, and of those it refused as too fast', async () => {
      const { lists, messages } = open();
      const number = fresh('8000');
      const call = async (customer: string, second: number, outcome?: Outcome): Promise<void> => {
        const messageId = await accept(messages, draft(number, second, { customer }), at(0));
        await messages.command(messageId, { kind: 'begin', call: fresh('call'), epoch: 1, at: at(second) });
        if (!outcome) return;
        const answer = { attempt: 1, outcome, parked: [], notBefore: undefined, at: at(second + 1) };
        await messages.command(messageId, { kind: 'answer', ...answer });
      };
      const error = (code: number) => ({ code, title: '', message: '', details: '', href: '' });
      const accepted = (): Outcome => ({ kind: 'accepted', whatsappMessageId: fresh('wamid.') });
      await call('anna', 1, accepted());
      await call('anna', 5);
      await call('anna', 3, accepted());
      await call('anna', 4, { kind: 'withdrawn', reason: 'back-off', error: error(131_000) });
      await call('anna', 6, { kind: 'rejected', error: error(131_026) });
      await call('bob', 2, { kind: 'withdrawn', reason: 'back-off', error: error(131_056) });
      await call('carl', 9, accepted());

      const called = await lists.calledSince(number, ['anna', 'bob', 'dora'], at(1));

      expect([...called.keys()].toSorted()).toEqual(['anna', 'bob']);
      expect(called.get('anna')).toEqual([
        { begunAt: at(3), endedAt: at(4), isTooFast: false },
        { begunAt: at(5), endedAt: undefined, isTooFast: false },
      ]);
      expect(called.get('bob')).toEqual([{ begunAt: at(2), endedAt: at(3), isTooFast: true }]);
      expect(await lists.calledSince(fresh('8000'), ['anna'], at(0))).toEqual(new Map());
    });
  });
}

/** What a queue promises; `accept` writes a message as the aggregate does. */
export function queueContract(name: string, open: () => { readonly queue: Queue; readonly messages: Messages }): void {
  describe(`${name} queue`, () => {
    const begin = (messages: Messages, messageId: string, second = 1) =>
      messages.command(messageId, { kind: 'begin', call: fresh('call'), epoch: 1, at: at(second) });
    const answer = (messages: Messages, messageId: string, outcome: Outcome, notBefore?: Date) =>
      messages.command(messageId, { kind: 'answer', attempt: 1, outcome, parked: [], notBefore, at: at(2) });
    const options = { priority: INTERACTIVE, without: [], limit: 10 };

    it('TX-5 gives what waits of a number and class, in order', async () => {
      const { queue, messages } = open();
      const number = fresh('7000');
      const [bulk, second, first] = [
        await accept(messages, draft(number, 1, { priority: 1 })),
        await accept(messages, draft(number, 3)),
        await accept(messages, draft(number, 2)),
      ];
      await accept(messages, draft(fresh('7000'), 1));

      const found = await queue.waiting(Number(number), number, options);

      expect(found.map(({ messageId }) => messageId)).toEqual([first, second]);
      expect(await queue.waiting(Number(number), number, { ...options, priority: BULK })).toMatchObject([
        { messageId: bulk, priority: BULK },
      ]);
      expect(found[0]).toEqual({
        messageId: first,
        customer: 'anna',
        thread: 't',
        threadSequence: 2,
        priority: 0,
        order: 2,
        notBefore: 0,
        number,
        organisation: 'acme',
        content: { kind: 'text', text: 'text 2', previewUrl: false },
        recipient: { phone: '12025550188' },
        acceptedAs: undefined,
        lastInboundAt: at(0),
        acceptedAt: at(0).getTime(),
        refusedSince: undefined,
        because: undefined,
        expiresAt: undefined,
        tries: 0,
      });
    });

    it('gives no more than asked, and none of customers of whom there is enough', async () => {
      const { queue, messages } = open();
      const number = fresh('7000');
      const ids = [
        await accept(messages, draft(number, 1)),
        await accept(messages, draft(number, 2, { customer: 'bob' })),
        await accept(messages, draft(number, 3, { customer: 'bob' })),
      ];

      const found = await queue.waiting(Number(number), number, { ...options, without: ['anna'], limit: 1 });

      expect(found.map(({ messageId }) => messageId)).toEqual([ids[1]]);
    });

    it('forgets a message while it is under way, and knows it again when it was not taken', async () => {
      const { queue, messages } = open();
      const number = fresh('7000');
      const messageId = await accept(messages, draft(number, 1));

      await begin(messages, messageId);
      expect(await queue.waiting(Number(number), number, options)).toEqual([]);
      expect(await queue.numbers([Number(number)])).toEqual([]);

      await answer(messages, messageId, { kind: 'withdrawn', reason: 'throttled' }, at(30));
      expect(await queue.waiting(Number(number), number, options)).toMatchObject([{ notBefore: at(30).getTime() }]);
      expect(await queue.numbers([Number(number)])).toEqual([{ partition: Number(number), number }]);
    });

    it('TX-5 tells since when and why Meta has not taken a message that waits', async () => {
      const { queue, messages } = open();
      const number = fresh('7000');
      const messageId = await accept(messages, draft(number, 1));
      const error = { code: 131_000, title: 'Something', message: '', details: 'went wrong', href: '' };
      const refused: Outcome = { kind: 'withdrawn', reason: 'few-tries', error, remedy: 'later' };
      await begin(messages, messageId);

      await answer(messages, messageId, refused, at(30));

      expect(await queue.waiting(Number(number), number, options)).toMatchObject([
        {
          acceptedAt: at(0).getTime(),
          refusedSince: at(2),
          because: { code: 'meta.131000', reason: 'went wrong', remedy: 'later' },
          tries: 1,
        },
      ]);
    });

    it('TX-4 names what is under way, and what is unknown and began not too long ago', async () => {
      const { queue, messages } = open();
      const number = fresh('7000');
      const [dispatching, unknown, old, sent] = [
        await accept(messages, draft(number, 1)),
        await accept(messages, draft(number, 2)),
        await accept(messages, draft(number, 3)),
        await accept(messages, draft(number, 4)),
      ];
      await begin(messages, dispatching, 1);
      for (const [messageId, second] of [
        [unknown, 40],
        [old, 1],
        [sent, 40],
      ] as const)
        await begin(messages, messageId, second);
      for (const messageId of [unknown, old])
        await answer(messages, messageId, { kind: 'unknown', reason: 'time-out' });
      await answer(messages, sent, { kind: 'accepted', whatsappMessageId: 'wamid' });

      const left = await queue.left([Number(number)], at(20));

      expect(left.toSorted((a, b) => a.messageId.localeCompare(b.messageId))).toEqual([
        {
          messageId: dispatching,
          partition: Number(number),
          number,
          customer: 'anna',
          queue: 'dispatching',
          attempt: 1,
          startedAt: at(1),
        },
        {
          messageId: unknown,
          partition: Number(number),
          number,
          customer: 'anna',
          queue: 'unknown',
          attempt: 1,
          startedAt: at(40),
        },
      ]);
    });
  });
}

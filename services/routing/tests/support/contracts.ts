import { type AggregateStore, type Project } from '@switchboard/aggregates';
import { ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { type Alias, type AliasKind, type Customer } from '../../src/domain/customer.js';
import { type NumberSpans } from '../../src/domain/spans.js';
import { type Thread } from '../../src/domain/thread.js';
import {
  type ChatRows,
  type Customers,
  type MessageStateRow,
  type MessageStates,
  type NumberStore,
  type ThreadIndex,
  type Transcript,
  type TranscriptPlace,
} from '../../src/use-cases/ports.js';
import { acme, around, at, completed, joinedInto, received, teller, threadOf, whoseOf } from './threads.js';

/** What every implementation of a port promises, whatever it is made of. Ids are new in each test. */

let made = 0;
const fresh = (label: string): string => `${label}${(made += 1)}`;
const newNumber = (): string => fresh(`${process.pid}000`);

export function customersContract(name: string, open: () => Customers): void {
  describe(`${name} customers`, () => {
    const alias = (kind: AliasKind, value: string, more: Partial<Alias> = {}): Alias => ({
      kind,
      value,
      from: 1,
      to: null,
      since: at(1),
      until: null,
      ...more,
    });
    const closedAlias = (kind: AliasKind, value: string): Alias => alias(kind, value, { to: 5, until: at(5) });
    const customer = (number: string, aliases: Alias[], more: Partial<Customer> = {}): Customer => ({
      id: fresh('customer-'),
      version: 0,
      number,
      aliases,
      party: { phone: '1', profileName: 'Ana' },
      flags: [],
      joined: null,
      absorbed: [],
      undone: [],
      createdAt: at(0),
      ...more,
    });
    const only = async (customers: Customers, { id }: Customer): Promise<Customer> => {
      const [found] = await customers.find([id]);
      if (!found) throw new Error(`${id} is not there`);
      return found;
    };

    it('are found by every name they have or had, on their own number alone', async () => {
      const [customers, number] = [open(), newNumber()];
      const ana = customer(number, [alias('phone', '1'), closedAlias('user_id', 'US.1')]);
      const stranger = customer(newNumber(), [alias('phone', '1')]);

      expect(await customers.save([ana, stranger])).toBe(true);

      expect(await customers.having([{ number, kind: 'phone', value: '1' }])).toEqual([{ ...ana, version: 1 }]);
      expect(await customers.having([{ number, kind: 'user_id', value: 'US.1' }])).toHaveLength(1);
      expect(await customers.having([{ number, kind: 'user_id', value: '1' }])).toEqual([]);
      expect(await customers.having([])).toEqual([]);
    });

    it('are found once, whatever the number of names asked for', async () => {
      const [customers, number] = [open(), newNumber()];
      await customers.save([customer(number, [alias('phone', '1'), alias('user_id', 'US.1')])]);

      const found = await customers.having([
        { number, kind: 'phone', value: '1' },
        { number, kind: 'user_id', value: 'US.1' },
        { number, kind: 'phone', value: '1' },
      ]);

      expect(found).toHaveLength(1);
    });

    it('are kept whole', async () => {
      const [customers, number] = [open(), newNumber()];
      const whole = customer(number, [alias('phone', '1'), closedAlias('user_id', 'US.1')], {
        flags: ['look'],
        joined: { into: 'other', at: 7, eventId: 'e' },
        absorbed: ['third'],
        undone: [{ eventId: 'u', from: 3 }],
      });

      await customers.save([whole]);

      expect(await customers.find([whole.id, 'nobody'])).toEqual([{ ...whole, version: 1 }]);
    });

    it('are written on the version that was read, and on no other', async () => {
      const [customers, ana] = [open(), customer(newNumber(), [alias('phone', '1')])];
      await customers.save([ana]);
      const read = await only(customers, ana);

      expect(await customers.save([{ ...read, flags: ['first'] }])).toBe(true);
      expect(await customers.save([{ ...read, flags: ['second'] }])).toBe(false);
      expect(await customers.save([{ ...ana, flags: ['third'] }])).toBe(false);

      expect(await only(customers, ana)).toMatchObject({ version: 2, flags: ['first'] });
    });

    it('RX-6 never two hold one open name, also when both come at once', async () => {
      const [customers, number] = [open(), newNumber()];
      const both = [customer(number, [alias('phone', '1')]), customer(number, [alias('phone', '1')])];

      const saved = await Promise.all(both.map((one) => customers.save([one])));

      expect(saved.filter((isSaved) => isSaved)).toHaveLength(1);
      expect(await customers.having([{ number, kind: 'phone', value: '1' }])).toHaveLength(1);
    });

    it('hand a name over in one write, in whatever order they are named', async () => {
      const [customers, number] = [open(), newNumber()];
      for (const order of [0, 1]) {
        const phone = `${order}`;
        const [former, next] = [customer(number, [alias('phone', phone)]), customer(number, [])];
        await customers.save([former, next]);
        const closing = { ...(await only(customers, former)), aliases: [closedAlias('phone', phone)] };
        const taking = { ...(await only(customers, next)), aliases: [alias('phone', phone, { from: 6 })] };

        expect(await customers.save(order === 0 ? [closing, taking] : [taking, closing])).toBe(true);

        expect(await customers.having([{ number, kind: 'phone', value: phone }])).toHaveLength(2);
        expect(await customers.save([customer(number, [alias('phone', phone)])])).toBe(false);
      }
    });

    it('may be without any open name, as many as there are', async () => {
      const [customers, number] = [open(), newNumber()];
      const ended = [1, 2, 3].map((n) => customer(number, [alias('phone', `${n}`)]));
      await customers.save(ended);

      for (const one of ended) {
        const read = await only(customers, one);
        expect(await customers.save([{ ...read, aliases: [closedAlias('phone', read.id)] }])).toBe(true);
      }
    });

    it('may share a parent id: it is wider than a number’s view', async () => {
      const [customers, number] = [open(), newNumber()];
      const both = [1, 2].map(() => customer(number, [alias('parent_user_id', 'US.ENT.1')]));

      expect(await customers.save(both)).toBe(true);
      expect(await customers.having([{ number, kind: 'parent_user_id', value: 'US.ENT.1' }])).toHaveLength(2);
    });

    it('are left alone when nothing changed', async () => {
      expect(await open().save([])).toBe(true);
    });
  });
}

export function numberStoreContract(name: string, open: () => NumberStore): void {
  describe(`${name} numbers`, () => {
    const spans = (version: number): NumberSpans => ({
      version,
      spans: [
        { from: 0, connection: 1, owner: null },
        { from: 7, connection: 1, owner: acme },
      ],
    });

    it('are found as they were written, those that are there', async () => {
      const [numbers, number] = [open(), newNumber()];

      expect(await numbers.save(number, undefined, spans(3))).toBe(true);

      expect(await numbers.find([number, newNumber()])).toEqual(new Map([[number, spans(3)]]));
      expect(await numbers.find([])).toEqual(new Map());
    });

    it('are written on the version that was read, and on no other', async () => {
      const [numbers, number] = [open(), newNumber()];
      await numbers.save(number, undefined, spans(1));

      expect(await numbers.save(number, spans(1), spans(2))).toBe(true);
      expect(await numbers.save(number, spans(1), spans(9))).toBe(false);
      expect(await numbers.save(number, undefined, spans(9))).toBe(false);

      expect((await numbers.find([number])).get(number)?.version).toBe(2);
    });

    it('are first written by one of those who come at once', async () => {
      const [numbers, number] = [open(), newNumber()];

      const saved = await Promise.all([1, 2, 3, 4].map((version) => numbers.save(number, undefined, spans(version))));

      expect(saved.filter((isSaved) => isSaved)).toHaveLength(1);
    });

    it('CH-9 are named by the brand that has them or had them', async () => {
      const numbers = open();
      const [now, before, other] = [newNumber(), newNumber(), newNumber()];
      const brandId = fresh('brand-');
      const span = (from: number, brand: string) => ({ from, connection: 1, owner: { ...acme, brandId: brand } });
      await numbers.save(now, undefined, { version: 1, spans: [span(0, brandId)] });
      await numbers.save(before, undefined, { version: 1, spans: [span(0, brandId), span(7, fresh('brand-'))] });
      await numbers.save(other, undefined, { version: 1, spans: [span(0, fresh('brand-'))] });

      expect([...(await numbers.ofBrand(brandId))].sort()).toEqual([now, before].sort());
      expect(await numbers.ofBrand(fresh('brand-'))).toEqual([]);
    });
  });
}

export function threadIndexContract(
  name: string,
  open: () => { readonly index: ThreadIndex; readonly store: AggregateStore },
): void {
  describe(`${name} index of threads`, () => {
    const all = async (pages: AsyncIterable<readonly string[]>): Promise<string[]> => {
      const found: string[] = [];
      for await (const page of pages) found.push(...page);
      return found;
    };

    it('ON-15 names the threads and numbers that wait for an organisation', async () => {
      const { index, store } = open();
      const { tell } = teller(store);
      const number = newNumber();
      const waiting = ['a', 'b'].map((customer) => whoseOf(number, customer, { owner: null }));
      const others = [
        whoseOf(number, 'owned'),
        whoseOf(number, 'earlier', { owner: null, connection: 2 }),
        whoseOf(newNumber(), 'elsewhere', { owner: null }),
      ];
      for (const whose of [...waiting, ...others]) await tell(whose, received(whose, 'w', 1));

      expect(await all(index.unclaimed(number, 1))).toEqual(waiting.map(threadOf));
      expect(await index.unclaimedNumbers()).toEqual(expect.arrayContaining([number, others[2]?.number]));

      for (const whose of [...waiting, ...others.slice(1, 2)])
        await tell(whose, { kind: 'adopt', at: at(2), owner: acme, ...around(at(2)) });
      expect(await all(index.unclaimed(number, 1))).toEqual([]);
      expect(await index.unclaimedNumbers()).not.toContain(number);
    });

    it('pages through more threads than a page holds, each once', async () => {
      const { index, store } = open();
      const number = newNumber();
      const { threads } = teller(store);
      const customers = Array.from({ length: 1_003 }, (_, n) => whoseOf(number, `c${n}`, { owner: null }));
      const inputs = customers.map((whose, offset) => ({
        aggregateId: threadOf(whose),
        position: { code: 'm1', partition: 0, offset },
        input: received(whose, 'w', 1),
      }));
      await (
        await threads.apply(inputs, new AbortController().signal)
      ).done;

      const found = await all(index.unclaimed(number, 1));

      expect(found).toHaveLength(1_003);
      expect(new Set(found).size).toBe(1_003);
    });

    it('ON-17 names the open chats of earlier connections', async () => {
      const { index, store } = open();
      const { tell } = teller(store);
      const number = newNumber();
      const [open1, done1, open2] = [
        whoseOf(number, 'open'),
        whoseOf(number, 'done'),
        whoseOf(number, 'open', { connection: 2 }),
      ];
      for (const whose of [open1, done1, open2]) await tell(whose, received(whose, 'w', 1));
      await tell(done1, completed(done1, 1, 2));
      const never = whoseOf(number, 'never');
      await tell(never, received(never, 'w', 1, { what: 'history' }));

      expect(await all(index.openBefore(number, 2))).toEqual([threadOf(open1)]);
      expect(await all(index.openBefore(number, 1))).toEqual([]);
    });

    it('CH-9 names the open chats of a number, whatever their connection', async () => {
      const { index, store } = open();
      const { tell } = teller(store);
      const number = newNumber();
      const [first, second] = [whoseOf(number, 'a'), whoseOf(number, 'b', { connection: 2 })];
      const others = [whoseOf(number, 'done'), whoseOf(newNumber(), 'a')];
      for (const whose of [first, second, ...others]) await tell(whose, received(whose, 'w', 1));
      await tell(whoseOf(number, 'done'), completed(whoseOf(number, 'done'), 1, 2));

      expect(await all(index.open(number))).toEqual([threadOf(first), threadOf(second)]);
      expect(await all(index.open(newNumber()))).toEqual([]);
    });

    it('tells the open chat and the last message of threads, of those that are there', async () => {
      const { index, store } = open();
      const { tell } = teller(store);
      const number = newNumber();
      const [talking, done] = [whoseOf(number, 'talking'), whoseOf(number, 'done')];
      await tell(talking, received(talking, 'w1', 1));
      await tell(done, received(done, 'w2', 2), completed(done, 1, 3));

      const heads = await index.heads([threadOf(talking), threadOf(done), 'nothing']);

      expect([...heads].sort((a, b) => b.threadId.localeCompare(a.threadId))).toEqual([
        {
          threadId: threadOf(talking),
          openChatId: `${threadOf(talking)}:1`,
          last: { wamid: 'w1', at: at(1) },
          freeUntil: null,
        },
        { threadId: threadOf(done), openChatId: '', last: { wamid: 'w2', at: at(2) }, freeUntil: null },
      ]);
    });

    it('RX-6 names the threads that were joined into others, until they are parted', async () => {
      const { index, store } = open();
      const { tell } = teller(store);
      const number = newNumber();
      const [survivor, other, ended] = [whoseOf(number, 's'), whoseOf(number, 'o'), whoseOf(number, 'e')];
      for (const whose of [survivor, other, ended]) await tell(whose, received(whose, 'w', 1));
      await tell(ended, joinedInto(ended, survivor, 2));

      expect(await index.absorbedBy([threadOf(survivor), threadOf(other)])).toEqual([
        { threadId: threadOf(ended), into: threadOf(survivor) },
      ]);

      await tell(ended, { kind: 'parted', at: at(3), ...around(at(3)) });
      expect(await index.absorbedBy([threadOf(survivor)])).toEqual([]);
    });
  });
}

export interface Projected {
  readonly project: Project<Thread>;
  readonly transcript: Transcript;
  readonly chatRows: ChatRows;
}

export function transcriptContract(name: string, open: () => Projected): void {
  describe(`${name} transcript`, () => {
    const start = () => {
      const { project, transcript } = open();
      return { transcript, number: newNumber(), ...teller(undefined, project) };
    };
    const wamidsOf = (entries: readonly { readonly event: Uint8Array }[]): string[] =>
      entries.map(({ event }) => {
        const detail = ThreadEvent.decode(event).event;
        return detail?.$case === 'messageAppended' || detail?.$case === 'noticeAppended'
          ? detail.value.whatsappMessageId
          : (detail?.$case ?? '');
      });
    async function allPages(transcript: Transcript, threadIds: string[], limit: number, chatId?: string) {
      const pages: string[][] = [];
      let before: TranscriptPlace | undefined;
      do {
        const { entries, next } = await transcript.page({ threadIds, chatId, before, limit });
        pages.push(wamidsOf(entries));
        before = next;
      } while (before && pages.length < 20);
      return pages;
    }

    it('shows messages, replies and notices, newest first; what was noted on them stands apart', async () => {
      const { transcript, tell, number } = start();
      const ana = whoseOf(number, 'ana');
      await tell(
        ana,
        received(ana, 'a', 1),
        received(ana, 'b', 2, { what: 'notice' }),
        received(ana, 'r1', 3, { what: 'reaction', target: 'a', emoji: '👍' }),
        received(ana, 'e1', 4, { what: 'edit', target: 'a' }),
        received(ana, 'x', 5, { what: 'revocation', target: 'b' }),
        received(ana, 'c', 6),
      );

      expect(await allPages(transcript, [threadOf(ana)], 10)).toEqual([['c', 'b', 'a']]);
      const notes = await transcript.notes([threadOf(ana)], ['a']);
      expect(wamidsOf(notes)).toEqual(['reactionChanged', 'messageEdited']);
      expect(await transcript.notes([threadOf(ana)], [])).toEqual([]);
    });

    it('CH-12 gives notes by their time, then their sequence, whichever came first', async () => {
      const { transcript, tell, number } = start();
      const ana = whoseOf(number, 'ana');
      const react = (itemId: string, second: number) =>
        received(ana, itemId, second, { what: 'reaction', target: 'a', emoji: itemId });
      await tell(ana, react('late', 9), react('early', 3), react('early-too', 3));

      const notes = await transcript.notes([threadOf(ana)], ['a']);

      expect(notes.map(({ sequence }) => sequence)).toEqual([2, 3, 1]);
    });

    it('pages through messages of one instant, over several threads, each once', async () => {
      const { transcript, tell, number } = start();
      const people = ['a', 'b', 'c'].map((customer) => whoseOf(number, customer));
      for (const whose of people) {
        await tell(whose, ...[1, 2, 3, 4].map((n) => received(whose, `${whose.customer}${n}`, 7)));
      }
      const threadIds = people.map(threadOf);
      const expected = (await allPages(transcript, threadIds, 100)).flat();

      const pages = await allPages(transcript, threadIds, 5);

      expect(pages.map(({ length }) => length)).toEqual([5, 5, 2]);
      expect(pages.flat()).toEqual(expected);
      expect(new Set(expected).size).toBe(12);
    });

    it('has no next page when the last one is just full', async () => {
      const { transcript, tell, number } = start();
      const ana = whoseOf(number, 'ana');
      await tell(ana, received(ana, 'a', 1), received(ana, 'b', 2));

      const page = await transcript.page({
        threadIds: [threadOf(ana)],
        chatId: undefined,
        before: undefined,
        limit: 2,
      });

      expect(page.next).toBeUndefined();
    });

    it('shows one chat alone where one is named', async () => {
      const { transcript, tell, number } = start();
      const ana = whoseOf(number, 'ana');
      await tell(ana, received(ana, 'h', 1, { what: 'history' }), received(ana, 'a', 2), completed(ana, 1, 3));
      await tell(ana, received(ana, 'b', 4), received(ana, 'c', 5));

      expect(await allPages(transcript, [threadOf(ana)], 1, `${threadOf(ana)}:2`)).toEqual([['c'], ['b']]);
      expect(await allPages(transcript, [threadOf(ana)], 9, `${threadOf(ana)}:1`)).toEqual([['a']]);
      expect(await allPages(transcript, [threadOf(ana)], 9)).toEqual([['c', 'b', 'a', 'h']]);
    });

    it('RX-4 knows which items a thread has', async () => {
      const { transcript, tell, number } = start();
      const [ana, bob] = [whoseOf(number, 'ana'), whoseOf(number, 'bob')];
      await tell(ana, received(ana, 'a', 1), received(ana, 'n', 2, { what: 'notice' }));
      await tell(bob, received(bob, 'b', 1));
      const asked = [
        [ana, 'a'],
        [ana, 'n'],
        [ana, 'b'],
        [bob, 'b'],
        [bob, 'z'],
      ] as const;

      const known = await transcript.has(asked.map(([whose, itemId]) => ({ threadId: threadOf(whose), itemId })));

      const isKnown = asked.map(([whose, itemId]) => known.has(`${threadOf(whose)} ${itemId}`));
      expect(isKnown).toEqual([true, true, false, true, false]);
      expect(await transcript.has([])).toEqual(new Set());
    });

    it('says whether an entry is there', async () => {
      const { transcript, tell, number } = start();
      const ana = whoseOf(number, 'ana');
      await tell(ana, received(ana, 'a', 1));

      const isThere = [1, 2, 4].map((sequence) => transcript.isThere(threadOf(ana), sequence));

      expect(await Promise.all(isThere)).toEqual([true, true, false]);
    });
  });

  describe(`${name} projection`, () => {
    it('may be written again, late and in any order, and stays what it is', async () => {
      const { project, transcript, chatRows } = open();
      const writes: Parameters<Project<Thread>>[0][] = [];
      const { tell } = teller(undefined, (written) => {
        writes.push(written);
        return Promise.resolve();
      });
      const ana = whoseOf(newNumber(), 'ana');
      await tell(ana, received(ana, 'a', 1), completed(ana, 1, 2), received(ana, 'b', 3));

      for (const write of [...writes].reverse()) await project(write);
      for (const write of writes) await project(write);

      const { entries } = await transcript.page({
        threadIds: [threadOf(ana)],
        chatId: undefined,
        before: undefined,
        limit: 9,
      });
      expect(wamidsOfMessages(entries)).toEqual(['b', 'a']);
      expect(await chatRows.find(`${threadOf(ana)}:1`, 'acme')).toMatchObject({ state: 'completed' });
      expect(await chatRows.find(`${threadOf(ana)}:2`, 'acme')).toMatchObject({ state: 'waiting', lastPreview: 'b' });
    });
  });
}

const wamidsOfMessages = (entries: readonly { readonly event: Uint8Array }[]): string[] =>
  entries.flatMap(({ event }) => {
    const detail = ThreadEvent.decode(event).event;
    return detail?.$case === 'messageAppended' ? [detail.value.whatsappMessageId] : [];
  });

export function chatRowsContract(name: string, open: () => Projected): void {
  describe(`${name} rows of chats`, () => {
    const start = () => {
      const { project, chatRows } = open();
      const owner = { ...acme, organisationId: fresh('org-') };
      const { tell } = teller(undefined, project);
      const write = async (customer: string, second: number, more: Parameters<typeof whoseOf>[2] = {}) => {
        const whose = whoseOf(newNumber(), customer, { owner, ...more });
        await tell(whose, received(whose, `w-${customer}`, second));
        return whose;
      };
      return { chatRows, organisationId: owner.organisationId, owner, tell, write };
    };
    const open2 = ['waiting', 'active'] as const;

    it('stand newest activity first, of one organisation alone', async () => {
      const { chatRows, organisationId, write } = start();
      for (const [customer, second] of [
        ['old', 1],
        ['new', 9],
        ['middle', 5],
      ] as const)
        await write(customer, second);
      await write('stranger', 7, { owner: acme });

      const rows = await chatRows.list({ organisationId, states: open2 }, undefined, 10);

      expect(rows.map(({ customer }) => customer)).toEqual(['new', 'middle', 'old']);
    });

    it('page through chats of one instant, each once', async () => {
      const { chatRows, organisationId, write } = start();
      for (let n = 0; n < 7; n += 1) await write(`c${n}`, 5);
      const seen: string[] = [];
      let after: { lastAt: Date; id: string } | undefined;
      for (let page = 0; page < 5; page += 1) {
        const rows = await chatRows.list({ organisationId, states: open2 }, after, 3);
        seen.push(...rows.map(({ id }) => id));
        const last = rows.at(-1);
        if (!last) break;
        after = { lastAt: last.lastAt, id: last.id };
      }

      expect(seen).toHaveLength(7);
      expect(new Set(seen).size).toBe(7);
    });

    it('are narrowed by state, number, customer, brand and department, also together', async () => {
      const { chatRows, organisationId, owner, tell, write } = start();
      const ana = await write('ana', 1);
      const bob = await write('bob', 2, { owner: { ...owner, brandId: 'other', departmentId: 'support' } });
      const eve = await write('eve', 3);
      await tell(eve, { ...completed(eve, 1, 4), organisationId } as never);
      const listed = async (more: object, states: readonly ('waiting' | 'active' | 'completed')[] = open2) =>
        (await chatRows.list({ organisationId, states, ...more }, undefined, 10)).map(({ customer }) => customer);

      expect(await listed({})).toEqual(['bob', 'ana']);
      expect(await listed({}, ['completed'])).toEqual(['eve']);
      expect(await listed({}, ['waiting', 'active', 'completed'])).toEqual(['eve', 'bob', 'ana']);
      expect(await listed({ number: ana.number })).toEqual(['ana']);
      expect(await listed({ customer: bob.customer })).toEqual(['bob']);
      expect(await listed({ brandId: 'other' })).toEqual(['bob']);
      expect(await listed({ departmentId: 'sales' })).toEqual(['ana']);
      expect(await listed({ departmentId: 'sales', brandId: 'other' })).toEqual([]);
      expect(await listed({ number: ana.number, customer: bob.customer })).toEqual([]);
      expect(await listed({}, [])).toEqual([]);
    });

    it('SE-1 are found in their own organisation alone', async () => {
      const { chatRows, organisationId, write } = start();
      const id = `${threadOf(await write('ana', 1))}:1`;

      expect(await chatRows.find(id, organisationId)).toMatchObject({
        id,
        organisationId,
        state: 'waiting',
        unread: 1,
      });
      expect(await chatRows.find(id, 'globex')).toBeUndefined();
    });
  });
}

export function messageStatesContract(name: string, open: () => MessageStates): void {
  describe(`${name} states of messages`, () => {
    const row = (messageId: string, sequence: number, state: number, more: Partial<MessageStateRow> = {}) => ({
      messageId,
      threadId: 't',
      sequence,
      state,
      reached: state,
      wamid: '',
      at: at(sequence),
      code: '',
      reason: '',
      ...more,
    });

    it('are those of the highest sequence, in whatever order they are told', async () => {
      const [states, id] = [open(), fresh('m')];

      await states.note([row(id, 2, 3, { wamid: 'w', code: 'c', reason: 'r' }), row(id, 1, 1)]);
      await states.note([row(id, 1, 1)]);

      expect(await states.of([id])).toMatchObject([
        { messageId: id, threadId: 't', sequence: 2, state: 3, wamid: 'w', code: 'c', reason: 'r' },
      ]);
    });

    it('keep the earliest time of each state', async () => {
      const [states, id] = [open(), fresh('m')];

      await states.note([row(id, 1, 1), row(id, 2, 4, { at: at(9) }), row(id, 3, 5, { reached: 4, at: at(6) })]);

      const [found] = await states.of([id]);
      expect(found?.state).toBe(5);
      expect([...(found?.times ?? [])].sort((a, b) => a.state - b.state)).toEqual([
        { state: 1, at: at(1) },
        { state: 4, at: at(6) },
      ]);
    });

    it('keep Meta’s id when a later word does not have it', async () => {
      const [states, id] = [open(), fresh('m')];

      await states.note([row(id, 1, 3, { wamid: 'w' })]);
      await states.note([row(id, 2, 9)]);

      expect(await states.of([id])).toMatchObject([{ wamid: 'w', state: 9 }]);
    });

    it('are told of those that are there', async () => {
      const states = open();
      await states.note([]);

      expect(await states.of([])).toEqual([]);
      expect(await states.of([fresh('m')])).toEqual([]);
    });
  });
}

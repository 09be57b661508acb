import { type AggregateStore } from '@switchboard/aggregates';
import { type ThreadIndex } from '../../../src/use-cases/ports.js';
import { newNumber } from '../fresh.js';
import { acme, around, at, completed, joinedInto, received, teller, threadOf, whoseOf } from '../threads.js';

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

import type { Lookback, OutgoingRecord } from '@switchboard/kafka';
import { createQuarantine } from '../../src/adapters/kafka/quarantine.js';
import { fittingRecord } from '../../src/adapters/kafka/webhook-log.js';
import type { Read } from '../../src/domain/events.js';
import type { QuarantinedItem } from '../../src/use-cases/ports.js';
import { readBody } from './bodies.js';

export interface QuarantineLog {
  readonly lookback: Lookback;
  readonly append: (records: readonly OutgoingRecord[]) => Promise<void>;
}

const { signal } = new AbortController();

/** Items that cannot be read, each of its own account. */
export const poison = (name: string, bytes = 0): Read[] =>
  readBody({
    entry: [
      {
        id: name,
        changes: [
          {
            field: 'messages',
            value: { metadata: { phone_number_id: '1' }, messages: [`${name}${'x'.repeat(bytes)}`] },
          },
        ],
      },
    ],
  }) ?? [];

/** What the quarantine promises, whatever log it reads. Each log is opened empty. */
export function quarantineContract(name: string, open: () => Promise<QuarantineLog>): void {
  describe(`the quarantine in ${name}`, () => {
    const holding = async (...events: Read[]) => {
      const { lookback, append } = await open();
      // One by one, so that they have an order.
      for (const each of events) await append([fittingRecord(each)]);
      return createQuarantine(lookback);
    };

    it('is empty at first', async () => {
      const quarantine = await holding();

      expect(await quarantine.page(10, '', signal)).toEqual({ items: [], nextPageToken: '' });
    });

    it('shows everything once over its pages, newest first', async () => {
      const names = ['a', 'bb', 'ccc', 'dddd', 'eeeee', 'ffffff', 'ggggggg'];
      const quarantine = await holding(...names.flatMap((each) => poison(each)));

      const shown: QuarantinedItem[] = [];
      let pages = 0;
      for (let token: string | undefined = ''; token !== undefined; pages += 1) {
        const { items, nextPageToken } = await quarantine.page(3, token, signal);
        shown.push(...items);
        token = nextPageToken === '' ? undefined : nextPageToken;
      }

      expect(shown.map(({ source }) => source.entryId)).toEqual([...names].reverse());
      expect(pages).toBe(3);
    });

    it('finds an item by the id it was listed with, as it was put there', async () => {
      const [read] = poison('a');
      const quarantine = await holding(...poison('a'), ...poison('bb'));
      const { items } = await quarantine.page(10, '', signal);
      const [, oldest] = items;

      const found = await quarantine.find(oldest?.quarantineId ?? '', signal);

      expect(found).toMatchObject(read?.event ?? {});
      expect(found).toEqual(oldest);
    });

    it('has nothing where nothing is', async () => {
      const quarantine = await holding(...poison('a'));

      expect(await quarantine.find('0-999', signal)).toBeUndefined();
      expect(await quarantine.find('999-0', signal)).toBeUndefined();
    });

    it('makes pages shorter where items are large, and loses none by it', async () => {
      const quarantine = await holding(
        ...['a', 'bb', 'ccc', 'dddd', 'eeeee'].flatMap((each) => poison(each, 1_500_000)),
      );

      const first = await quarantine.page(50, '', signal);
      const second = await quarantine.page(50, first.nextPageToken, signal);
      const third = await quarantine.page(50, second.nextPageToken, signal);

      const counts = [first, second, third].map(({ items }) => items.length);
      expect(counts.every((count) => count >= 1 && count <= 2)).toBe(true);
      const shown = [first, second, third].flatMap(({ items }) => items.map(({ source }) => source.entryId));
      expect(shown).toEqual(['eeeee', 'dddd', 'ccc', 'bb', 'a'].slice(0, shown.length));
    });

    it.each(['nonsense', '', '1', '1-', '-1', '1-2-3'])('takes "%s" for no id of an item', async (id) => {
      const quarantine = await holding();

      await expect(quarantine.find(id, signal)).rejects.toMatchObject({
        kind: 'invalid',
        violations: [{ field: 'quarantine_id' }],
      });
    });

    it.each(['nonsense', Buffer.from('{"x":1}').toString('base64url'), Buffer.from('[]x').toString('base64url')])(
      'takes "%s" for no page token',
      async (token) => {
        const quarantine = await holding();

        await expect(quarantine.page(10, token, signal)).rejects.toMatchObject({
          kind: 'invalid',
          violations: [{ field: 'page_token' }],
        });
      },
    );
  });
}

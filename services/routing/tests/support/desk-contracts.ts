import { type Want, wantOf } from '../../src/domain/desk/want.js';
import { type Asks, type DeskIndex } from '../../src/use-cases/desk-ports.js';
import { type PutAsk } from './desk-twins.js';
import { at } from './threads.js';

/** What every implementation promises of what threads last said to the desk. Ids are new in each test. */

let made = 0;

export const aWant = (more: Partial<Want> = {}): Want =>
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

export function asksContract(name: string, open: () => { readonly asks: Asks; readonly put: PutAsk }): void {
  describe(`${name} asks`, () => {
    const fresh = () => {
      made += 1;
      const organisationId = `org-${process.pid}-${made}`;
      const { asks, put } = open();
      const number = `${process.pid}000${made}`;
      const threadOf = (customer: string): string => `${number}.1.${customer}`;
      return {
        asks,
        organisationId,
        threadOf,
        chatOf: (customer: string): string => `${threadOf(customer)}:1`,
        said: (customer: string, want: Want | null, count = 1) =>
          put(organisationId, threadOf(customer), { count, chatId: `${threadOf(customer)}:1`, want }),
      };
    };

    it('are what threads said last, and nothing of those that said nothing', async () => {
      const { asks, said, threadOf, chatOf } = fresh();
      await said('ana', aWant());
      await said('ana', null, 2);
      await said('ben', aWant(), 7);

      const found = await asks.of([threadOf('ana'), threadOf('ben'), threadOf('nobody')]);

      expect(found).toEqual(
        new Map([
          [threadOf('ana'), { count: 2, chatId: chatOf('ana'), want: null }],
          [threadOf('ben'), { count: 7, chatId: chatOf('ben'), want: aWant() }],
        ]),
      );
      expect(await asks.of([])).toEqual(new Map());
    });

    it('are those that stand longest in a line, oldest first, and no more than asked for', async () => {
      const { asks, said, organisationId, chatOf } = fresh();
      await said('second', aWant({ since: at(2) }));
      await said('third', aWant({ since: at(3) }));
      await said('first', aWant({ since: at(1) }));
      await said('taken', null);
      await said('elsewhere', aWant({ departmentId: 'care', since: at(0) }));
      await said('named', aWant({ target: { kind: 'operators', operatorIds: ['olga'] }, since: at(0) }));
      await fresh().said('stranger', aWant({ since: at(0) }));

      const found = await asks.oldest(organisationId, aWant().line, 2);

      expect(found).toEqual([
        { chatId: chatOf('first'), count: 1, want: aWant({ since: at(1) }) },
        { chatId: chatOf('second'), count: 1, want: aWant({ since: at(2) }) },
      ]);
    });

    it('are counted by department, those whom nobody is asked for as well, with the time of the oldest', async () => {
      const { asks, said, organisationId } = fresh();
      await said('first', aWant({ since: at(5) }));
      await said('second', aWant({ since: at(4), target: { kind: 'nobody', operatorIds: [] } }));
      await said('third', aWant({ since: at(6), departmentId: 'care' }));
      await said('taken', null);

      expect(await asks.queues(organisationId)).toEqual([
        { departmentId: 'care', waiting: 1, oldestSince: at(6) },
        { departmentId: 'sales', waiting: 2, oldestSince: at(4) },
      ]);
      expect(await asks.queues(`${organisationId}-of-nobody`)).toEqual([]);
    });
  });
}

export interface Indexed {
  readonly index: DeskIndex;
  readonly put: PutAsk;
  readonly putDesk: (organisationId: string) => Promise<void>;
}

export function deskIndexContract(name: string, open: () => Indexed): void {
  describe(`${name} index of desks`, () => {
    const fresh = () => {
      made += 1;
      const organisationId = `desk-${process.pid}-${made}`;
      const threadOf = (customer: string): string => `${process.pid}001${made}.1.${customer}`;
      const { index, put, putDesk } = open();
      return {
        index,
        putDesk,
        organisationId,
        threadOf,
        stands: (customer: string, want: Want | null, more: Partial<Parameters<PutAsk>[2]> = {}) =>
          put(organisationId, threadOf(customer), { count: 1, chatId: `${threadOf(customer)}:1`, want, ...more }),
      };
    };
    const all = async (pages: AsyncIterable<readonly string[]>): Promise<string[]> => {
      const found: string[] = [];
      for await (const page of pages) {
        expect(page.length).toBeLessThanOrEqual(500);
        found.push(...page);
      }
      return found;
    };

    it('names organisations that have a desk, in pages, and those in which somebody waits without one', async () => {
      const { index, putDesk, stands, organisationId } = fresh();
      const desks = Array.from({ length: 501 }, (_, n) => `${organisationId}-${n}`);
      await Promise.all(desks.map(putDesk));
      await stands('ana', aWant());
      const served = fresh();
      await served.stands('ben', null);

      const found = await all(index.organisations());

      expect(found).toEqual(expect.arrayContaining([...desks, organisationId]));
      expect(found).not.toContain(served.organisationId);
    });

    it('names the lines of an organisation in which somebody waits for somebody', async () => {
      const { index, stands, organisationId } = fresh();
      await stands('ana', aWant());
      await stands('ben', aWant());
      await stands('eve', aWant({ departmentId: 'care' }));
      await stands('nobody', aWant({ target: { kind: 'nobody', operatorIds: [] } }));
      await stands('served', null);
      await fresh().stands('stranger', aWant({ departmentId: 'other' }));

      expect([...(await index.lines(organisationId))].sort()).toEqual(['care~all', 'sales~all']);
      expect(await index.lines(`${organisationId}-of-nobody`)).toEqual([]);
    });

    it('tells how threads stand, those that never asked as well, and nothing of those that are not there', async () => {
      const { index, stands, threadOf } = fresh();
      await stands('waits', aWant(), { count: 3 });
      await stands('served', null, { operatorId: 'ann' });
      await stands('done', null, { count: 4, isOpen: false });
      await stands('bot', null, { count: 0 });
      const about = (customer: string) => ({ chatId: `${threadOf(customer)}:1`, isOpen: true, operatorId: '' });

      const found = await index.standing(['waits', 'served', 'done', 'bot', 'gone'].map(threadOf));

      expect(Object.fromEntries(found)).toEqual({
        [threadOf('waits')]: { ...about('waits'), count: 3, want: aWant() },
        [threadOf('served')]: { ...about('served'), count: 1, want: null, operatorId: 'ann' },
        [threadOf('done')]: { ...about('done'), count: 4, want: null, isOpen: false },
        [threadOf('bot')]: { ...about('bot'), count: 0, want: null },
      });
      expect(await index.standing([])).toEqual(new Map());
    });
  });
}

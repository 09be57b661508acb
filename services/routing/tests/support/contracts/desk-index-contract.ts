import { type Want } from '../../../src/domain/desk/want.js';
import { type DeskIndex } from '../../../src/use-cases/desk/ports.js';
import { type PutAsk } from '../desk-twins.js';
import { fresh, newNumber } from '../fresh.js';
import { aWant } from '../inputs.js';

export interface Indexed {
  readonly index: DeskIndex;
  readonly put: PutAsk;
  readonly putDesk: (organisationId: string) => Promise<void>;
}

export function deskIndexContract(name: string, open: () => Indexed): void {
  describe(`${name} index of desks`, () => {
    const begin = () => {
      const [organisationId, number] = [fresh('desk'), newNumber()];
      const threadOf = (customer: string): string => `${number}.1.${customer}`;
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
      const { index, putDesk, stands, organisationId } = begin();
      const desks = Array.from({ length: 501 }, (_, n) => `${organisationId}-${n}`);
      await Promise.all(desks.map(putDesk));
      await stands('ana', aWant());
      const served = begin();
      await served.stands('ben', null);

      const found = await all(index.organisations());

      expect(found).toEqual(expect.arrayContaining([...desks, organisationId]));
      expect(found).not.toContain(served.organisationId);
    });

    it('names the lines of an organisation in which somebody waits for somebody', async () => {
      const { index, stands, organisationId } = begin();
      await stands('ana', aWant());
      await stands('ben', aWant());
      await stands('eve', aWant({ departmentId: 'care' }));
      await stands('nobody', aWant({ target: { kind: 'nobody', operatorIds: [] } }));
      await stands('served', null);
      await begin().stands('stranger', aWant({ departmentId: 'other' }));

      expect([...(await index.lines(organisationId))].sort()).toEqual(['care~all', 'sales~all']);
      expect(await index.lines(`${organisationId}-of-nobody`)).toEqual([]);
    });

    it('tells how threads stand, those that never asked as well, and nothing of those that are not there', async () => {
      const { index, stands, threadOf } = begin();
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

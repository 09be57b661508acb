import { fresh, newNumber } from '../fresh.js';
import { acme, completed, received, teller, threadOf, whoseOf } from '../threads.js';
import { type Projected } from './projected.js';

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

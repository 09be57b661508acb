import { type Want } from '../../../src/domain/desk/want.js';
import { type Asks } from '../../../src/use-cases/desk/ports.js';
import { type PutAsk } from '../desk-twins.js';
import { fresh, newNumber } from '../fresh.js';
import { at, aWant } from '../inputs.js';

export function asksContract(name: string, open: () => { readonly asks: Asks; readonly put: PutAsk }): void {
  describe(`${name} asks`, () => {
    const begin = () => {
      const organisationId = fresh('org');
      const { asks, put } = open();
      const number = newNumber();
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
      const { asks, said, threadOf, chatOf } = begin();
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
      const { asks, said, organisationId, chatOf } = begin();
      await said('second', aWant({ since: at(2) }));
      await said('third', aWant({ since: at(3) }));
      await said('first', aWant({ since: at(1) }));
      await said('taken', null);
      await said('elsewhere', aWant({ departmentId: 'care', since: at(0) }));
      await said('named', aWant({ target: { kind: 'operators', operatorIds: ['olga'] }, since: at(0) }));
      await begin().said('stranger', aWant({ since: at(0) }));

      const found = await asks.oldest(organisationId, aWant().line, 2);

      expect(found).toEqual([
        { chatId: chatOf('first'), count: 1, want: aWant({ since: at(1) }) },
        { chatId: chatOf('second'), count: 1, want: aWant({ since: at(2) }) },
      ]);
    });

    it('are counted by department, those whom nobody is asked for as well, with the time of the oldest', async () => {
      const { asks, said, organisationId } = begin();
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

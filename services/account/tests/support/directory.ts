import { type AggregateStore, createAggregates, type MemoryStore } from '@switchboard/aggregates';
import { brandDefinition, numberDefinition, operatorDefinition } from '../../src/adapters/kafka/wakes.js';
import { type Brand } from '../../src/domain/organisation.js';
import { type NumberState } from '../../src/domain/number.js';
import { type Operator } from '../../src/domain/operator.js';
import { type Brands, type Directory, type Numbers, type Operators } from '../../src/use-cases/ports.js';

interface Stores<Store> {
  readonly numbers: Store;
  readonly brands: Store;
  readonly operators: Store;
}

/** The in-memory twin of the directory; passes the contract of the real one. */
export function memoryDirectory(stores: Stores<MemoryStore>): Directory {
  const idsOf = (store: MemoryStore, isMeant: (state: Brand & NumberState & Operator) => boolean): string[] =>
    [...store.documents.values()]
      .filter(({ state }) => isMeant(state as unknown as Brand & NumberState & Operator))
      .map(({ id }) => id)
      .sort();
  return {
    brandsOf: (organisationId) =>
      Promise.resolve(idsOf(stores.brands, (brand) => brand.organisationId === organisationId)),
    numbersOf: (organisationId, after, limit) =>
      Promise.resolve(
        idsOf(stores.numbers, (number) => number.organisationId === organisationId)
          .filter((id) => id > after)
          .slice(0, limit),
      ),
    operatorsOf: (organisationId, departmentId, after, limit) =>
      Promise.resolve(
        idsOf(
          stores.operators,
          (operator) =>
            operator.organisationId === organisationId &&
            operator.active &&
            (departmentId === '' || operator.departmentIds.includes(departmentId)),
        )
          .filter((id) => id > after)
          .slice(0, limit),
      ),
  };
}

/** The aggregates that a directory reads beside, over its stores. */
export function aggregatesOf(stores: Stores<AggregateStore>): {
  readonly numbers: Numbers;
  readonly brands: Brands;
  readonly operators: Operators;
} {
  const publish = () => Promise.resolve();
  return {
    numbers: createAggregates({ definition: numberDefinition, store: stores.numbers, publish }),
    brands: createAggregates({ definition: brandDefinition, store: stores.brands, publish }),
    operators: createAggregates({ definition: operatorDefinition, store: stores.operators, publish }),
  };
}

let made = 0;
const at = new Date('2026-11-25T12:00:00Z');

/** What every directory promises, whatever it is made of. Ids are new in each test. */
export function directoryContract(
  name: string,
  open: () => {
    readonly directory: Directory;
    readonly numbers: Numbers;
    readonly brands: Brands;
    readonly operators: Operators;
  },
): void {
  describe(`${name} directory`, () => {
    const start = () => {
      const { directory, numbers, brands, operators } = open();
      const label = `${process.pid}${(made += 1)}`;
      const organisationId = `org-${label}`;
      return {
        directory,
        organisationId,
        number: (n: number) => `${label}000${n}`,
        brand: async (brandId: string, of = organisationId) => {
          const id = `${brandId}-${label}`;
          await brands.command(id, { kind: 'create-brand', at, organisationId: of, name: 'Brand' });
          return id;
        },
        connect: async (id: string, of = organisationId) => {
          const token = { keyId: 'k', wrappedKey: 'w', sealed: 's' };
          const about = { wabaId: '1', portfolioId: '1', displayPhoneNumber: '+1', verifiedName: 'V' };
          await numbers.command(id, { kind: 'register', at, ...about, token, organisationId: null });
          await numbers.command(id, { kind: 'connect', at, organisationId: of, brandId: 'b', departmentId: 'd' });
        },
        operator: async (n: number, departmentIds: readonly string[], of = organisationId) => {
          const id = `operator-${label}-${n}`;
          const about = { name: 'Ann', role: 'associate', departmentIds, concurrentLimit: 0 } as const;
          await operators.command(id, { kind: 'put-operator', at, organisationId: of, ...about });
          return id;
        },
        remove: (id: string) => operators.command(id, { kind: 'remove-operator', at, organisationId: null }),
        disconnect: (id: string) => numbers.command(id, { kind: 'disconnect', at, organisationId: null }),
      };
    };

    it('names the brands of an organisation, in order, and of no other', async () => {
      const { directory, organisationId, brand } = start();
      const [second, first] = [await brand('b'), await brand('a')];
      await brand('c', 'somebody-else');

      expect(await directory.brandsOf(organisationId)).toEqual([first, second]);
      expect(await directory.brandsOf('nobody')).toEqual([]);
    });

    it('names the numbers of an organisation page by page, each once', async () => {
      const { directory, organisationId, number, connect } = start();
      for (const n of [3, 1, 2]) await connect(number(n));
      await connect(number(4), 'somebody-else');

      const first = await directory.numbersOf(organisationId, '', 2);
      const rest = await directory.numbersOf(organisationId, first.at(-1) ?? '', 2);

      expect([first, rest]).toEqual([[number(1), number(2)], [number(3)]]);
    });

    it('names the operators of an organisation or of one of its departments, page by page', async () => {
      const { directory, organisationId, operator } = start();
      const [third, first] = [await operator(3, ['sales']), await operator(1, ['care', 'sales'])];
      const second = await operator(2, ['care']);
      await operator(4, ['sales'], 'somebody-else');

      expect(await directory.operatorsOf(organisationId, '', '', 2)).toEqual([first, second]);
      expect(await directory.operatorsOf(organisationId, '', second, 2)).toEqual([third]);
      expect(await directory.operatorsOf(organisationId, 'sales', '', 9)).toEqual([first, third]);
    });

    it('does not name an operator who was taken away', async () => {
      const { directory, organisationId, operator, remove } = start();

      await remove(await operator(1, []));

      expect(await directory.operatorsOf(organisationId, '', '', 9)).toEqual([]);
    });

    it('ON-17 does not name a number that has left', async () => {
      const { directory, organisationId, number, connect, disconnect } = start();
      await connect(number(1));

      await disconnect(number(1));

      expect(await directory.numbersOf(organisationId, '', 9)).toEqual([]);
    });
  });
}

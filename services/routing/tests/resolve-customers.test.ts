import fc from 'fast-check';
import { type Customer, isIdentity, isOpen } from '../src/domain/customer.js';
import type { Sighting } from '../src/domain/identify.js';
import type { Customers } from '../src/use-cases/ports.js';
import { createResolveCustomers } from '../src/use-cases/resolve-customers.js';

/** Customers in memory, with the store's two promises: compare-and-set, and no open name twice. */
function memoryCustomers(): Customers & { readonly all: () => Customer[] } {
  const stored = new Map<string, Customer>();
  const open = ({ aliases, number }: Customer): string[] =>
    aliases
      .filter((alias) => isOpen(alias) && isIdentity(alias))
      .map(({ kind, value }) => `${number}|${kind}|${value}`);
  return {
    all: () => [...stored.values()],
    having: (names) =>
      Promise.resolve(
        [...stored.values()].filter(({ number, aliases }) =>
          names.some(
            (name) =>
              name.number === number && aliases.some((alias) => alias.kind === name.kind && alias.value === name.value),
          ),
        ),
      ),
    find: (ids) => Promise.resolve(ids.flatMap((id) => stored.get(id) ?? [])),
    save(changed) {
      if (changed.some(({ id, version }) => (stored.get(id)?.version ?? 0) !== version)) return Promise.resolve(false);
      const ids = new Set(changed.map(({ id }) => id));
      const taken = [...stored.values()].filter(({ id }) => !ids.has(id)).flatMap(open);
      if (changed.flatMap(open).some((name) => taken.includes(name))) return Promise.resolve(false);
      for (const customer of changed) stored.set(customer.id, { ...customer, version: customer.version + 1 });
      return Promise.resolve(true);
    },
  };
}

const at = new Date('2026-11-25T12:00:00Z');

describe('RX-6 a stretch of items', () => {
  it('finds the same customers however it is cut, and also when it is read again', async () => {
    const name = (prefix: string) =>
      fc.option(
        fc.constantFrom('1', '2', '3').map((each) => prefix + each),
        { nil: undefined },
      );
    const item = fc.record({ number: fc.constantFrom('341', '342'), phone: name(''), userId: name('US.') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { maxLength: 30 }),
        fc.array(fc.nat(30), { maxLength: 4 }),
        async (items, cuts) => {
          const sightings = items.map(({ number, phone, userId }, offset): Sighting => ({
            number,
            offset,
            at,
            party: { phone, userId },
          }));
          const run = async (customers: Customers, parts: Sighting[][]): Promise<(string | undefined)[]> => {
            const resolve = createResolveCustomers({ customers, digest: (text) => text });
            const found: (string | undefined)[] = [];
            for (const part of parts) found.push(...(await resolve(part)).customers.map((customer) => customer?.id));
            return found;
          };
          const edges = [...new Set([0, ...cuts.filter((cut) => cut < sightings.length), sightings.length])].sort(
            (a, b) => a - b,
          );
          const parts = edges.slice(1).map((edge, index) => sightings.slice(edges[index], edge));
          const store = memoryCustomers();

          const inParts = await run(store, parts);

          expect(await run(memoryCustomers(), [sightings])).toEqual(inParts);
          expect(await run(store, [sightings])).toEqual(inParts);
        },
      ),
      { numRuns: 300 },
    );
  });
});

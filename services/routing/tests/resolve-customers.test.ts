import fc from 'fast-check';
import type { Sighting } from '../src/domain/identify.js';
import type { Customers } from '../src/use-cases/ports.js';
import { createResolveCustomers } from '../src/use-cases/customers/resolve-customers.js';
import { memoryCustomers } from './support/twins.js';

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

import fc from 'fast-check';
import { createIdTable } from './id-table.js';

describe('the table of ids', () => {
  it('is what a map would be, in any history', () => {
    const step = fc.record({ id: fc.integer({ min: 0, max: 3_000 }).map(String), isAdded: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 4_000, size: 'max' }), (steps) => {
        const table = createIdTable();
        const model = new Map<string, number>();
        const free: number[] = [];
        let used = 0;
        for (const { id, isAdded } of steps) {
          const known = model.get(id);
          expect(table.find(id)).toBe(known);
          if (isAdded && known === undefined) {
            const handle = free.pop() ?? used++;
            table.add(id, handle);
            model.set(id, handle);
          } else if (!isAdded && known !== undefined) {
            expect(table.remove(known)).toBe(id);
            model.delete(id);
            free.push(known);
          }
        }
        expect(table.size()).toBe(model.size);
        for (const [id, handle] of model) expect(table.find(id)).toBe(handle);
      }),
      { numRuns: 30 },
    );
  });
});

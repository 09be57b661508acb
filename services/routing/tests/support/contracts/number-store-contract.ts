import { type NumberSpans } from '../../../src/domain/spans.js';
import { type NumberStore } from '../../../src/use-cases/ports.js';
import { fresh, newNumber } from '../fresh.js';
import { acme } from '../threads.js';

export function numberStoreContract(name: string, open: () => NumberStore): void {
  describe(`${name} numbers`, () => {
    const spans = (version: number): NumberSpans => ({
      version,
      spans: [
        { from: 0, connection: 1, owner: null },
        { from: 7, connection: 1, owner: acme },
      ],
    });

    it('are found as they were written, those that are there', async () => {
      const [numbers, number] = [open(), newNumber()];

      expect(await numbers.save(number, undefined, spans(3))).toBe(true);

      expect(await numbers.find([number, newNumber()])).toEqual(new Map([[number, spans(3)]]));
      expect(await numbers.find([])).toEqual(new Map());
    });

    it('are written on the version that was read, and on no other', async () => {
      const [numbers, number] = [open(), newNumber()];
      await numbers.save(number, undefined, spans(1));

      expect(await numbers.save(number, spans(1), spans(2))).toBe(true);
      expect(await numbers.save(number, spans(1), spans(9))).toBe(false);
      expect(await numbers.save(number, undefined, spans(9))).toBe(false);

      expect((await numbers.find([number])).get(number)?.version).toBe(2);
    });

    it('are first written by one of those who come at once', async () => {
      const [numbers, number] = [open(), newNumber()];

      const saved = await Promise.all([1, 2, 3, 4].map((version) => numbers.save(number, undefined, spans(version))));

      expect(saved.filter((isSaved) => isSaved)).toHaveLength(1);
    });

    it('CH-9 are named by the brand that has them or had them', async () => {
      const numbers = open();
      const [now, before, other] = [newNumber(), newNumber(), newNumber()];
      const brandId = fresh('brand-');
      const span = (from: number, brand: string) => ({ from, connection: 1, owner: { ...acme, brandId: brand } });
      await numbers.save(now, undefined, { version: 1, spans: [span(0, brandId)] });
      await numbers.save(before, undefined, { version: 1, spans: [span(0, brandId), span(7, fresh('brand-'))] });
      await numbers.save(other, undefined, { version: 1, spans: [span(0, fresh('brand-'))] });

      expect([...(await numbers.ofBrand(brandId))].sort()).toEqual([now, before].sort());
      expect(await numbers.ofBrand(fresh('brand-'))).toEqual([]);
    });
  });
}

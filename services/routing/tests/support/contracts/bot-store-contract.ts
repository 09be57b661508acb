import { type BotStore } from '../../../src/use-cases/bots/ports.js';
import { attached } from '../bots-world.js';
import { newNumber } from '../fresh.js';

export function botStoreContract(name: string, open: () => BotStore): void {
  describe(`${name} bots`, () => {
    it('are kept whole, and found by their numbers alone', async () => {
      const [store, number] = [open(), newNumber()];
      const bot = attached({ number, secret: { keyId: 'k', wrappedKey: 'w', sealed: 's' }, departmentId: 'care' });

      expect(await store.save(bot)).toBe(true);

      expect(await store.find([number, newNumber()])).toEqual([bot]);
      expect(await store.find([])).toEqual([]);
    });

    it('are changed on the version that was read: of two that come at once one wins', async () => {
      const [store, number] = [open(), newNumber()];

      const first = await Promise.all(['a', 'b'].map((name) => store.save(attached({ number, name }))));
      const second = await Promise.all(['c', 'd'].map((name) => store.save(attached({ number, name, version: 2 }))));

      expect([first.filter(Boolean), second.filter(Boolean)]).toEqual([[true], [true]]);
      expect(await store.save(attached({ number, version: 2 }))).toBe(false);
      expect(await store.save(attached({ number, version: 4 }))).toBe(false);
      expect(await store.find([number])).toMatchObject([{ version: 2 }]);
    });

    it('stay when they are detached, so that versions go on', async () => {
      const [store, number] = [open(), newNumber()];
      await store.save(attached({ number }));

      await store.save(attached({ number, version: 2, isRemoved: true, secret: null }));

      expect(await store.find([number])).toMatchObject([{ version: 2, isRemoved: true }]);
    });
  });
}

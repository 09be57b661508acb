import { type TierTable } from '../../src/domain/prices/tiers.js';
import { type TierStore } from '../../src/use-cases/ports.js';
import { type PositionStore } from '../../src/use-cases/volumes.js';

/** What the stores of volume tiers must do, the twins and the real ones. */

const at = new Date('2026-11-26T12:00:00Z');
const table = (since: string, amount: bigint): TierTable => ({
  market: 'India',
  category: 'utility',
  since,
  tiers: [
    { from: 1, amount },
    { from: 25_000_001, amount: amount - 100n },
  ],
});

export function tierStoreContract(store: () => TierStore): void {
  it('BL-10 keeps tables by market, category and day; the newest word of one holds', async () => {
    await store().save([table('2027-01-01', 1_400n), table('2027-04-01', 1_300n)], at, 'somebody');
    await store().save([table('2027-04-01', 1_200n)], at, 'somebody');
    await store().save([], at, 'somebody');

    const found = [...(await store().all())].sort((a, b) => (a.since < b.since ? -1 : 1));
    expect(found).toEqual([table('2027-01-01', 1_400n), table('2027-04-01', 1_200n)]);
  });
}

export function positionStoreContract(store: () => PositionStore): void {
  it('BL-10 keeps the first position of an attempt, whatever is written later', async () => {
    await store().save([{ id: 'a:1', position: 1 }]);
    await store().save([
      { id: 'a:1', position: 7 },
      { id: 'b:1', position: 25_000_001 },
    ]);
    await store().save([]);

    expect([...(await store().find(['b:1', 'a:1', 'c:1']))].sort()).toEqual([
      ['a:1', 1],
      ['b:1', 25_000_001],
    ]);
  });
}

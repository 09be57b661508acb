import { type TierTable } from '../../src/domain/prices/tiers.js';
import { type TierStore } from '../../src/use-cases/ports.js';
import { type Report, type Reports } from '../../src/use-cases/reconciliation/ports.js';
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

const sum = (messages: number) => ({ messages, cost: BigInt(messages) * 62_500n });
const report = (organisation: string, waba: string, day: string, more: Partial<Report> = {}): Report => ({
  organisation,
  waba,
  day,
  comparedAt: at,
  currency: 'USD',
  rows: [
    {
      number: '1',
      country: 'BR',
      category: 'marketing',
      type: 'regular',
      tiers: ['0:MAX'],
      ours: sum(1),
      meta: sum(2),
      messagesDifference: 1,
      costDifference: 62_500n,
      perMessage: 31_250n,
    },
  ],
  ours: sum(1),
  meta: sum(2),
  costPpm: 500_000,
  messagesPpm: 500_000,
  alarm: true,
  previous: null,
  ...more,
});

export function reportsContract(store: () => Reports): void {
  it('BL-10 keeps one report of an account and day, the newest, as it was', async () => {
    const reports = store();
    await reports.save(report('one', '10', '2026-11-20'));
    const again = report('one', '10', '2026-11-20', { alarm: false, previous: { ours: sum(1), meta: sum(2) } });
    await reports.save(again);

    expect(await reports.find('one', '10', '2026-11-20')).toEqual(again);
    expect(await reports.find('another', '10', '2026-11-20')).toBeUndefined();
  });

  it('BL-10 lists the newest day first, in pages, and no other organisation’s', async () => {
    const reports = store();
    const days = ['2026-11-21', '2026-11-22', '2026-11-23'];
    for (const day of days) for (const waba of ['20', '21']) await reports.save(report('two', waba, day));
    await reports.save(report('three', '20', '2026-11-22'));
    const listed = async (wanted: { waba?: string; from?: string; until?: string }, after = '', limit = 10) =>
      (await reports.list('two', { waba: '', from: '', until: '', ...wanted }, after, limit)).map(
        ({ day, waba }) => `${day}/${waba}`,
      );

    expect(await listed({}, '', 3)).toEqual(['2026-11-23/20', '2026-11-23/21', '2026-11-22/20']);
    expect(await listed({}, '2026-11-22/20')).toEqual(['2026-11-22/21', '2026-11-21/20', '2026-11-21/21']);
    expect(await listed({ waba: '21', from: '2026-11-22' })).toEqual(['2026-11-23/21', '2026-11-22/21']);
    expect(await listed({ until: '2026-11-22' })).toEqual(['2026-11-21/20', '2026-11-21/21']);
  });
}

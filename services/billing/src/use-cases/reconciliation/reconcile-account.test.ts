import { Failure } from '@switchboard/errors';
import { createMemoryReports } from '../../../tests/support/reconciliation-twins.js';
import { type Counted, type Point } from '../../domain/reconciliation/sides.js';
import { type Analytics } from './ports.js';
import { createReconciliation } from './reconcile-account.js';

const TODAY = '2026-11-26';
const DAY = '2026-11-25';
const ours: Counted = {
  ...{ number: '1', country: 'BR', category: 'marketing', type: 'regular', day: DAY },
  ...{ messages: 2, cost: 125_000n },
};
const meta: Point = { ...ours, category: 'MARKETING', type: 'REGULAR', tier: '' };
const account = { waba: '10', organisation: 'o', numbers: ['1'] };

function world(points: readonly Point[], more: Partial<Analytics> = {}) {
  const reports = createMemoryReports();
  const told: string[] = [];
  const at = { points, isAway: false };
  const analytics: Analytics = {
    accounts: () => [account],
    charged: () =>
      at.isAway
        ? Promise.reject(new Failure('unavailable', 'meta.unreachable', 'away'))
        : Promise.resolve({ currency: 'USD', points: at.points }),
    ...more,
  };
  const deps = {
    charges: { charged: () => Promise.resolve([ours]) },
    reports,
    observer: {
      compared: (alarm: boolean) => void told.push(alarm ? 'alarm' : 'equal'),
      failed: () => void told.push('failed'),
      warn: () => undefined,
    },
    now: () => new Date(`${TODAY}T06:00:00Z`),
  };
  return {
    ...createReconciliation({ ...deps, analytics }),
    without: createReconciliation({ ...deps, analytics: undefined }),
    reports,
    told,
    at,
  };
}

describe('BL-10 an account is compared with Meta', () => {
  it('day by day; a day is kept once, with what the report before said', async () => {
    const { reconcile, reports, told, at } = world([{ ...meta, messages: 1, cost: 62_500n }]);
    await reconcile('o', '10', DAY, TODAY);
    // The late status heals it.
    at.points = [meta];
    await reconcile('o', '10', DAY, TODAY);

    expect(told).toEqual(['alarm', 'equal']);
    expect(reports.all()).toMatchObject([
      { day: DAY, alarm: false, previous: { meta: { messages: 1 }, ours: { messages: 2 } } },
    ]);
  });

  it('without what was free: that is in no ledger', async () => {
    const free = [{ ...meta, type: 'FREE_CUSTOMER_SERVICE', category: 'SERVICE', messages: 900, cost: 0n }];
    const { reconcile, told } = world([meta, ...free]);

    await reconcile('o', '10', DAY, TODAY);

    expect(told).toEqual(['equal']);
  });

  it('and nothing is kept when Meta is away', async () => {
    const { reconcile, reports, at } = world([meta]);
    at.isAway = true;

    await expect(reconcile('o', '10', DAY, TODAY)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(reports.all()).toEqual([]);
  });

  it('SE-1 of the organisation alone, and only where the installation knows Meta', async () => {
    const { reconcile, without } = world([meta]);

    await expect(reconcile('another', '10', DAY, TODAY)).rejects.toMatchObject({ code: 'billing.account-not-found' });
    await expect(without.reconcile('o', '10', DAY, TODAY)).rejects.toMatchObject({ code: 'billing.no-analytics' });
    await expect(without.run()).resolves.toBeUndefined();
  });

  it('every night for the last three days; an account that cannot be read keeps no other from it', async () => {
    const broken = { ...account, waba: '9' };
    const { run, reports, told } = world([meta], {
      accounts: () => [broken, account],
      charged: ({ waba }) =>
        waba === '9'
          ? Promise.reject(new Error('no such object'))
          : Promise.resolve({ currency: 'USD', points: [meta] }),
    });

    await run();

    expect(reports.all().map(({ day }) => day)).toEqual(['2026-11-23', '2026-11-24', DAY]);
    expect(told).toEqual(['failed', 'equal', 'equal', 'equal']);
  });
});

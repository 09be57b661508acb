import { createEntries, entriesIndexes } from '../src/adapters/mongo/entries.js';
import { createReports, reconciliationsIndexes } from '../src/adapters/mongo/reconciliations.js';
import { ensureIndexes } from '@switchboard/mongo';
import { noWallet } from '../src/domain/wallet/wallet.js';
import { type Entry } from '../src/domain/wallet/entry.js';
import { startInstallation } from './support/installation.js';
import { reportsContract } from './support/store-contracts.js';

/** What reconciliation reads and keeps, on real MongoDB. */

let installation: Awaited<ReturnType<typeof startInstallation>>;
beforeAll(async () => {
  installation = await startInstallation('reconciliation');
}, 120_000);
afterAll(() => installation.stop(), 60_000);

describe('reports in MongoDB', () => {
  const database = () => installation.connection.useDb('billing-reports-contract');
  beforeAll(() => ensureIndexes(database(), reconciliationsIndexes));
  reportsContract(() => createReports(database()));
});

const DAY = '2026-11-20';
const charged = (sequence: number, more: Partial<Entry> = {}, deliveredAt?: Date): Entry => ({
  sequence,
  id: `m-${sequence}:1:resolve`,
  at: new Date('2026-11-21T00:00:10Z'),
  kind: 'settle',
  from: 'holds',
  to: 'revenue',
  amount: 100n,
  reference: `m-${sequence}:1`,
  message: {
    ...{ number: '1', brand: 'b', country: 'BR', market: 'Brazil', category: 'marketing', userInitiated: false },
    ...(deliveredAt && { deliveredAt }),
  },
  flags: [],
  memo: '',
  by: 'test',
  ...more,
});

it('BL-10 what was charged is counted on the day of its delivery, whenever it was booked', async () => {
  const connection = installation.connection.useDb('billing-charged');
  await ensureIndexes(connection, entriesIndexes);
  const entries = createEntries(connection);
  const late = new Date('2026-11-20T23:59:59.999Z');
  const next = new Date('2026-11-21T00:00:00Z');
  const tail = [
    charged(1, {}, late),
    charged(2, { kind: 'capture', from: 'credits', id: 'm-1:1:more', reference: 'm-1:1' }, late),
    charged(3, { kind: 'capture', from: 'credits', flags: ['late'] }, late),
    charged(4, {}, next),
    charged(5, { kind: 'cost', from: 'revenue', to: 'meta_cost' }, late),
    charged(6, { message: { ...charged(6, {}, late).message!, number: '2' } }),
    charged(7),
  ];
  const state = { ...noWallet(), organisation: 'o', entries: tail.length, tail };
  await entries.project([{ aggregateId: 'w', version: 1, sequence: 1, state, entries: [] }]);

  const found = await entries.charged(['1'], new Date(DAY), next);

  expect(found).toEqual([
    { number: '1', country: 'BR', category: 'marketing', day: DAY, type: 'regular', messages: 2, cost: 300n },
  ]);
});

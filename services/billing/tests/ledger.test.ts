import { type Entry } from '../src/domain/wallet/entry.js';
import { createLedgerUseCases } from '../src/use-cases/ledger.js';

/** Entries that the wallet still holds and the ledger has not yet: the same filter has to hold for them. */

const entry = (sequence: number, number: string, country: string, category: string): Entry => ({
  sequence,
  id: `e${sequence}`,
  at: new Date('2026-11-26T12:00:00Z'),
  kind: 'settle',
  from: 'holds',
  to: 'revenue',
  amount: 5n,
  reference: `m${sequence}`,
  message: { number, brand: 'acme', country, market: '', category, userInitiated: false },
  flags: [],
  memo: '',
  by: 'egress',
});
const tail = [
  entry(1, '1', 'BR', 'utility'),
  entry(2, '2', 'US', 'marketing'),
  { ...entry(3, '', '', ''), message: null },
];
const ledger = createLedgerUseCases({
  wallets: { read: () => Promise.resolve({ aggregateId: 'w', state: { organisation: 'acme', tail } }) },
  entries: { list: () => Promise.resolve([]) },
} as never);

it.each([
  [{}, ['m1', 'm2', 'm3']],
  [{ number: '1' }, ['m1']],
  [{ country: 'US' }, ['m2']],
  [{ category: 'utility' }, ['m1']],
  [{ number: '1', category: 'marketing' }, []],
])('BL-10 entries of the wallet itself are found by %j', async (asked, found) => {
  const all = { from: undefined, until: undefined, kinds: [], reference: '', number: '', country: '', category: '' };

  const { entries } = await ledger.listEntries('acme', 'w', { ...all, ...asked }, 0, 100);

  expect(entries.map(({ reference }) => reference)).toEqual(found);
});

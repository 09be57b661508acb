// Charges on one wallet against the in-memory twin of the store, in batches of 500: node double.ts <charges>
import { createAggregates, createMemoryStore } from '@switchboard/aggregates';
import { walletAggregate } from '../../services/billing/dist/adapters/kafka/wallet-aggregate.js';

const charges = Number(process.argv[2]);
const BATCH = 500;
const at = new Date();
const lookup = { upTo: 0, holds: new Map(), entries: new Set<string>() };
let written = 0;
const quiet = (): void => {
  // Nobody reads it.
};
const wallets = createAggregates({
  definition: walletAggregate,
  store: createMemoryStore(),
  publish: () => Promise.resolve(),
  project: (all) => {
    written = all.reduce((most, { state }) => Math.max(most, state.entries), written);
    return Promise.resolve();
  },
  logger: { warn: quiet, error: quiet },
});
await wallets.start();
const asked = { at, by: 'bench', projected: 0 };
await wallets.command('w', {
  kind: 'create',
  organisation: 'o',
  name: 'w',
  wallet: 'standalone',
  services: [],
  ...asked,
});
const credit = { cause: 'grant', id: 'g', purchase: 'g', amount: 10n ** 15n, fee: 0n, memo: '' } as const;
await wallets.command('w', { kind: 'credit', ...credit, lookup, ...asked });

let tailFrom = 0;
const began = performance.now();
for (let made = 0; made < charges;) {
  const holds = Array.from({ length: BATCH }, (_, index) => ({
    ...{ id: `m-${made + index}:1`, amount: 61_800n, memo: '' },
    message: { number: '1', brand: 'b', country: 'BR', market: 'BR', category: 'marketing', userInitiated: false },
  }));
  // What is in the projection is known to have none of these.
  const known = { lookup: { ...lookup, upTo: tailFrom }, at, by: 'bench', projected: written };
  const result = await wallets.command('w', {
    kind: 'hold',
    spender: { tenant: undefined, service: 'egress' },
    holds,
    ...known,
  });
  if (result.kind === 'stale') tailFrom = result.tailFrom;
  else made += BATCH;
}
console.log(JSON.stringify({ ms: performance.now() - began }));
process.exit(0);

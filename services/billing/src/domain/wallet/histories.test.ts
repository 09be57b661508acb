import fc from 'fast-check';
import { accounts, availableOf, heldOf } from './accounts.js';
import { type Entry } from './entry.js';
import { foldWallet } from './fold.js';
import { type Input, type ResolutionAsked } from './inputs.js';
import { apply, type Held, type Lookup } from './known.js';
import { noWallet, type Wallet } from './wallet.js';

/** A wallet with its projection beside it, which may lag behind; callers look up there, as services do. */
function createWorld() {
  let wallet: Wallet = noWallet();
  const entries = new Map<string, Entry>();
  const holds = new Map<string, Held>();
  let projected = 0;
  const all: Entry[] = [];

  const send = (input: Input) => {
    const before = wallet;
    const { wallet: after, events, result } = foldWallet(wallet, input);
    all.push(...after.tail.filter(({ sequence }) => sequence > before.entries));
    wallet = after;
    return { events, result };
  };
  const project = (): void => {
    for (const entry of all.filter(({ sequence }) => sequence > projected)) {
      entries.set(entry.id, entry);
      const held = apply(holds.get(entry.reference), entry);
      if (held) holds.set(entry.reference, held);
    }
    projected = wallet.entries;
  };
  const lookup = (): Lookup => ({ upTo: projected, holds: new Map(holds), entries: new Set(entries.keys()) });
  return { send, project, lookup, wallet: () => wallet, all: () => all, projected: () => projected };
}

const at = new Date('2026-11-26T12:00:00Z');
const common = (world: ReturnType<typeof createWorld>) => ({ at, by: 'test', projected: world.projected() });
const message = {
  number: '1',
  brand: 'acme',
  country: 'BR',
  market: 'Brazil',
  category: 'utility',
  userInitiated: false,
};

type Step =
  | { readonly kind: 'credit' | 'back'; readonly id: number; readonly amount: number }
  | { readonly kind: 'hold'; readonly ids: readonly number[]; readonly amount: number }
  | {
      readonly kind: 'resolve';
      readonly ids: readonly number[];
      readonly how: ResolutionAsked['how'];
      readonly amount: number;
    }
  | { readonly kind: 'project' };

const ids = fc.array(fc.nat(12), { minLength: 1, maxLength: 4 });
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('credit' as const), id: fc.nat(3), amount: fc.integer({ min: 1, max: 200 }) }),
    fc.record({ kind: fc.constant('back' as const), id: fc.nat(3), amount: fc.integer({ min: 1, max: 50 }) }),
    fc.record({ kind: fc.constant('hold' as const), ids, amount: fc.integer({ min: 1, max: 60 }) }),
    fc.record({
      kind: fc.constant('resolve' as const),
      ids,
      how: fc.constantFrom('charge' as const, 'settle' as const, 'release' as const, 'expire' as const),
      amount: fc.integer({ min: 0, max: 90 }),
    }),
    fc.constant({ kind: 'project' as const }),
  ),
  { maxLength: 60 },
);

function run(history: readonly Step[]) {
  const world = createWorld();
  world.send({
    ...common(world),
    kind: 'create',
    organisation: 'org',
    name: 'Main',
    wallet: 'standalone',
    services: [],
  });
  for (const step of history) {
    const before = world.wallet();
    if (step.kind === 'project') world.project();
    else if ('id' in step) {
      const cause = step.kind === 'credit' ? 'purchase' : 'refund';
      const about = { id: `${step.kind}-${step.id}`, purchase: `p-${step.id}`, memo: '', lookup: world.lookup() };
      world.send({ ...common(world), kind: 'credit', cause, ...about, amount: BigInt(step.amount), fee: 3n });
    } else if (step.kind === 'hold') {
      const holds = [...new Set(step.ids)].map((id) => ({
        id: `m-${id}`,
        amount: BigInt(step.amount),
        message,
        memo: '',
      }));
      world.send({
        ...common(world),
        kind: 'hold',
        spender: { tenant: undefined, service: 'egress' },
        holds,
        lookup: world.lookup(),
      });
    } else {
      const resolutions = [...new Set(step.ids)].map((id) => ({
        id: `m-${id}`,
        how: step.how,
        amount: BigInt(step.amount),
        cost: undefined,
        message,
        doubled: false,
      }));
      world.send({ ...common(world), kind: 'resolve', resolutions, lookup: world.lookup() });
    }
    check(before, world.wallet());
  }
  return world;
}

/** What holds after every step (BL-8, BL-9). */
function check(before: Wallet, after: Wallet): void {
  const sum = accounts.reduce(
    (total, account) => total + after.balances[account].got - after.balances[account].gave,
    0n,
  );
  expect(sum).toBe(0n);
  expect(heldOf(after.balances)).toBeGreaterThanOrEqual(0n);
  const fresh = after.tail.filter(({ sequence }) => sequence > before.entries);
  const available = availableOf(after.balances);
  if (available < 0n && available < availableOf(before.balances)) {
    const mayGoBelow = ['late', 'repriced', 'unheld', 'reversed'];
    expect(fresh.some(({ flags }) => flags.some((flag) => mayGoBelow.includes(flag)))).toBe(true);
  }
}

describe('a wallet, after any history', () => {
  it('BL-9 adds up to zero, and is below zero only by entries that are flagged', () => {
    fc.assert(
      fc.property(steps, (history) => {
        run(history);
      }),
      { numRuns: 1_000 },
    );
  });

  it('BL-8 has one resolution per hold, and every entry once', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const entries = run(history).all();
        const once = entries.map(({ id }) => id);
        expect(new Set(once).size).toBe(once.length);
        expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1));
      }),
      { numRuns: 1_000 },
    );
  });

  it('BL-9 has the balances that its entries add up to', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const world = run(history);
        for (const account of accounts) {
          const { gave, got } = world.wallet().balances[account];
          const sum = (pick: 'from' | 'to'): bigint =>
            world.all().reduce((total, entry) => (entry[pick] === account ? total + entry.amount : total), 0n);
          expect([account, gave, got]).toEqual([account, sum('from'), sum('to')]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('BL-8 answers the same to the same, and nothing has a second effect', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const once = run(history);
        const twice = run(history.flatMap((step) => [step, step]));
        expect(twice.wallet().balances).toEqual(once.wallet().balances);
      }),
      { numRuns: 500 },
    );
  });
});

import { accounts } from '../../src/domain/wallet/accounts.js';
import { type Entry, type Flag } from '../../src/domain/wallet/entry.js';
import { GRANTED, type World } from './world.js';

/** What an attempt must have come to. */
export interface Attempt {
  readonly holdId: string;
  /** What Meta took for it. */
  readonly charged: bigint;
  /** It was told what became of it. */
  readonly isOver: boolean;
}

const mayGoBelow: readonly Flag[] = ['late', 'repriced', 'unheld'];
const sumOf = (entries: readonly Entry[]): bigint => entries.reduce((sum, { amount }) => sum + amount, 0n);

/** Everything that is not as it must be when all is over (BL-3, BL-8, BL-9). */
export function faultsOf(world: World, attempts: readonly Attempt[], grants: number): string[] {
  const { wallet, entries, available } = world.swept();
  const faults: string[] = [];
  const must = (holds: boolean, fault: string): void => {
    if (!holds) faults.push(fault);
  };

  must(
    entries.length === wallet.entries && entries.every(({ sequence }, index) => sequence === index + 1),
    'the ledger has holes, or places that are taken twice',
  );
  for (const account of accounts) {
    const { gave, got } = wallet.balances[account];
    must(
      gave === sumOf(entries.filter(({ from }) => from === account)) &&
        got === sumOf(entries.filter(({ to }) => to === account)),
      `entries do not add up to ${account}`,
    );
  }
  must(
    accounts.reduce((sum, each) => sum + wallet.balances[each].got - wallet.balances[each].gave, 0n) === 0n,
    'the sum is not zero',
  );

  let left = 0n;
  for (const { from, to, amount, flags, id } of entries) {
    const before = left;
    left += (to === 'credits' ? amount : 0n) - (from === 'credits' ? amount : 0n);
    must(
      left >= 0n || left >= before || flags.some((flag) => mayGoBelow.includes(flag)),
      `${id} goes below zero unflagged`,
    );
  }
  must(left === available, 'what is available is not what the entries leave');

  const credits = sumOf(entries.filter(({ kind }) => kind === 'grant'));
  must(credits === GRANTED + 20_000n * BigInt(grants), `${credits} were granted`);
  for (const { holdId, charged, isOver } of attempts) {
    const own = entries.filter(({ reference }) => reference === holdId);
    const of = (...kinds: Entry['kind'][]): Entry[] => own.filter(({ kind }) => kinds.includes(kind));
    must(
      sumOf(of('settle', 'capture')) === charged,
      `${holdId} costs ${sumOf(of('settle', 'capture'))}, not ${charged}`,
    );
    must(own.filter(({ id }) => id === `${holdId}:hold`).length <= 1, `${holdId} is held twice`);
    must(
      of('settle').length + of('release').filter(({ id }) => !id.endsWith(':rest')).length <= 1,
      `${holdId} is resolved twice`,
    );
    const isOpen = of('hold').length > 0 && of('settle', 'release', 'capture').length === 0;
    must(!isOver || !isOpen, `${holdId} stays held`);
  }
  return faults;
}

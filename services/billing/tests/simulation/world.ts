import { availableOf } from '../../src/domain/wallet/accounts.js';
import { type Entry } from '../../src/domain/wallet/entry.js';
import { foldWallet } from '../../src/domain/wallet/fold.js';
import { type Input, type Result } from '../../src/domain/wallet/inputs.js';
import { apply, type Held } from '../../src/domain/wallet/known.js';
import { noWallet, type Wallet } from '../../src/domain/wallet/wallet.js';
import { createAskWallet } from '../../src/use-cases/looked-up.js';
import { type Entries } from '../../src/use-cases/ports.js';
import { type Stage } from './stage.js';

/** A wallet and its ledger, and processes that die, answer late, and go on when others have taken their place. */

/** Guards that can be taken away, to see that it would be noticed. */
export const mutations = [
  'the balance is not looked at',
  'losers of a write write all the same',
  'stale look-ups are believed',
  'look-ups find nothing',
  'entries leave before they are in the ledger',
  'every try has an id of its own',
] as const;
export type Mutation = (typeof mutations)[number];

export class Killed extends Error {}

export const at = new Date('2026-11-26T12:00:00Z');
export const GRANTED = 200_000n;
const PLENTY = 10n ** 12n;
const nothing = { upTo: 0, holds: new Map<string, Held>(), entries: new Set<string>() };
const EARLIER = 990;

/** Made once: a wallet whose tail is about to be cut. */
export const begun: Wallet = [
  { kind: 'create', organisation: 'org', name: 'Main', wallet: 'standalone', services: [] } as const,
  {
    kind: 'credit',
    cause: 'grant',
    id: 'g',
    purchase: 'g',
    amount: GRANTED,
    fee: 0n,
    memo: '',
    lookup: nothing,
  } as const,
  {
    kind: 'hold',
    spender: { tenant: undefined, service: 'egress' },
    holds: manyHolds('earlier', EARLIER),
    lookup: nothing,
  } as const,
].reduce((wallet, input) => foldWallet(wallet, { ...input, at, by: 'test', projected: 0 }).wallet, noWallet());

export function manyHolds(name: string, count: number) {
  return Array.from({ length: count }, (_, index) => ({ id: `${name}-${index}`, amount: 1n, message: null, memo: '' }));
}

export function createWorld(stage: Stage, without?: Mutation) {
  const is = (mutation: Mutation): boolean => without === mutation;
  let stored: { readonly version: number; readonly wallet: Wallet } = { version: 0, wallet: begun };
  const ledger = new Map<string, Entry>();
  const wrong: string[] = [];
  let stale = 0;

  function fold(wallet: Wallet, input: Input) {
    if (!is('the balance is not looked at') || input.kind !== 'hold') return foldWallet(wallet, input);
    const { credits } = wallet.balances;
    const balances = { ...wallet.balances, credits: { ...credits, got: credits.got + PLENTY } };
    const folded = foldWallet({ ...wallet, balances }, input);
    const { credits: after } = folded.wallet.balances;
    const honest = { ...folded.wallet.balances, credits: { ...after, got: after.got - PLENTY } };
    return { ...folded, wallet: { ...folded.wallet, balances: honest } };
  }

  function insert(entry: Entry): void {
    const there = ledger.get(entry.id);
    if (there && there.sequence !== entry.sequence) wrong.push(`${entry.id} is written twice`);
    if (!there) ledger.set(entry.id, entry);
  }

  function startProcess() {
    let isAlive = true;
    let projected = 0;
    let writing: Promise<void> = Promise.resolve();

    async function step(): Promise<void> {
      await stage.turn();
      if (isAlive && stage.chance(0.01)) isAlive = false;
      if (!isAlive) throw new Killed('killed');
    }
    async function project({ tail, entries }: Wallet): Promise<void> {
      await step();
      for (const entry of tail) if (entry.sequence > projected) insert(entry);
      projected = Math.max(projected, entries);
    }
    async function command(_id: string, input: Input): Promise<Result> {
      for (;;) {
        await step();
        const read = stored;
        await step();
        const { wallet, result } = fold(read.wallet, input);
        if (wallet === read.wallet) return result;
        if (stored.version !== read.version && !is('losers of a write write all the same')) continue;
        stored = { version: read.version + 1, wallet };
        writing = writing.then(() => project(wallet)).catch(() => undefined);
        // The answer is lost: nobody knows that it was written, and it is folded again.
        if (!stage.chance(0.1)) return result;
      }
    }
    const lookup: Entries['lookup'] = async (_wallet, references) => {
      await step();
      const holds = new Map<string, Held>();
      const found = [...ledger.values()]
        .filter(({ reference }) => references.includes(reference))
        .sort((a, b) => a.sequence - b.sequence);
      if (is('look-ups find nothing')) return { holds, entries: new Set() };
      for (const entry of found) {
        const held = apply(holds.get(entry.reference), entry);
        if (held) holds.set(entry.reference, held);
      }
      return { holds, entries: new Set(found.map(({ id }) => id)) };
    };
    const believed = (input: Input): Input =>
      'lookup' in input && is('stale look-ups are believed')
        ? { ...input, lookup: { ...input.lookup, upTo: Number.MAX_SAFE_INTEGER } }
        : input;
    const ask = createAskWallet({
      wallets: { command: (id, input) => command(id, believed(input)) },
      entries: { lookup },
      progress: {
        projected: () => (is('entries leave before they are in the ledger') ? Number.MAX_SAFE_INTEGER : projected),
      },
      observer: { stale: () => void (stale += 1) },
    });
    return { ask, isAlive: () => isAlive };
  }

  let current = startProcess();
  return {
    is,
    wrong,
    staleLookUps: () => stale,
    /** The process that is there now; a new one where the last one was killed. */
    process() {
      if (!current.isAlive() || stage.chance(0.1)) current = startProcess();
      return current;
    },
    /** What no process has written out any more is swept; then all of the ledger, in order. */
    swept(): { wallet: Wallet; entries: readonly Entry[]; available: bigint } {
      stored.wallet.tail.forEach(insert);
      const entries = [...ledger.values()].sort((a, b) => a.sequence - b.sequence);
      return { wallet: stored.wallet, entries, available: availableOf(stored.wallet.balances) };
    },
  };
}

export type World = ReturnType<typeof createWorld>;

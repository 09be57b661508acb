import { type Micros } from '../money.js';
import { type Entry, type MessageCost } from './entry.js';
import { type Wallet } from './wallet.js';

/** How a hold stands: from the projection, and from the tail, which is newer. */
export interface Held {
  readonly amount: Micros;
  /** Null when nothing was ever held, and something was captured all the same. */
  readonly heldAt: Date | null;
  readonly message: MessageCost | null;
  readonly resolution: Resolution | null;
}

export interface Resolution {
  readonly outcome: 'settled' | 'released' | 'expired' | 'captured_late' | 'captured_unheld';
  readonly amount: Micros;
}

/**
 * What a caller has looked up before it asks: holds and causes in the projection, as it was when all entries up to
 * `upTo` were in it. A wallet whose tail begins later has forgotten what the look-up may have missed: it must be looked up
 * again.
 */
export interface Lookup {
  readonly upTo: number;
  readonly holds: ReadonlyMap<string, Held>;
  /** Ids of entries that are there. */
  readonly entries: ReadonlySet<string>;
}

export const isStale = ({ tailFrom }: Wallet, { upTo }: Lookup): boolean => tailFrom > upTo;

/** The tail's own knowledge of what belongs to these holds and causes, over what was looked up. */
export function createKnown(wallet: Wallet, lookup: Lookup, references: readonly string[]) {
  const holds = new Map(lookup.holds);
  const entries = new Set(lookup.entries);
  const add = (entry: Entry): void => {
    entries.add(entry.id);
    const held = apply(holds.get(entry.reference), entry);
    if (held) holds.set(entry.reference, held);
  };
  const asked = new Set(references);
  for (const entry of wallet.tail) if (asked.has(entry.reference)) add(entry);
  return { hold: (id: string) => holds.get(id), has: (entryId: string) => entries.has(entryId), add };
}

export type Known = ReturnType<typeof createKnown>;

/** A hold after one more entry: also how the projection of holds is written. Undefined for entries of other kinds. */
export function apply(held: Held | undefined, { kind, amount, at, message, flags, id }: Entry): Held | undefined {
  const before = held ?? { amount: 0n, heldAt: null, message, resolution: null };
  switch (kind) {
    case 'hold':
      return { ...before, amount, heldAt: at, message };
    case 'settle':
      return { ...before, resolution: { outcome: 'settled', amount } };
    case 'release':
      // What is left of a hold that was settled in part comes back without another word.
      return id.endsWith(':rest') ? before : { ...before, resolution: { outcome: 'released', amount: 0n } };
    case 'expire':
      return { ...before, resolution: { outcome: 'expired', amount: 0n } };
    case 'capture': {
      // More than was held is captured beside the settlement.
      if (id.endsWith(':more')) {
        const { resolution } = before;
        return { ...before, resolution: resolution && { ...resolution, amount: resolution.amount + amount } };
      }
      const outcome = flags.includes('late') ? 'captured_late' : 'captured_unheld';
      return { ...before, message: before.message ?? message, resolution: { outcome, amount } };
    }
    default:
      return undefined;
  }
}

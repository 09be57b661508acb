import { LEASE_MS, UNKNOWN_HOLDS_MS } from '../../domain/lease.js';
import { type Clock, type LeftMessage, type Observer, type Queue } from '../ports.js';
import { inHand, type Holding } from './holding.js';
import { type SettleLeft } from './settle-left.js';

/** Who holds which lane. */
type InLane = Pick<LeftMessage, 'messageId' | 'number' | 'customer'>;

/** Lanes behind messages of which nobody knows: those a lost owner left, and unknowns. */
export interface Leftovers {
  /** Holds the lanes of what is left in a partition that was just taken over. Resolves when they are held. */
  readonly takeOver: (holding: Holding, doubtMs: number) => Promise<void>;
  /** Finds what a process left that believed to be the owner. */
  readonly look: (holdings: readonly Holding[]) => Promise<void>;
  /** Keeps the lane of an unknown, at most for so long as it may. */
  readonly holdUnknown: (holding: Holding, message: InLane, forMs?: number) => void;
  /** Something became known of these messages. */
  readonly told: (messageIds: readonly string[]) => void;
}

export function createLeftovers(
  deps: {
    queue: Queue;
    settleLeft: SettleLeft;
    clock: Clock;
    observer: Observer;
    isUnderWay: (messageId: string) => boolean;
    isCurrent: (holding: Holding) => boolean;
    pump: () => void;
  },
  { callTimeoutMs }: { readonly callTimeoutMs: number },
): Leftovers {
  const { queue, settleLeft, clock, observer, isUnderWay, isCurrent, pump } = deps;
  const unknowns = new Map<string, { readonly holding: Holding; readonly message: InLane }>();
  const settling = new Set<string>();

  const now = (): number => clock.now().getTime();
  const lanesOf = (holding: Holding, { number }: InLane) => inHand(holding, number).lanes;

  function holdUnknown(holding: Holding, message: InLane, forMs = UNKNOWN_HOLDS_MS): void {
    if (forMs <= 0) return;
    const entry = { holding, message };
    unknowns.set(message.messageId, entry);
    lanesOf(holding, message).hold(message, now() + forMs);
    clock.after(forMs, () => {
      if (unknowns.get(message.messageId) === entry) letGo(message.messageId);
    });
  }

  function letGo(messageId: string): void {
    const entry = unknowns.get(messageId);
    if (!entry) return;
    unknowns.delete(messageId);
    lanesOf(entry.holding, entry.message).release(entry.message);
    pump();
  }

  /** Ends what was left, once no call of the lost owner can be under way any more. */
  function settleLater(holding: Holding, message: LeftMessage, afterMs: number): void {
    settling.add(message.messageId);
    clock.after(afterMs, () => {
      settle(holding, message)
        .catch((error: unknown) => {
          observer.warn({ messageId: message.messageId, error }, 'what was left is not settled; the next look will');
        })
        .finally(() => settling.delete(message.messageId));
    });
  }

  async function settle(holding: Holding, message: LeftMessage): Promise<void> {
    if (!isCurrent(holding) || isUnderWay(message.messageId)) return;
    const { message: after } = await settleLeft.message(message);
    if (!isCurrent(holding)) return;
    if (after?.queue === 'unknown') holdUnknown(holding, message);
    else lanesOf(holding, message).release(message);
    pump();
  }

  /** Of those that are unknown only these may still hold a lane. */
  const since = (): Date => new Date(now() - callTimeoutMs - UNKNOWN_HOLDS_MS);

  return {
    holdUnknown,
    async takeOver(holding, doubtMs) {
      await settleLeft.claims(holding.partition);
      for (const message of await queue.left([holding.partition], since())) {
        if (message.queue === 'unknown') {
          holdUnknown(holding, message, message.startedAt.getTime() - since().getTime());
          continue;
        }
        lanesOf(holding, message).hold(message, Infinity);
        if (!isUnderWay(message.messageId)) settleLater(holding, message, doubtMs);
      }
    },
    async look(holdings) {
      if (holdings.length === 0) return;
      const byPartition = new Map(holdings.map((holding) => [holding.partition, holding]));
      for (const message of await queue.left([...byPartition.keys()], since())) {
        const holding = byPartition.get(message.partition);
        const { messageId, startedAt } = message;
        const isOld = now() - startedAt.getTime() > callTimeoutMs + LEASE_MS;
        if (!holding || !isOld || message.queue === 'unknown' || isUnderWay(messageId) || settling.has(messageId))
          continue;
        settleLater(holding, message, 0);
      }
    },
    told(messageIds) {
      if (unknowns.size > 0) messageIds.forEach(letGo);
    },
  };
}

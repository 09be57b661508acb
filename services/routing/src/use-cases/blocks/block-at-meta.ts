import { Failure } from '@switchboard/errors';
import type { Blocklist } from './ports.js';
import type { PauseUntil } from '../bots/ports.js';
import { usualWaitMs } from '../bots/deliver-to-bots.js';
import type { Customers } from '../ports.js';
import { allDone, createThreadLanes } from '../bots/thread-lanes.js';

/** A customer was blocked, or may write again. */
export interface BlockNews {
  readonly threadId: string;
  readonly eventId: string;
  readonly number: string;
  readonly customerId: string;
  readonly isBlocked: boolean;
  /** Keeps the event, with the reason, where somebody finds it. */
  readonly setAside: (reason: string) => Promise<void>;
}

/**
 * Does at Meta what was decided here (PF-3), in order for each customer; resolves when all is done or set aside. While
 * Meta or account is away it is tried again for as long as it takes. Rejects when the signal aborts first.
 */
export type BlockAtMeta = (news: readonly BlockNews[], signal: AbortSignal) => Promise<void>;

export type BlockEnd = 'blocked' | 'unblocked' | 'set-aside';

export function createBlockAtMeta(deps: {
  blocklist: Blocklist;
  customers: Pick<Customers, 'find'>;
  pause: PauseUntil;
  observe: (ended: BlockEnd | 'waits', facts: { readonly eventId: string; readonly reason: string }) => void;
}): BlockAtMeta {
  const { blocklist, customers, pause, observe } = deps;
  const lanes = createThreadLanes();

  async function perform(news: BlockNews, signal: AbortSignal): Promise<void> {
    const { eventId, isBlocked } = news;
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      const tried = await tryOnce(news);
      if (tried.kind === 'done') {
        observe(isBlocked ? 'blocked' : 'unblocked', { eventId, reason: '' });
        return;
      }
      const { reason } = tried;
      if (tried.kind === 'refused') {
        await news.setAside(reason);
        observe('set-aside', { eventId, reason });
        return;
      }
      observe('waits', { eventId, reason });
      await pause(usualWaitMs(attempt), signal);
    }
  }

  async function tryOnce({ number, customerId, isBlocked }: BlockNews): Promise<Tried> {
    try {
      const [customer] = await customers.find([customerId]);
      const { phone, userId } = customer?.party ?? {};
      const who = { ...(phone !== undefined && { phone }), ...(userId !== undefined && { userId }) };
      if (phone === undefined && userId === undefined) {
        return { kind: 'refused', reason: 'the customer has neither phone nor user id' };
      }
      const refusal = await blocklist.change({ number, who, isBlocked });
      return refusal === undefined ? { kind: 'done' } : { kind: 'refused', reason: refusal };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { kind, code, message } = error;
      const reason = `${code}: ${message}`;
      // A token that is refused is replaced by people; the block is wanted all the same.
      return waitsFor.has(kind) ? { kind: 'waits', reason } : { kind: 'refused', reason };
    }
  }

  return async function blockAtMeta(all, signal) {
    await allDone(all.map((news) => lanes.run(news.threadId, () => perform(news, signal))));
  };
}

type Tried = { readonly kind: 'done' } | { readonly kind: 'refused' | 'waits'; readonly reason: string };

const waitsFor: ReadonlySet<string> = new Set(['unavailable', 'exhausted', 'unauthenticated', 'forbidden']);

import { LEASE_MS, RENEW_MS, type Lease } from '../../domain/lease.js';
import { type Clock, type Leases, type Observer } from '../ports.js';

/** The leases of this process: taken when they can be had, renewed, known by the monotonic clock. */
export interface LeaseKeeper {
  /** One try; undefined while another process has it, or the store is away. */
  readonly take: (partition: number) => Promise<{ readonly doubtMs: number } | undefined>;
  /** As far as is known. It may have run out: `mayBegin` says. */
  readonly lease: (partition: number) => Lease | undefined;
  /** Only when no call of the partition is under way. */
  readonly release: (partition: number) => Promise<void>;
  readonly start: (renewed: () => void) => void;
  readonly stop: () => void;
}

export function createLeaseKeeper(deps: { leases: Leases; clock: Clock; observer: Observer }): LeaseKeeper {
  const { leases, clock, observer } = deps;
  const held = new Map<number, Lease>();
  let cancel: (() => void) | undefined;
  let isStopped = false;

  async function renew(): Promise<void> {
    // Counted from before the question, so that the store's view of the end is never earlier than ours.
    const asked = clock.monotonicMs();
    const before = new Map(held);
    if (before.size === 0) return;
    const ours = await leases.renew([...before.keys()]);
    for (const [partition, lease] of before) {
      if (held.get(partition) !== lease) continue;
      if (ours.has(partition)) held.set(partition, { ...lease, until: asked + LEASE_MS });
      else held.delete(partition);
    }
    observer.leases(held.size);
  }

  function schedule(renewed: () => void): void {
    cancel = clock.after(RENEW_MS, () => {
      renew()
        .catch((error: unknown) => {
          observer.warn({ error }, 'leases cannot be renewed');
        })
        .finally(() => {
          renewed();
          if (!isStopped) schedule(renewed);
        });
    });
  }

  return {
    async take(partition) {
      const asked = clock.monotonicMs();
      try {
        const taken = await leases.take(partition);
        if (taken.kind === 'held') return undefined;
        held.set(partition, { partition, epoch: taken.epoch, until: asked + LEASE_MS });
        observer.leases(held.size);
        return { doubtMs: taken.doubtMs };
      } catch (error) {
        observer.warn({ partition, error }, 'a lease cannot be asked for');
        return undefined;
      }
    },
    lease: (partition) => held.get(partition),
    async release(partition) {
      if (!held.delete(partition)) return;
      observer.leases(held.size);
      await leases.release(partition).catch((error: unknown) => {
        observer.warn({ partition, error }, 'a lease is not released; it runs out');
      });
    },
    start: schedule,
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}

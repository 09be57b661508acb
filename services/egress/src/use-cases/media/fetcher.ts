import { type Clock } from '../ports.js';
import { type FetchJob, type FetchList, type MediaObserver } from './ports.js';
import { type FetchFile } from './fetch-file.js';

export interface Fetcher {
  readonly start: () => void;
  /** Begins nothing any more and waits for what is under way; it may be cut off, and is done again elsewhere. */
  readonly stop: () => Promise<void>;
  /** The partition is ours: what was left in it is fetched. */
  readonly assigned: (partition: number) => void;
  readonly revoked: (partition: number) => void;
  /** The partition has something new. */
  readonly look: (partition: number) => void;
  /** Account tells of a change: what waited for it is fetched. */
  readonly numberChanged: (number: string) => Promise<void>;
  /** At once and here, whoever has the partition. */
  readonly fetchNow: (job: FetchJob) => void;
}

/** Looks without being asked: the net under what was lost. */
const NET_MS = 60_000;

/**
 * Fetches what is due in the partitions of this process (AT-3), a bounded number at a time. The work list is in MongoDB; in
 * memory is only what is under way.
 */
export function createFetcher(
  deps: {
    list: FetchList;
    fetchFile: FetchFile;
    clock: Clock;
    partitionOf: (number: string) => number;
    observer: MediaObserver;
  },
  { concurrency, drainMs }: { readonly concurrency: number; readonly drainMs: number },
): Fetcher {
  const { list, fetchFile, clock, partitionOf, observer } = deps;
  const partitions = new Set<number>();
  const underWay = new Map<string, Promise<void>>();
  let looking: 'no' | 'yes' | 'again' = 'no';
  let isStopping = false;
  let cancelDue: (() => void) | undefined;

  function begin(job: FetchJob): void {
    const ended = fetchFile(job)
      .catch((error: unknown) => {
        observer.warn({ fileId: job.fileId, error }, 'a fetch broke off; it is due again later');
      })
      .finally(() => {
        underWay.delete(job.fileId);
        observer.fetching(underWay.size);
        pump();
      });
    underWay.set(job.fileId, ended);
    observer.fetching(underWay.size);
  }

  function pump(): void {
    if (looking !== 'no') {
      looking = 'again';
      return;
    }
    looking = 'yes';
    fill()
      .catch((error: unknown) => {
        observer.warn({ error }, 'what is to be fetched cannot be read; the next look will');
      })
      .finally(() => {
        const again = looking === 'again';
        looking = 'no';
        if (again) pump();
      });
  }

  async function fill(): Promise<void> {
    const free = concurrency - underWay.size;
    // The end of one that is under way looks again.
    if (isStopping || free <= 0 || partitions.size === 0) return;
    const ours = [...partitions];
    const due = await list.due(ours, clock.now(), { without: [...underWay.keys()], limit: free });
    for (const job of due) if (partitions.has(job.partition) && !underWay.has(job.fileId)) begin(job);
    const next = due.length < free ? await list.nextDue(ours, [...underWay.keys()]) : undefined;
    schedule(next ? next.getTime() - clock.now().getTime() : NET_MS);
  }

  function schedule(ms: number): void {
    cancelDue?.();
    if (!isStopping) cancelDue = clock.after(Math.max(MIN_MS, Math.min(ms, NET_MS)), pump);
  }

  return {
    start: () => {
      schedule(NET_MS);
    },
    assigned(partition) {
      partitions.add(partition);
      pump();
    },
    revoked: (partition) => void partitions.delete(partition),
    look(partition) {
      if (partitions.has(partition)) pump();
    },
    async numberChanged(number) {
      if (!partitions.has(partitionOf(number))) return;
      await list.hasten(number, clock.now());
      pump();
    },
    fetchNow(job) {
      if (!isStopping && !underWay.has(job.fileId)) begin(job);
    },
    async stop() {
      isStopping = true;
      cancelDue?.();
      let cancel: (() => void) | undefined;
      const timeUp = new Promise<void>((resolve) => (cancel = clock.after(drainMs, resolve)));
      await Promise.race([Promise.all(underWay.values()), timeUp]);
      cancel?.();
    },
  };
}

/** Clocks of two processes differ: what was due for one is not looked for in a circle. */
const MIN_MS = 200;

import type { AggregateStore, AggregateWrite, OutEntry, StoredAggregate } from '@switchboard/aggregates';
import { written } from '@switchboard/aggregates/testing';
import { Failure } from '@switchboard/errors';
import { overTheNetwork, type Faults } from './calls.ts';
import type { Mutation } from './mutations.ts';
import type { Life, Scheduler } from './scheduler.ts';

interface Operation {
  readonly id: string;
  readonly after: StoredAggregate | undefined;
}

interface Waiter {
  readonly upTo: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

interface Grave {
  readonly at: number;
  readonly upTo: number;
}

/** A replica set of aggregates: a primary, a majority that follows, and failovers that lose what is between. */
export interface SimMongo {
  readonly storeOf: (collection: string, life: Life) => AggregateStore;
  /** What a majority has. */
  readonly documents: (collection: string) => ReadonlyMap<string, StoredAggregate>;
  /** The primary dies; what no majority has is rolled back, whatever was answered. */
  readonly failover: () => void;
}

const MAX_DOCUMENT_BYTES = 6_000_000;

export function createSimMongo(
  scheduler: Scheduler,
  faults: Faults,
  mutations: ReadonlySet<Mutation>,
  onCommit: (collection: string, document: StoredAggregate) => void,
): SimMongo {
  const collections = new Map<string, ReturnType<typeof createCollection>>();

  function createCollection(name: string) {
    let primary = new Map<string, StoredAggregate>();
    const majority = new Map<string, StoredAggregate>();
    const graves = new Map<string, Grave>();
    const history = new Map<string, StoredAggregate>();
    let log: Operation[] = [];
    let committed = 0;
    let waiters: Waiter[] = [];

    function append(id: string, after: StoredAggregate | undefined): void {
      if (after) primary.set(id, after);
      else primary.delete(id);
      log.push({ id, after });
      const upTo = committed + log.length;
      scheduler.later(null, () => {
        replicate(upTo);
      });
    }

    function replicate(upTo: number): void {
      while (committed < upTo && log.length > 0) {
        const operation = log.shift();
        committed += 1;
        if (!operation) continue;
        if (operation.after) {
          majority.set(operation.id, operation.after);
          onCommit(name, operation.after);
        } else majority.delete(operation.id);
      }
      const ready = waiters.filter((waiter) => waiter.upTo <= committed);
      waiters = waiters.filter((waiter) => waiter.upTo > committed);
      for (const { resolve } of ready) resolve();
    }

    function whenCommitted(): Promise<void> {
      if (log.length === 0 || mutations.has('21 acknowledged before a majority')) return Promise.resolve();
      const upTo = committed + log.length;
      return new Promise((resolve, reject) => {
        waiters.push({ upTo, resolve, reject });
      });
    }

    function failover(): void {
      primary = new Map(majority);
      // Numbers of operations that are gone must not be waited for: later ones would answer for them.
      log = [];
      const failed = waiters;
      waiters = [];
      for (const { reject } of failed) reject(new Failure('unavailable', 'mongo.unreachable', 'the primary is gone'));
    }

    async function write(writes: readonly AggregateWrite[]): ReturnType<AggregateStore['write']> {
      const lost: number[] = [];
      const refused = new Map<number, Error>();
      let inserted = 0;
      for (const [index, one] of writes.entries()) {
        const found = primary.get(one.id);
        if (found && found.version !== one.expected && !mutations.has('1 no compare-and-set')) {
          lost.push(index);
          continue;
        }
        if (bytesOf(one.out) > MAX_DOCUMENT_BYTES) {
          refused.set(index, new Error('the document is too large'));
          continue;
        }
        if (!found) inserted += 1;
        const after = withFlag(found, written(found, one), one.expected);
        history.set(`${one.id}@${after.version}`, after);
        append(one.id, after);
      }
      if (lost.length + refused.size < writes.length) await whenCommitted();
      return { lost, refused, inserted };
    }

    /** Rule 7 broken: a committer who read that the flag is up does not write it, though a clear took it down since. */
    function withFlag(found: StoredAggregate | undefined, after: StoredAggregate, expected: number): StoredAggregate {
      const isLeft = mutations.has('7 committers leave outAt') && history.get(`${after.id}@${expected}`)?.outAt != null;
      return isLeft && after.outAt !== null ? { ...after, outAt: found?.outAt ?? null } : after;
    }

    function clear(id: string, version: number): void {
      const found = primary.get(id);
      if (!found) return;
      if (mutations.has('7 clears are unconditional')) append(id, { ...found, out: [], outAt: null });
      else if (mutations.has('7 clears pull and unset')) {
        const published = new Set(
          history.get(`${id}@${version}`)?.out.map(({ sequence, index }) => `${sequence}:${index}`),
        );
        const out = found.out.filter(({ sequence, index }) => !published.has(`${sequence}:${index}`));
        append(id, { ...found, out, outAt: null });
      } else if (found.version === version) append(id, { ...found, out: [], outAt: null });
    }

    async function bury(id: string, version: number, wipeAt: number): Promise<boolean> {
      const found = primary.get(id);
      if (found?.version !== version) return false;
      if (mutations.has('9 erasure leaves no tombstone')) append(id, undefined);
      else append(id, { ...found, version: version + 1, state: {}, out: [], outAt: null, holes: [], gone: true });
      await whenCommitted();
      graves.set(id, { at: wipeAt, upTo: found.sequence });
      return true;
    }

    return { majority, graves, failover, write, clear, bury, primary: () => primary, whenCommitted };
  }

  function collection(name: string): ReturnType<typeof createCollection> {
    let found = collections.get(name);
    if (!found) collections.set(name, (found = createCollection(name)));
    return found;
  }

  return {
    documents: (name) => collection(name).majority,
    failover: () => {
      for (const one of collections.values()) one.failover();
    },
    storeOf(name, life) {
      const one = collection(name);
      const call = <T>(what: string, arrive: () => T | Promise<T>): Promise<T> =>
        overTheNetwork(scheduler, faults, life, `mongo.${what}`, arrive);
      return {
        find: (ids) =>
          call('find', () => {
            const source = mutations.has('3 reads what one server has') ? one.primary() : one.majority;
            return ids.flatMap((id) => source.get(id) ?? []);
          }),
        write: (writes) => call('write', () => one.write(writes)),
        clear: (at) =>
          call('clear', async () => {
            for (const { id, version } of at) one.clear(id, version);
            await one.whenCommitted();
          }),
        leftovers: (before, limit) =>
          call('leftovers', () =>
            [...one.majority.values()].filter(({ outAt }) => outAt !== null && outAt < before).slice(0, limit),
          ),
        graves: {
          bury: (id, version, wipeAt) => call('bury', () => one.bury(id, version, wipeAt)),
          due: (now, limit) =>
            call('due', () =>
              [...one.graves].flatMap(([id, { at, upTo }]) => (at <= now ? [{ id, upTo }] : [])).slice(0, limit),
            ),
          settle: (id) =>
            call('settle', () => {
              one.graves.delete(id);
            }),
        },
      };
    },
  };
}

const bytesOf = (out: readonly OutEntry[]): number => out.reduce((sum, { event }) => sum + event.value.length, 0);

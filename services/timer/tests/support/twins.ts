import { type Write } from '../../src/domain/fold-commands.js';
import { nameOf } from '../../src/domain/timer.js';
import { type KeptTimer, type Shards, type TimerStore } from '../../src/use-cases/ports.js';

/** The ports in memory, true to what they promise. */

interface Row extends KeptTimer {
  readonly lookAgain: number;
}

const PAGE = 100;

export interface MemoryTimers extends TimerStore {
  readonly rows: ReadonlyMap<string, Row>;
  /** How often a write changed a look-again time that was there. */
  readonly indexMoves: () => number;
}

export function memoryTimers(): MemoryTimers {
  const rows = new Map<string, Row>();
  let moves = 0;

  function put(row: Row): void {
    const before = rows.get(row.id);
    if (before && before.lookAgain !== row.lookAgain) moves += 1;
    rows.set(row.id, row);
  }

  function applied(number: number, epoch: number, write: Write): 'made' | 'changed' | 'nothing' {
    const { id, version, due, content, isCancelled } = write;
    const before = rows.get(id);
    if (before && (before.version >= version || before.epoch > epoch)) return 'nothing';
    if (!content) {
      if (!before || before.isCancelled) return 'nothing';
      const next = isCancelled ? Math.min(before.due, due) : due;
      put({ ...before, version, epoch, isCancelled, due: next, lookAgain: Math.min(before.lookAgain, due) });
      return 'changed';
    }
    const lookAgain = before ? Math.min(before.lookAgain, due) : due;
    put({ id, ...nameOf(id), shard: before?.shard ?? number, version, epoch, due, lookAgain, isCancelled, ...content });
    return before ? 'changed' : 'made';
  }

  return {
    rows,
    indexMoves: () => moves,
    apply({ number, epoch }, writes) {
      const results = writes.map((write) => applied(number, epoch, write));
      const count = (what: string) => results.filter((result) => result === what).length;
      return Promise.resolve({ made: count('made'), changed: count('changed') });
    },
    async *scan(shard, from, until) {
      const found = [...rows.values()]
        .filter((row) => row.shard === shard && row.lookAgain >= from && row.lookAgain < until)
        .sort((a, b) => a.lookAgain - b.lookAgain);
      for (let start = 0; start < found.length; start += PAGE)
        yield await Promise.resolve(found.slice(start, start + PAGE));
    },
    read: (ids) => Promise.resolve(ids.flatMap((id) => rows.get(id) ?? [])),
    settle(settlements) {
      let removed = 0;
      for (const { holder, id, version, lookAgain } of settlements) {
        const row = rows.get(id);
        if (row?.version !== version || row.epoch > holder.epoch) continue;
        if (lookAgain === undefined) {
          rows.delete(id);
          removed += 1;
        } else put({ ...row, lookAgain });
      }
      return Promise.resolve(removed);
    },
    count: (shard) => Promise.resolve([...rows.values()].filter((row) => row.shard === shard).length),
    list(owner, { prefix, after, limit }) {
      const found = [...rows.values()]
        .filter((row) => row.owner === owner && !row.isCancelled && row.key.startsWith(prefix))
        .filter(({ key }) => after === undefined || Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0)
        .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
      return Promise.resolve(found.slice(0, limit));
    },
  };
}

export function memoryShards(): Shards {
  const epochs = new Map<number, number>();
  return {
    take(number) {
      const epoch = (epochs.get(number) ?? 0) + 1;
      epochs.set(number, epoch);
      return Promise.resolve(epoch);
    },
    epochs: (numbers) => Promise.resolve(new Map([...epochs].filter(([number]) => numbers.includes(number)))),
  };
}

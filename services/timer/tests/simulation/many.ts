import { createRandom } from '@switchboard/testing';
import { nameOf } from '../../src/domain/timer.js';
import { type Glance, type KeptTimer, type TimerStore } from '../../src/use-cases/ports.js';

/** A store of very many timers in typed arrays: as many as a database would hold for us, without the database. */
export interface ManyTimers extends TimerStore {
  readonly size: number;
  readonly left: () => number;
  readonly dueOf: (id: string) => number;
}

export interface ManyOptions {
  readonly size: number;
  readonly shards: number;
  /** Deadlines are spread evenly from `from` to `until`. */
  readonly from: number;
  readonly until: number;
}

const PAGE = 5_000;
const payload = Buffer.from('p');

export function manyTimers({ size, shards, from, until }: ManyOptions): ManyTimers {
  const random = createRandom(1);
  // Sorted, so that the position of a timer is its place in the index too.
  const due = Float64Array.from({ length: size }, () => Math.floor(from + random() * (until - from))).sort();
  const isThere = new Uint8Array(size).fill(1);
  let left = size;

  const idOf = (index: number): string => `routing/chat:${index}:idle`;
  const indexOf = (id: string): number => Number(id.split(':')[1]);
  const dueAt = (index: number): number => due[index] ?? Infinity;

  function firstAt(time: number): number {
    let [low, high] = [0, size];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (dueAt(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  const toTimer = (id: string): KeptTimer[] => {
    const index = indexOf(id);
    if (isThere[index] !== 1) return [];
    const about = { shard: index % shards, version: 1, due: dueAt(index), epoch: 0, isCancelled: false };
    return [{ id, ...nameOf(id), ...about, firedKey: 'number', payload }];
  };

  return {
    size,
    left: () => left,
    dueOf: (id) => dueAt(indexOf(id)),
    apply: () => Promise.resolve({ made: 0, changed: 0 }),
    async *scan(shard, since, before) {
      let page: Glance[] = [];
      for (let index = firstAt(since); index < size && dueAt(index) < before; index += 1) {
        if (index % shards !== shard || isThere[index] !== 1) continue;
        page.push({ id: idOf(index), version: 1, due: dueAt(index), lookAgain: dueAt(index) });
        if (page.length < PAGE) continue;
        yield await Promise.resolve(page);
        page = [];
      }
      if (page.length > 0) yield page;
    },
    read: (ids) => Promise.resolve(ids.flatMap(toTimer)),
    settle(settlements) {
      let removed = 0;
      for (const { id, lookAgain } of settlements) {
        const index = indexOf(id);
        if (lookAgain !== undefined || isThere[index] !== 1) continue;
        isThere[index] = 0;
        removed += 1;
      }
      left -= removed;
      return Promise.resolve(removed);
    },
    count: () => Promise.resolve(Math.round(left / shards)),
    list: () => Promise.resolve([]),
  };
}

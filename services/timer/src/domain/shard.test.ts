import { createShard, OVERDUE_MS } from './shard.js';

const start = 1_000_000;
const shardAt = (next: number, catchUpRate = 1_000) => {
  const shard = createShard({ number: 1, epoch: 1, now: start, catchUpRate, next });
  shard.extend(start + 60_000);
  return shard;
};
const takeAll = (shard: ReturnType<typeof createShard>, now: number): string[] => {
  const taken: string[] = [];
  for (let id = shard.take(now); id !== undefined; id = shard.take(now)) taken.push(id);
  return taken;
};

describe('a shard', () => {
  it('TM-2 fires nothing before the commands that were said by its deadline are applied', () => {
    const shard = shardAt(7);
    const now = start + 1_000;
    shard.put('a', start + 500);

    expect([shard.take(now), shard.mustAsk(now)]).toEqual([undefined, true]);
    shard.logWas(now, { first: 0, end: 9 });
    expect(shard.take(now)).toBeUndefined();
    shard.consumed(9);

    expect([shard.take(now), shard.mustAsk(now)]).toEqual(['a', false]);
  });

  it('fires at once when the log had nothing more', () => {
    const shard = shardAt(7);
    shard.put('a', start + 500);

    shard.logWas(start + 600, { first: 0, end: 7 });

    expect(shard.take(start + 600)).toBe('a');
  });

  it('does not chase the end of a busy log: an earlier answer that is consumed is enough', () => {
    const shard = shardAt(0);
    shard.put('a', start + 500);
    shard.logWas(start + 600, { first: 0, end: 100 });
    shard.logWas(start + 700, { first: 0, end: 200 });

    shard.consumed(100);

    expect(shard.take(start + 700)).toBe('a');
  });

  it('goes by what the records say of their time while it is far behind', () => {
    const shard = shardAt(0);
    shard.put('a', start + 500);
    shard.logWas(start + 10_000, { first: 0, end: 1_000_000 });

    shard.consumed(10, start + 5_000);

    expect(shard.take(start + 10_000)).toBe('a');
  });

  it('does not wait for commands that were deleted from the log', () => {
    const shard = shardAt(0);
    shard.put('a', start + 500);

    shard.logWas(start + 600, { first: 40, end: 40 });

    expect(shard.take(start + 600)).toBe('a');
  });

  it('leaves to the store what is due after the horizon', () => {
    const shard = shardAt(0);

    shard.put('far', start + 60_000);

    expect([shard.has('far'), shard.size()]).toEqual([false, 0]);
  });

  it('TM-2 fires what is overdue in order and at the catch-up rate', () => {
    const shard = shardAt(0, 10);
    for (let index = 0; index < 50; index += 1) shard.put(`t${index}`, start - 100_000 - index);
    shard.logWas(start + 100, { first: 0, end: 0 });

    const first = takeAll(shard, start + 100);
    const second = takeAll(shard, start + 1_100);

    expect(first).toEqual(Array.from({ length: 10 }, (_, index) => `t${49 - index}`));
    expect(second).toEqual(Array.from({ length: 10 }, (_, index) => `t${39 - index}`));
  });

  it('holds up nobody who is in time by the catch-up rate', () => {
    const shard = shardAt(0, 1);
    for (let index = 0; index < 50; index += 1) shard.put(`t${index}`, start + index);
    const now = start + OVERDUE_MS - 100;
    shard.logWas(now, { first: 0, end: 0 });

    expect(takeAll(shard, now)).toHaveLength(50);
  });
});

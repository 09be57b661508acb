import { createRing, type RingEntry } from './ring.js';

describe('what was read in the last minutes', () => {
  it('is kept in order, and each entry keeps its number', () => {
    const ring = createRing<string>([0, 0], { maxAgeMs: 1_000, maxBytes: 1_000 });
    ring.push(entry(0, 0, 0));
    ring.push(entry(1, 0, 1));

    expect([ring.get(ring.first())?.slot, ring.get(ring.first() + 1)?.slot]).toEqual([0, 1]);
    expect(ring.next()).toBe(2);
  });

  it('covers a partition from the record after the last that was dropped for its age', () => {
    const ring = createRing<string>([5, 9], { maxAgeMs: 1_000, maxBytes: 1_000 });
    ring.push(entry(0, 5, 0));
    ring.push(entry(0, 6, 500));
    ring.push(entry(0, 7, 1_400));

    expect(ring.covers(0)).toBe(6);
    expect(ring.covers(1)).toBe(9);
    expect(ring.get(0)).toBeUndefined();
    expect(ring.get(1)?.offset).toBe(6);
  });

  it('is bounded in bytes', () => {
    const ring = createRing<string>([0], { maxAgeMs: Infinity, maxBytes: 250 });
    for (let offset = 0; offset < 10_000; offset += 1) ring.push(entry(0, offset, 0));

    expect(ring.next() - ring.first()).toBe(2);
    expect(ring.get(ring.first())?.offset).toBe(9_998);
    expect(ring.covers(0)).toBe(9_998);
  });
});

const entry = (slot: number, offset: number, at: number): RingEntry<string> => ({
  slot,
  offset,
  at,
  item: '',
  bytes: 100,
});

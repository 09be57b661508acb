import fc from 'fast-check';
import { createWheel, SLOT_MS } from './wheel.js';

const takeAll = (wheel: ReturnType<typeof createWheel>, until: number): string[] => {
  const taken: string[] = [];
  for (let id = wheel.take(until); id !== undefined; id = wheel.take(until)) taken.push(id);
  return taken;
};

describe('the wheel', () => {
  it('gives what is due, in its order, within a slot of its time, and never before', () => {
    const wheel = createWheel(1_000_000);
    wheel.put('b', 1_000_500);
    wheel.put('a', 1_000_100);
    wheel.put('c', 1_000_110);

    wheel.advance(1_000_100);
    expect(takeAll(wheel, 1_000_100)).toEqual([]);
    wheel.advance(1_000_110 + SLOT_MS);

    expect(takeAll(wheel, 1_000_105)).toEqual(['a']);
    expect(takeAll(wheel, 1_000_110 + SLOT_MS)).toEqual(['c']);
    expect(wheel.size()).toBe(1);
  });

  it('gives what is overdue when it is put in', () => {
    const wheel = createWheel(1_000_000);

    wheel.put('late', 5);
    wheel.advance(1_000_000 + SLOT_MS);

    expect(wheel.head()).toBe(5);
    expect(takeAll(wheel, 1_000_000)).toEqual(['late']);
  });

  it('holds what is more than a day away until it is due', () => {
    const wheel = createWheel(0);
    const due = 30 * 3_600_000;

    wheel.put('far', due);
    wheel.advance(due - 1);
    const early = takeAll(wheel, due - 1);
    wheel.advance(due + SLOT_MS);

    expect([early, takeAll(wheel, due + SLOT_MS)]).toEqual([[], ['far']]);
  });

  it('is what a sorted list would be, in any history', () => {
    const step = fc.oneof(
      fc.record({ put: fc.integer({ min: 0, max: 30 }), in: fc.integer({ min: -1_000, max: 400_000 }) }),
      fc.record({ pass: fc.integer({ min: 0, max: 200_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = 500_000;
        const wheel = createWheel(now);
        const model = new Map<string, { at: number; ripe: number }>();
        for (const each of steps) {
          if ('put' in each) {
            const id = String(each.put);
            const at = now + each.in;
            wheel.put(id, at);
            const { at: before = Infinity, ripe = Infinity } = model.get(id) ?? {};
            // What is overdue when it is put in waits for the slot that is filling.
            model.set(id, { at: Math.min(before, at), ripe: Math.min(ripe, Math.max(at, now)) });
            continue;
          }
          now += each.pass;
          wheel.advance(now);
          const taken = takeAll(wheel, now);
          for (const id of taken) {
            expect(model.get(id)?.at).toBeLessThanOrEqual(now);
            model.delete(id);
          }
          // Nothing that was due before this slot is left.
          for (const { ripe } of model.values()) expect(ripe).toBeGreaterThan(now - SLOT_MS);
        }
        expect(wheel.size()).toBe(model.size);
      }),
      { numRuns: 1_000 },
    );
  });
});

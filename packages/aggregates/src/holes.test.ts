import { closeHole, findHole, openHole } from './holes.js';
import type { Hole } from './store.js';

const at = (sequence: number, source = 'r') => ({ source, sequence });

describe('holes in a reader’s memory (rule 11)', () => {
  it('let a set-aside event pass when it is replayed, once', () => {
    const holes = openHole([], at(5));

    expect(findHole(holes, at(5))).toBe('replayed');
    expect(findHole(holes, at(6))).toBeUndefined();
    expect(findHole(holes, at(5, 'another'))).toBeUndefined();
    expect(closeHole(holes, at(5))).toEqual([]);
  });

  it('stay as they are when a replay fails again', () => {
    const holes = openHole([], at(5));

    expect(openHole(holes, at(5))).toBe(holes);
  });

  it('park the source when there is no room for another', () => {
    const holes = sixteen();

    const parked = openHole(holes, at(100));

    expect(parked).toHaveLength(17);
    expect(findHole(parked, at(101))).toBe('parked');
    expect(openHole(parked, at(101)).at(-1)).toEqual({ source: 'r', from: 100, to: 101, parked: true });
  });

  it('take up a parked source in order, until nothing is left', () => {
    let holes = openHole(openHole(sixteen(), at(100)), at(101));

    expect(findHole(holes, at(100))).toBe('replayed');
    holes = closeHole(holes, at(100));
    expect(findHole(holes, at(102))).toBe('parked');
    expect(findHole(holes, at(101))).toBe('replayed');
    holes = closeHole(holes, at(101));
    expect(findHole(holes, at(102))).toBeUndefined();
    expect(holes).toHaveLength(16);
  });
});

function sixteen(): readonly Hole[] {
  let holes: readonly Hole[] = [];
  for (let sequence = 2; sequence <= 32; sequence += 2) holes = openHole(holes, at(sequence));
  return holes;
}

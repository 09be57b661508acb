import { foldVolume, type Input } from './fold.js';
import { monthOf, nextPosition, noVolume, type Volume } from './volume.js';

const at = (time: string): Date => new Date(`2026-11-${time}Z`);
const NOON = at('26T12:00:00');
const nothing = { known: new Map<string, number>(), upTo: 0, stored: 0, keep: 0 };
const count = (
  ids: readonly string[],
  more: Partial<Extract<Input, { kind: 'count' }>> & { when?: Date } = {},
): Input => {
  const { when = NOON, ...rest } = more;
  return { kind: 'count', messages: ids.map((id) => ({ id, month: '2026-11', at: when })), ...nothing, ...rest };
};
const tell = (lower: number, since: Date): Input => ({ kind: 'tell', month: '2026-11', lower, since });

function after(...inputs: Input[]): { volume: Volume; positions: (readonly [string, number])[] } {
  let volume = noVolume();
  const positions: (readonly [string, number])[] = [];
  for (const input of inputs) {
    const folded = foldVolume(volume, input);
    volume = folded.volume;
    if (folded.result.kind === 'counted') positions.push(...folded.result.positions);
  }
  return { volume, positions };
}
const next = (volume: Volume, when = NOON): number => nextPosition(monthOf(volume, '2026-11'), when);

describe('the volume of a month', () => {
  it('BL-10 gives each message the next position, once, however often it is told of', () => {
    const { volume, positions } = after(count(['a', 'b']), count(['b', 'c', 'a']));

    expect(positions).toEqual([
      ['a', 1],
      ['b', 2],
      ['b', 2],
      ['c', 3],
      ['a', 1],
    ]);
    expect(next(volume)).toBe(4);
  });

  it('BL-10 begins anew with every month', () => {
    const december: Input = { kind: 'count', messages: [{ id: 'd', month: '2026-12', at: NOON }], ...nothing };

    expect(after(count(['a', 'b']), december, count(['c'])).positions).toEqual([
      ['a', 1],
      ['b', 2],
      ['d', 1],
      ['c', 3],
    ]);
  });

  it('BL-10 counts nothing twice that is in the store, and lets go only of what is there', () => {
    const { volume } = after(count(['a', 'b']), count(['c'], { stored: 2 }));

    expect(volume).toMatchObject({ tailFrom: 2, counted: 3, tail: [{ sequence: 3, id: 'c', position: 3 }] });
    expect(foldVolume(volume, count(['a'])).result).toEqual({ kind: 'stale', tailFrom: 2 });
    const again = foldVolume(volume, count(['a'], { known: new Map([['a', 1]]), upTo: 2 }));
    expect(again.result).toMatchObject({ kind: 'counted', positions: new Map([['a', 1]]) });
    expect(monthOf(again.volume, '2026-11').count).toBe(3);
  });
});

it('BL-10 the newest positions stay in the aggregate, and it is cut when it is twice as long as that', () => {
  const { volume } = after(count(['a', 'b']), count(['c'], { stored: 2, keep: 1 }));
  expect(volume).toMatchObject({ tailFrom: 0, tail: { length: 3 } });

  expect(foldVolume(volume, count(['d'], { stored: 3, keep: 1 })).volume).toMatchObject({
    tailFrom: 2,
    tail: [{ id: 'c' }, { id: 'd' }],
  });
});

describe('Meta’s word of a tier', () => {
  const reached = at('26T12:00:00');

  it('BL-10 brings the next message at least to the first one of the tier', () => {
    const { volume, positions } = after(count(['a']), tell(751, reached), count(['b', 'c']));

    expect(positions).toEqual([
      ['a', 1],
      ['b', 751],
      ['c', 752],
    ]);
    expect(next(volume)).toBe(753);
  });

  it('BL-10 does not make less of what was counted', () => {
    expect(after(count(['a', 'b', 'c']), tell(2, reached), count(['d'])).positions.at(-1)).toEqual(['d', 4]);
  });

  it('BL-10 what was delivered before it was reached lies below it, whenever that is heard, and does not count above', () => {
    const before = at('26T11:59:59');
    const { positions } = after(tell(751, reached), count(['early'], { when: before }), count(['late']));

    expect(positions).toEqual([
      ['early', 750],
      ['late', 751],
    ]);
  });

  it('BL-10 may come twice with different times, in either order: the smallest is right', () => {
    const [first, second] = [at('26T10:00:00'), at('26T12:00:00')];
    const between = at('26T11:00:00');

    for (const order of [
      [first, second],
      [second, first],
    ]) {
      const { volume } = after(...order.map((since) => tell(751, since)));
      expect([next(volume, at('26T09:00:00')), next(volume, between)]).toEqual([750, 751]);
    }
  });

  it('BL-10 that the first tier holds tells nothing; of another month neither', () => {
    const other: Input = { kind: 'tell', month: '2026-10', lower: 751, since: reached };

    expect(next(after(tell(1, reached), other).volume)).toBe(1);
  });
});

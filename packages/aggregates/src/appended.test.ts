import fc from 'fast-check';
import { appendedOf } from './appended.js';

const list = (length: number, from = 0): { n: number }[] => Array.from({ length }, (_, at) => ({ n: from + at }));

describe('a long list', () => {
  it('is written by what it got at its end', () => {
    const before = list(40);
    const added = list(2, 40);

    expect(appendedOf(before, [...before, ...added])).toEqual({ values: added, keep: 42 });
    expect(appendedOf(before, [...before.slice(5), ...added])).toEqual({ values: added, keep: 37 });
    expect(appendedOf(before, before.slice(5))).toEqual({ values: [], keep: 35 });
  });

  it.each([
    ['is short', list(3), (before: object[]) => [...before, {}]],
    ['is new', undefined, () => list(40)],
    ['is no list any more', list(40), () => ({})],
    ['has another value in its middle', list(40), (before: object[]) => before.with(7, {})],
    ['has another value at its end', list(40), (before: object[]) => before.with(-1, {})],
    ['has other values with the same content', list(40), () => list(41)],
    ['got one at its front', list(40), (before: object[]) => [{}, ...before]],
  ])('is written whole when it %s', (_, before, change) => {
    expect(appendedOf(before, change(before ?? []))).toBeUndefined();
  });

  it('comes out the same, whatever happened to it', () => {
    const values = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 28, maxLength: 40 });
    fc.assert(
      fc.property(values, values, fc.nat(40), (before, added, drop) => {
        const after = [...before.slice(drop), ...added];
        const appended = appendedOf(before, after);
        if (appended) expect([...before, ...appended.values].slice(-appended.keep)).toEqual(after);
      }),
    );
  });
});

import fc from 'fast-check';
import {
  applyNumber,
  currentSpan,
  type NumberSpans,
  partsOfThreadId,
  spanAt,
  threadIdOf,
  threadOfChat,
} from './spans.js';

const acme = { organisationId: 'acme', brandId: 'b', departmentId: 'd' };

describe('whose a number is', () => {
  it('ON-15 is nobody’s, under connection 1, until account says otherwise', () => {
    expect(spanAt(undefined, 5)).toEqual({ from: 0, connection: 1, owner: null });
  });

  it('is decided by an input’s own position', () => {
    const connected = applyNumber(undefined, { version: 1, connection: 1, owner: acme }, 10);
    const left = applyNumber(connected, { version: 2, connection: 2, owner: null }, 20)!;

    expect(spanAt(left, 9).owner).toBeNull();
    expect(spanAt(left, 10)).toMatchObject({ connection: 1, owner: acme });
    expect(spanAt(left, 19)).toMatchObject({ connection: 1, owner: acme });
    expect(spanAt(left, 20)).toMatchObject({ connection: 2, owner: null });
  });

  it('ignores what is not newer', () => {
    const known: NumberSpans = { version: 3, spans: [] };

    expect(applyNumber(known, { version: 3, connection: 1, owner: acme }, 0)).toBeUndefined();
  });

  it('never changes what earlier inputs saw', () => {
    const change = fc.record({
      gap: fc.nat(5),
      connection: fc.integer({ min: 1, max: 3 }),
      owner: fc.constantFrom(acme, null),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        let [number, at, version]: [NumberSpans | undefined, number, number] = [undefined, 0, 0];
        const seen: { offset: number; connection: number }[] = [];
        for (const { gap, connection, owner } of changes) {
          for (let each = 0; each < gap; each += 1) {
            seen.push({ offset: at, connection: spanAt(number, at).connection });
            at += 1;
          }
          number = applyNumber(number, { version: (version += 1), connection, owner }, at) ?? number;
          expect(currentSpan(number).connection).toBe(connection);
        }
        for (const { offset, connection } of seen) expect(spanAt(number, offset).connection).toBe(connection);
      }),
    );
  });
});

it('ids of threads and chats can be taken apart', () => {
  const thread = threadIdOf('341', 2, 'abc');

  expect(partsOfThreadId(thread)).toEqual({ number: '341', connection: 2, customer: 'abc' });
  expect(threadOfChat(`${thread}:7`)).toBe(thread);
  expect(threadOfChat('anything')).toBeUndefined();
  expect(partsOfThreadId('a.b.c')).toBeUndefined();
});

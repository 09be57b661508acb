import { heldAfter, heldAfterSuccess, type Hold, isMended, isSilent } from './hold.js';

const because = { code: 'meta.190', reason: 'expired', remedy: 'connect it again' };
const slow = { kind: 'slow', because: undefined, version: 1, afterMs: 1_000 } as const;
const stop = { kind: 'stopped', because, version: 1, afterMs: 60_000 } as const;

describe('TX-5 a number that is held', () => {
  it('counts refusals of calls that were under way together as one', () => {
    const first = heldAfter(undefined, slow, 0);

    expect(first).toMatchObject({ until: 1_000, strikes: 1 });
    expect(heldAfter(first, slow, 500)).toMatchObject({ until: 1_500, strikes: 1 });
    expect(heldAfter(first, slow, 1_000)).toMatchObject({ until: 2_000, strikes: 2 });
  });

  it('is let go by a message that Meta takes, but not by one that was under way before', () => {
    const hold = heldAfter(undefined, slow, 0);

    expect(heldAfterSuccess(hold, 999)).toBe(hold);
    expect(heldAfterSuccess(hold, 1_000)).toBeUndefined();
    expect(heldAfterSuccess(undefined, 0)).toBeUndefined();
  });

  it('that is stopped stays so over a late answer that asks to slow down', () => {
    const hold = heldAfter(undefined, stop, 0);

    expect(heldAfter(hold, slow, 10)).toBe(hold);
  });

  it('that is slow can be stopped, and counts anew then', () => {
    const hold: Hold = { ...heldAfter(undefined, slow, 0), strikes: 7 };

    expect(heldAfter(hold, stop, 10)).toMatchObject({ kind: 'stopped', because, until: 60_010, strikes: 1 });
  });

  it('is held when nobody answers five calls in a row, or the one that tries', () => {
    const hold = heldAfter(undefined, slow, 0);

    expect([isSilent(undefined, 4), isSilent(undefined, 5), isSilent(hold, 1)]).toEqual([false, true, true]);
  });

  it('is mended when somebody has changed it since', () => {
    const hold = heldAfter(undefined, stop, 0);
    const number = (version: number) => ({ organisation: 'acme', version, sending: 'allowed', waba: 'w' }) as const;

    expect(isMended(hold, number(1))).toBe(false);
    expect(isMended(hold, number(2))).toBe(true);
    expect(isMended(hold, undefined)).toBe(false);
    expect(isMended(heldAfter(undefined, slow, 0), number(2))).toBe(false);
  });
});

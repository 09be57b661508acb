/**
 * The time timers fire by. It runs with the machine's monotonic clock and follows the wall clock while the two agree. When
 * the wall clock has jumped, or at the start, a third clock is asked: the database's. Two that agree are believed; until
 * then nothing fires.
 */
export interface AnchoredClock {
  readonly read: (wall: number, monotonic: number) => Reading;
  /** What the database's clock said, and what ours said when it did. */
  readonly compared: (reference: number, wall: number, monotonic: number) => void;
}

export interface Reading {
  readonly now: number;
  /** Two clocks agree about it. */
  readonly isTrusted: boolean;
  /** The third clock should be asked. */
  readonly shouldCompare: boolean;
}

export const JUMP_MS = 5_000;
/** While the wall clock is wrong the third is asked now and then: the monotonic one drifts. */
const COMPARE_EVERY_MS = 60_000;

export function createAnchoredClock(): AnchoredClock {
  let anchor: { readonly time: number; readonly monotonic: number } | undefined;
  /** The wall clock is known to be wrong, by about so much. */
  let wrongBy: number | undefined;
  let comparedAt = -Infinity;
  let isTrusted = false;

  const at = (monotonic: number, wall: number): number =>
    anchor ? anchor.time + (monotonic - anchor.monotonic) : wall;

  return {
    read(wall, monotonic) {
      const now = at(monotonic, wall);
      if (!anchor) return { now, isTrusted: false, shouldCompare: true };
      const ahead = wall - now;
      if (Math.abs(ahead) <= JUMP_MS) {
        // Small steps are corrections; a wrong clock that came back is right again.
        wrongBy = undefined;
        if (isTrusted) {
          anchor = { time: wall, monotonic };
          return { now: wall, isTrusted, shouldCompare: false };
        }
        return { now, isTrusted, shouldCompare: true };
      }
      if (wrongBy !== undefined && Math.abs(ahead - wrongBy) <= JUMP_MS)
        return { now, isTrusted, shouldCompare: monotonic - comparedAt > COMPARE_EVERY_MS };
      isTrusted = false;
      wrongBy = undefined;
      return { now, isTrusted, shouldCompare: true };
    },
    compared(reference, wall, monotonic) {
      comparedAt = monotonic;
      const own = at(monotonic, wall);
      if (Math.abs(wall - reference) <= JUMP_MS) {
        anchor = { time: wall, monotonic };
        wrongBy = undefined;
        isTrusted = true;
      } else if (anchor && Math.abs(own - reference) <= JUMP_MS) {
        wrongBy = wall - own;
        isTrusted = true;
      } else {
        isTrusted = false;
      }
    },
  };
}

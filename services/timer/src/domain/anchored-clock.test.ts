import { createAnchoredClock } from './anchored-clock.js';

const noon = 1_800_000_000_000;
const hour = 3_600_000;

/** A clock that two others agreed with at noon. */
function anchored() {
  const clock = createAnchoredClock();
  clock.read(noon, 0);
  clock.compared(noon + 40, noon, 0);
  return clock;
}

describe('the time timers fire by', () => {
  it('is not believed before a second clock agrees', () => {
    const clock = createAnchoredClock();

    expect(clock.read(noon, 0)).toMatchObject({ isTrusted: false, shouldCompare: true });
    clock.compared(noon - hour, noon, 0);
    expect(clock.read(noon, 0)).toMatchObject({ isTrusted: false });
    clock.compared(noon, noon, 0);
    expect(clock.read(noon + 10, 10)).toEqual({ now: noon + 10, isTrusted: true, shouldCompare: false });
  });

  it('follows small corrections of the wall clock', () => {
    expect(anchored().read(noon + 11_500, 10_000)).toMatchObject({ now: noon + 11_500, isTrusted: true });
  });

  it.each([hour, -hour, 6_000, -6_000])('stops when the wall clock jumps by %i ms', (jump) => {
    expect(anchored().read(noon + 1_000 + jump, 1_000)).toEqual({
      now: noon + 1_000,
      isTrusted: false,
      shouldCompare: true,
    });
  });

  it.each([hour, -hour])('goes on by the monotonic clock when the wall clock was wrong by %i ms', (jump) => {
    const clock = anchored();
    clock.read(noon + 1_000 + jump, 1_000);

    clock.compared(noon + 1_010, noon + 1_010 + jump, 1_010);

    expect(clock.read(noon + 2_000 + jump, 2_000)).toMatchObject({ now: noon + 2_000, isTrusted: true });
    expect(clock.read(noon + 3_000, 3_000)).toMatchObject({ now: noon + 3_000, isTrusted: true });
  });

  it.each([hour, -hour])(
    'takes the wall clock’s word when the machine stood still or was set right by %i ms',
    (jump) => {
      const clock = anchored();
      clock.read(noon + 1_000 + jump, 1_000);

      clock.compared(noon + 1_010 + jump, noon + 1_010 + jump, 1_010);

      expect(clock.read(noon + 2_000 + jump, 2_000)).toMatchObject({ now: noon + 2_000 + jump, isTrusted: true });
    },
  );

  it('stays stopped while no two clocks agree', () => {
    const clock = anchored();
    clock.read(noon + hour, 1_000);

    clock.compared(noon - hour, noon + hour, 1_000);

    expect(clock.read(noon + hour + 10, 1_010)).toMatchObject({ isTrusted: false, shouldCompare: true });
  });

  it('stops again when a wall clock that is known to be wrong jumps once more', () => {
    const clock = anchored();
    clock.read(noon + hour, 0);
    clock.compared(noon, noon + hour, 0);

    expect(clock.read(noon + 3 * hour, 100)).toMatchObject({ isTrusted: false });
  });
});

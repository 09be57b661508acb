import { type Clock } from '../../use-cases/ports.js';

/** The clocks of this process; waits are the machine's. */
export const processClock = (of: { readonly now: () => Date; readonly monotonicMs: () => number }): Clock => ({
  wall: () => of.now().getTime(),
  monotonic: of.monotonicMs,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => {
      clearTimeout(timer);
    };
  },
});

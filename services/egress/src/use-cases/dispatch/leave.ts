import { isHeldUp, type Pace } from '../../domain/pace/pace.js';
import { type Clock } from '../ports.js';

/** Whether it still may is looked at so often. */
const LOOK_MS = 250;

/** Waits until a call that is ready may leave, by the pace of its number; not for one that may not leave any more. */
export function createLeave(clock: Pick<Clock, 'after' | 'monotonicMs'>) {
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));

  return async function leave(pace: Pace, begun: number, mayLeave: () => boolean): Promise<void> {
    let at: number;
    do {
      at = pace.leaveAt(clock.monotonicMs(), begun);
      for (let left: number; (left = at - clock.monotonicMs()) > 0 && mayLeave();)
        await pause(Math.ceil(Math.min(left, LOOK_MS)));
    } while (mayLeave() && isHeldUp(clock.monotonicMs() - at));
  };
}

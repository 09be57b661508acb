import type { Clock } from '@switchboard/aggregates';
import type { Random } from './random.ts';

/** Something that may be killed or paused. What is meant for it then does not arrive, or not yet. */
export interface Life {
  readonly name: string;
  isAlive: boolean;
  isPaused: boolean;
}

interface Action {
  readonly life: Life | null;
  readonly run: () => void;
}

interface Timer extends Action {
  readonly at: number;
  isCancelled: boolean;
}

/**
 * The only source of progress: everything that waits for the outside world waits here, and one thing at a time is let
 * through, in an order that the seed decides. Between two steps all promises run to their end.
 */
export interface Scheduler {
  readonly random: Random;
  readonly now: () => number;
  /** To be done at any later step; only if that life is alive then. */
  readonly later: (life: Life | null, run: () => void) => void;
  readonly clockOf: (life: Life) => Clock;
  /** Steps until there is nothing to do but wait for timers later than `waitMs` from now. False at the step limit. */
  readonly run: (limits: { readonly steps: number; readonly waitMs: number }) => Promise<boolean>;
  readonly steps: () => number;
  /** Lets timers overtake what is ready, as slow answers do. */
  impatience: number;
  /** First come, first served instead of any order; for directed schedules. */
  isOrderly: boolean;
}

export function createScheduler(random: Random): Scheduler {
  let actions: Action[] = [];
  let timers: Timer[] = [];
  let time = 1_000_000;
  let steps = 0;

  const isOpen = ({ life }: Action): boolean => !life || (life.isAlive && !life.isPaused);
  const isDead = ({ life }: Action): boolean => life !== null && !life.isAlive;

  function takeAction(): Action | undefined {
    actions = actions.filter((action) => !isDead(action));
    const open = actions.filter(isOpen);
    const chosen = scheduler.isOrderly ? open[0] : open[random.int(open.length)];
    if (chosen) actions.splice(actions.indexOf(chosen), 1);
    return chosen;
  }

  function takeTimer(latest: number): Timer | undefined {
    timers = timers.filter((timer) => !timer.isCancelled && !isDead(timer));
    let next: Timer | undefined;
    for (const timer of timers) if (isOpen(timer) && (!next || timer.at < next.at)) next = timer;
    if (!next || next.at > latest) return undefined;
    timers.splice(timers.indexOf(next), 1);
    time = Math.max(time, next.at);
    return next;
  }

  const scheduler: Scheduler = {
    random,
    impatience: 0.02,
    isOrderly: false,
    now: () => time,
    steps: () => steps,
    later: (life, run) => {
      actions.push({ life, run });
    },
    clockOf: (life) => ({
      now: () => time,
      after: (ms, run) => {
        const timer: Timer = { life, run, at: time + ms, isCancelled: false };
        timers.push(timer);
        return () => {
          timer.isCancelled = true;
        };
      },
    }),
    async run(limits) {
      const latest = time + limits.waitMs;
      for (let taken = 0; taken < limits.steps; taken += 1) {
        await settled();
        const early = !scheduler.isOrderly && random.chance(scheduler.impatience) ? takeTimer(latest) : undefined;
        const next = early ?? takeAction() ?? takeTimer(latest);
        if (!next) return true;
        steps += 1;
        next.run();
      }
      return false;
    },
  };
  return scheduler;
}

/** All promises that can go on have gone on. */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

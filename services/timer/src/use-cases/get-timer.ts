import { Failure } from '@switchboard/errors';
import { idOf, type TimerName } from '../domain/timer.js';
import { type Clock, type KeptTimer, type TimerStore } from './ports.js';

export type GetTimer = ReturnType<typeof createGetTimer>;

/** Below the deadline that most callers give. */
const LONGEST_WAIT_MS = 4_000;
const EVERY_MS = 50;

/** Reads a timer; waits, where a version is named, for the log to be applied so far. */
export function createGetTimer(deps: { timers: Pick<TimerStore, 'read'>; clock: Clock }) {
  const { timers, clock } = deps;

  return async function getTimer(name: TimerName, minVersion: number, signal: AbortSignal): Promise<KeptTimer> {
    const until = clock.monotonic() + LONGEST_WAIT_MS;
    for (;;) {
      const [timer] = await timers.read([idOf(name)]);
      if (timer && timer.version >= minVersion) return timer;
      const isLate = clock.monotonic() >= until || signal.aborted;
      if (minVersion === 0 || isLate) throw missing(name, minVersion, timer);
      await new Promise<void>((resolve) => {
        clock.after(EVERY_MS, resolve);
      });
    }
  };
}

function missing({ owner, key }: TimerName, version: number, timer: KeptTimer | undefined): Failure {
  if (timer)
    return new Failure(
      'unavailable',
      'timer.not-applied-yet',
      `timer ${key} of ${owner} has version ${timer.version}, not yet ${version}; ask again, or was it never accepted?`,
      { details: { version: String(timer.version) }, retryAfterMs: 1_000 },
    );
  return new Failure('not-found', 'timer.not-found', `${owner} has no timer ${key}: it has fired, or never was`);
}

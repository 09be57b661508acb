import { DAY_MS } from '../domain/prices/day.js';
import { type Clock } from './ports.js';

/** Arms a timer of ours; an earlier version than the one that is armed changes nothing. */
export type ArmTimer = (timerKey: string, version: number, due: Date) => Promise<void>;

const HOUR_MS = 3_600_000;

export type Nightly = ReturnType<typeof createNightly>;

/** Work of every night, at an hour (UTC): by a durable timer, so that one process does it. */
export function createNightly({
  timerKey,
  hour,
  arm,
  now,
  work,
}: {
  readonly timerKey: string;
  readonly hour: number;
  readonly arm: ArmTimer;
  readonly now: Clock;
  readonly work: () => Promise<void>;
}) {
  const armNext = async (): Promise<void> => {
    const night = Math.floor((now().getTime() - hour * HOUR_MS) / DAY_MS) + 1;
    await arm(timerKey, night, new Date(night * DAY_MS + hour * HOUR_MS));
  };
  return {
    timerKey,
    armNext,
    async run(): Promise<void> {
      await armNext();
      await work();
    },
  };
}

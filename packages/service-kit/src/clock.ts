import { readFileSync } from 'node:fs';

/** The time as a service sees it. */
export interface ProcessClock {
  readonly now: () => Date;
  /** Milliseconds that only grow, whatever happens to the wall clock; their zero means nothing. */
  readonly monotonicMs: () => number;
  /** How far both are ahead of the machine's own, milliseconds. */
  readonly aheadMs: () => number;
  readonly stop: () => void;
}

const LOOK_EVERY_MS = 100;

/**
 * The machine's clock; with a file, ahead of it by the milliseconds that the file holds, looked at ten times a second, so
 * that whoever tries a system out need not wait for what happens after a day. It never goes back: a smaller number, a
 * file that is missing or holds something else changes nothing. Timers of the process itself run as they always do.
 */
export function processClock(file: string | undefined): ProcessClock {
  let aheadMs = 0;
  const look = (): void => {
    const text = readOrNothing(file);
    if (/^\d+\s*$/.test(text)) aheadMs = Math.max(aheadMs, Number(text));
  };
  // Read each time: `watchFile` never tells of a change that comes before its own first look, and that one may be late.
  const looking = file === undefined ? undefined : setInterval(look, LOOK_EVERY_MS).unref();
  look();
  return {
    now: () => new Date(Date.now() + aheadMs),
    monotonicMs: () => performance.now() + aheadMs,
    aheadMs: () => aheadMs,
    stop: () => {
      clearInterval(looking);
    },
  };
}

function readOrNothing(file: string | undefined): string {
  try {
    return file === undefined ? '' : readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

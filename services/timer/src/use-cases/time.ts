import { createAnchoredClock } from '../domain/anchored-clock.js';
import { type Clock, type Observer, type ReferenceClock } from './ports.js';

/** The time timers fire by. */
export interface Time {
  readonly now: () => number;
  /** False while the clocks disagree: then nothing fires. */
  readonly isTrusted: () => boolean;
}

/** Watches the clocks at every reading, and asks the database's when the machine's own disagree. */
export function createTime(deps: { clock: Clock; reference: ReferenceClock; observer: Observer }): Time {
  const { clock, reference, observer } = deps;
  const anchored = createAnchoredClock();
  let isAsking = false;
  let wasTrusted: boolean | undefined;

  function compare(): void {
    if (isAsking) return;
    isAsking = true;
    const asked = clock.monotonic();
    reference
      .now()
      .then((time) => {
        // Half of the way there and back; a second of doubt is far below what counts as a jump.
        const [wall, monotonic] = [clock.wall(), clock.monotonic()];
        const reference = time + (monotonic - asked) / 2;
        anchored.compared(reference, wall, monotonic);
        if (!anchored.read(wall, monotonic).isTrusted)
          observer.warn({ wall: new Date(wall), database: new Date(reference) }, 'the clocks disagree; nothing fires');
      })
      .catch((error: unknown) => {
        observer.warn({ error }, 'the clock of the database cannot be asked');
      })
      .finally(() => {
        clock.after(RETRY_MS, () => (isAsking = false));
      });
  }

  function read() {
    const reading = anchored.read(clock.wall(), clock.monotonic());
    if (reading.shouldCompare) compare();
    if (reading.isTrusted !== wasTrusted) {
      if (wasTrusted && !reading.isTrusted) observer.warn({}, 'the clock jumped; nothing fires until two clocks agree');
      wasTrusted = reading.isTrusted;
      observer.clock(reading.isTrusted);
    }
    return reading;
  }

  return { now: () => read().now, isTrusted: () => read().isTrusted };
}

const RETRY_MS = 250;

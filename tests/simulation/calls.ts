import { Failure } from '@switchboard/errors';
import type { Life, Scheduler } from './scheduler.ts';

/** What the network may do to one call. */
export interface Faults {
  /** The request never arrives; the caller times out. */
  lost: number;
  /** It arrives and works, and the answer is lost. */
  unanswered: number;
  /** The caller times out, and it arrives after that. */
  late: number;
  /** Requests that a schedule holds back, by pod and call (`pod-0 mongo.clear`), in the order they were made. */
  readonly held?: Map<string, (() => void)[]>;
}

export const noFaults: Omit<Faults, 'held'> = { lost: 0, unanswered: 0, late: 0 };

const unavailable = (what: string): Failure =>
  new Failure('unavailable', `${what}.unreachable`, `${what} does not answer`);

/** One call over the network: `arrive` happens once, or never, at some step; the answer comes at a later one. */
export function overTheNetwork<T>(
  scheduler: Scheduler,
  faults: Faults,
  life: Life,
  what: string,
  arrive: () => T | Promise<T>,
): Promise<T> {
  const { random, later } = scheduler;
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      later(life, () => {
        reject(unavailable(what.split('.')[0] ?? what));
      });
    };
    const deliver = (isAnswered: boolean): void => {
      const request = (): void => {
        void Promise.resolve()
          .then(arrive)
          .then(
            (answer) => {
              if (!isAnswered) return;
              later(life, () => {
                resolve(answer);
              });
            },
            (error: unknown) => {
              if (!isAnswered) return;
              later(life, () => {
                reject(error instanceof Error ? error : new Error(String(error)));
              });
            },
          );
      };
      const held = faults.held?.get(`${life.name} ${what}`);
      if (held) held.push(request);
      else later(null, request);
    };
    const fate = random.next();
    if (fate < faults.lost) fail();
    else if (fate < faults.lost + faults.unanswered) {
      deliver(false);
      fail();
    } else if (fate < faults.lost + faults.unanswered + faults.late) {
      fail();
      later(null, () => {
        deliver(false);
      });
    } else deliver(true);
  });
}

import { isTransient } from '@switchboard/errors';
import { type Clock, type Observer } from '../ports.js';

/**
 * Does a thing that may be done twice, and again for as long as the world is at fault. What must be written after a
 * call to Meta is not given up while the process lives.
 */
export type Persist = <T>(what: string, action: () => Promise<T>) => Promise<T>;

const FIRST_MS = 100;
const LONGEST_MS = 5_000;

export function createPersist({ clock, observer }: { clock: Clock; observer: Pick<Observer, 'warn'> }): Persist {
  return async function persist(what, action) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await action();
      } catch (error) {
        if (!isTransient(error)) throw error;
        observer.warn({ attempt, reason: error.message }, what);
        const wait = Math.max(Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS), error.retryAfterMs ?? 0);
        await new Promise<void>((resolve) => {
          clock.after(wait, resolve);
        });
      }
    }
  };
}

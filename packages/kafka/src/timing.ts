/** Time as this package uses it; tests own it. */
export interface Clock {
  readonly now: () => number;
  /** Calls back after `ms` (0: as soon as what has arrived is handled) and returns how to call it off. */
  readonly after: (ms: number, callback: () => void) => () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    if (ms <= 0) {
      const immediate = setImmediate(callback);
      return () => {
        clearImmediate(immediate);
      };
    }
    const timer = setTimeout(callback, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Resolves after `ms`, or at once when the signal aborts; the caller looks at the signal. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal?.addEventListener('abort', wake);
  });
}

/** Doubling from `firstMs` to `mostMs`, less up to a fifth, so that those who failed together do not return together. */
export function backoffMs(attempt: number, firstMs = 100, mostMs = 10_000, random: () => number = Math.random): number {
  return Math.min(mostMs, firstMs * 2 ** Math.min(attempt - 1, 20)) * (1 - random() / 5);
}

/** The value of `work`, or `fallback` when it takes longer than `ms`. The work itself goes on. */
export function within<T, F>(ms: number, work: Promise<T>, fallback: F): Promise<T | F> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(fallback);
    }, ms);
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}

export interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export function deferred(): Deferred {
  let resolve = (): void => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  // Somebody may wait for it, or nobody; a rejection is no reason for the process to end.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}

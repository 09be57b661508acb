import type { Component } from './component.js';

/** Said while parts start and stop. */
export interface LifecycleLog {
  readonly info: (facts: object, message: string) => void;
  readonly error: (facts: object, message: string) => void;
}

/**
 * Starts parts in their order. If one fails, those already running are stopped, in reverse, before the error is thrown.
 * When `signal` aborts, no further part is started; the returned function stops what runs.
 */
export async function startAll(
  parts: readonly Component[],
  log: LifecycleLog,
  signal?: AbortSignal,
): Promise<() => Promise<void>> {
  const running: Component[] = [];
  const stopAll = async (): Promise<void> => {
    for (let part = running.pop(); part; part = running.pop()) {
      try {
        await part.stop();
      } catch (error) {
        log.error({ part: part.name, err: error }, 'a part did not stop cleanly');
      }
    }
  };
  for (const part of parts) {
    if (signal?.aborted) break;
    const began = Date.now();
    // A part that is starting is stopped too: its start may be waiting for a dependency that never comes.
    running.push(part);
    const abort = (): void => void part.stop().catch(() => undefined);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await part.start();
      log.info({ part: part.name, ms: Date.now() - began }, 'started');
    } catch (error) {
      if (!signal?.aborted) {
        await stopAll();
        throw error;
      }
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }
  return stopAll;
}

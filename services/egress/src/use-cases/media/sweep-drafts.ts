import { type Clock } from '../ports.js';
import { type Drafts, type Files, type FileStore, type MediaObserver } from './ports.js';

const HOUR_MS = 3_600_000;

export type SweepDrafts = ReturnType<typeof createSweepDrafts>;

/** Removes what processes left in the store that were killed while they wrote it: at the start, and each hour. */
export function createSweepDrafts(deps: {
  drafts: Drafts;
  files: Files;
  store: FileStore;
  clock: Clock;
  observer: Pick<MediaObserver, 'warn'>;
}) {
  const { drafts, files, store, clock, observer } = deps;
  let cancel: (() => void) | undefined;

  async function sweep(): Promise<void> {
    for (const object of await drafts.abandoned(new Date(clock.now().getTime() - HOUR_MS))) {
      if (!(await files.usesObject(object))) await store.remove(object);
      await drafts.end(object);
    }
  }

  function run(): void {
    sweep()
      .catch((error: unknown) => {
        observer.warn({ error }, 'the store is not swept; the next time will');
      })
      .finally(() => {
        cancel = clock.after(HOUR_MS, run);
      });
  }

  return {
    sweep,
    start: run,
    stop: () => cancel?.(),
  };
}

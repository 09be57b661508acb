/** Work on threads: in order within a thread, while no thread waits for another. */
export interface ThreadLanes {
  /** Does the work when all that was given for the thread before is done, whatever became of it. */
  readonly run: (threadId: string, work: () => Promise<void>) => Promise<void>;
}

export function createThreadLanes(): ThreadLanes {
  const tails = new Map<string, Promise<void>>();
  return {
    run(threadId, work) {
      const before = tails.get(threadId) ?? Promise.resolve();
      const done = before.then(work, work);
      tails.set(threadId, done);
      const forget = (): void => {
        if (tails.get(threadId) === done) tails.delete(threadId);
      };
      done.then(forget, forget);
      return done;
    },
  };
}

/** Waits until all have ended, then rejects with what the first to fail failed with. */
export async function allDone(works: readonly Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(works);
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}

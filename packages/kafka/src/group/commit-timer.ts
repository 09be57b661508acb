/** Commits by the clock, one at a time. */
export interface CommitTimer {
  readonly start: () => void;
  /** Resolves when no commit is under way. */
  readonly settled: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export function createCommitTimer(
  everyMs: number,
  commit: () => Promise<void>,
  failed: (error: unknown) => void,
): CommitTimer {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  const tick = () => {
    running ??= commit()
      .catch(failed)
      .finally(() => (running = undefined));
  };
  return {
    start() {
      timer ??= setInterval(tick, everyMs);
    },
    settled: async () => running,
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await running;
    },
  };
}

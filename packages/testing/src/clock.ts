/** A clock that a test moves. Timers fire in the order of their time, then of their making. */
export interface TestClock {
  readonly now: () => Date;
  /** Calls back once, after so many milliseconds of this clock; the result cancels. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** Moves the clock and fires what is due, giving promises a turn after each. */
  readonly advance: (ms: number) => Promise<void>;
}

export function createTestClock(start = new Date('2026-11-25T12:00:00Z')): TestClock {
  let now = start.getTime();
  let made = 0;
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  return {
    now: () => new Date(now),
    after(ms, run) {
      const id = (made += 1);
      timers.set(id, { at: now + ms, run });
      return () => void timers.delete(id);
    },
    async advance(ms) {
      const until = now + ms;
      for (;;) {
        const due = [...timers].filter(([, { at }]) => at <= until).sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
        if (!due) break;
        const [id, { at, run }] = due;
        timers.delete(id);
        now = Math.max(now, at);
        run();
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = until;
    },
  };
}

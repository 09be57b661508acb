/** Simulated time and what is due in it. Due events run in the order of (time, counter), so that equal times never race. */
export interface Clock {
  /** Milliseconds since the epoch, in simulated time. */
  readonly now: () => number;
  /** Runs `run` once, when simulated time has reached `atMs`. Returns a way to call it off. */
  readonly at: (atMs: number, run: () => Promise<void> | void) => () => void;
  /** Moves simulated time forward and runs what became due; resolves when all of that has finished. */
  readonly advance: (ms: number) => Promise<void>;
  /** Forgets everything that is due. */
  readonly clear: () => void;
  /** The same, and from now on nothing becomes due any more. */
  readonly stop: () => void;
}

/** Time moves only when a test says so; each event is finished before the next one starts. */
export function manualClock(startMs = Date.UTC(2026, 10, 23, 12)): Clock {
  const agenda = createAgenda();
  let nowMs = startMs;
  return {
    now: () => nowMs,
    at: (atMs, run) => agenda.add(Math.max(atMs, nowMs), run),
    advance: async (ms) => {
      const untilMs = nowMs + ms;
      for (let event = agenda.takeDue(untilMs); event; event = agenda.takeDue(untilMs)) {
        nowMs = Math.max(nowMs, event.atMs);
        await event.run();
      }
      nowMs = untilMs;
    },
    clear: agenda.clear,
    stop: agenda.close,
  };
}

/** Time of the machine, `speed` times as fast. Events that are due at once run side by side. */
export function systemClock(options: { speed?: number; onError?: (error: unknown) => void } = {}): Clock {
  const speed = options.speed ?? 1;
  const agenda = createAgenda();
  const startMs = Date.now();
  const startedAt = performance.now();
  let skippedMs = 0;
  let timer: NodeJS.Timeout | undefined;

  const now = () => startMs + (performance.now() - startedAt) * speed + skippedMs;
  const runDue = (): Promise<void>[] => {
    const running: Promise<void>[] = [];
    for (let event = agenda.takeDue(now()); event; event = agenda.takeDue(now())) {
      running.push(Promise.resolve(event.run()).catch((error: unknown) => options.onError?.(error)));
    }
    arm();
    return running;
  };
  const arm = () => {
    clearTimeout(timer);
    const next = agenda.nextMs();
    if (next === undefined) return;
    // Timers of Node overflow beyond 2^31 ms; an early wake-up only arms again.
    timer = setTimeout(runDue, Math.min(Math.max(0, (next - now()) / speed), 2 ** 31 - 1));
  };

  return {
    now: () => Math.floor(now()),
    at: (atMs, run) => {
      const cancel = agenda.add(atMs, run);
      if (agenda.nextMs() === atMs) arm();
      return cancel;
    },
    advance: async (ms) => {
      skippedMs += ms;
      await Promise.all(runDue());
    },
    clear: agenda.clear,
    stop: () => {
      clearTimeout(timer);
      agenda.close();
    },
  };
}

interface Due {
  readonly atMs: number;
  readonly counter: number;
  readonly run: () => Promise<void> | void;
  cancelled: boolean;
}

/** A binary heap of what is due, by (time, counter). */
function createAgenda() {
  let heap: Due[] = [];
  let counter = 0;
  let isClosed = false;
  const isBefore = (a: Due, b: Due) => a.atMs < b.atMs || (a.atMs === b.atMs && a.counter < b.counter);
  const swapIfBefore = (child: number, parent: number): boolean => {
    const a = heap[child];
    const b = heap[parent];
    if (!a || !b || !isBefore(a, b)) return false;
    heap[child] = b;
    heap[parent] = a;
    return true;
  };
  const pop = (): Due | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || first === last) return first;
    heap[0] = last;
    for (let index = 0; ;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      const child = left && right && isBefore(right, left) ? 2 * index + 2 : 2 * index + 1;
      if (!swapIfBefore(child, index)) return first;
      index = child;
    }
  };
  const dropCancelled = () => {
    while (heap[0]?.cancelled) pop();
  };
  return {
    add(atMs: number, run: Due['run']) {
      const due: Due = { atMs, counter: counter++, run, cancelled: false };
      if (isClosed) return () => undefined;
      heap.push(due);
      for (let index = heap.length - 1; index > 0 && swapIfBefore(index, (index - 1) >> 1); index = (index - 1) >> 1);
      return () => {
        due.cancelled = true;
      };
    },
    takeDue(untilMs: number): Due | undefined {
      dropCancelled();
      return heap[0] && heap[0].atMs <= untilMs ? pop() : undefined;
    },
    nextMs(): number | undefined {
      dropCancelled();
      return heap[0]?.atMs;
    },
    clear: () => {
      heap = [];
    },
    close: () => {
      heap = [];
      isClosed = true;
    },
  };
}

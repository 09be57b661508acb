import { createRandom } from '@switchboard/testing';

/** Something that may be killed, or stand still for a while. */
export interface Life {
  readonly name: string;
  isAlive: boolean;
  /** Until then nothing of it moves. */
  pausedUntil: number;
}

interface Action {
  readonly at: number;
  readonly order: number;
  readonly life: Life | undefined;
  readonly run: () => void;
  isCancelled: boolean;
}

/** Simulated time: what happens next is decided by the seed alone. */
export interface Stage {
  readonly now: () => number;
  readonly chance: (probability: number) => boolean;
  /** 0 ≤ n < below. */
  readonly int: (below: number) => number;
  readonly after: (ms: number, run: () => void, life?: Life) => () => void;
  readonly pause: (ms: number, life?: Life) => Promise<void>;
  /** Lets everything happen up to a time. */
  readonly runUntil: (time: number) => Promise<void>;
}

export function createStage(seed: number, start: number): Stage {
  const random = createRandom(seed);
  const heap = createHeap();
  let now = start;
  let order = 0;

  const stage: Stage = {
    now: () => now,
    chance: (probability) => random() < probability,
    int: (below) => Math.floor(random() * below),
    after(ms, run, life) {
      const action: Action = { at: now + Math.max(0, ms), order: (order += 1), life, run, isCancelled: false };
      heap.push(action);
      return () => {
        action.isCancelled = true;
      };
    },
    pause: (ms, life) => new Promise((resolve) => stage.after(ms, resolve, life)),
    async runUntil(time) {
      for (;;) {
        // All promises that can go on have gone on.
        await new Promise((resolve) => setImmediate(resolve));
        const next = heap.pop(time);
        if (!next) break;
        if (next.isCancelled || next.life?.isAlive === false) continue;
        if (next.life && next.life.pausedUntil > next.at) {
          heap.push({ ...next, at: next.life.pausedUntil });
          continue;
        }
        now = next.at;
        next.run();
      }
      now = time;
    },
  };
  return stage;
}

const isBefore = (a: Action, b: Action): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function createHeap() {
  const items: Action[] = [];
  const swap = (a: number, b: number): void => {
    const [one, other] = [items[a], items[b]];
    if (one && other) [items[a], items[b]] = [other, one];
  };
  const goesFirst = (a: number, b: number): boolean => {
    const [one, other] = [items[a], items[b]];
    return one !== undefined && (other === undefined || isBefore(one, other));
  };
  return {
    push(item: Action): void {
      let index = items.push(item) - 1;
      for (let parent = (index - 1) >> 1; index > 0 && goesFirst(index, parent); parent = (index - 1) >> 1) {
        swap(index, parent);
        index = parent;
      }
    },
    /** The first, if it is not later than this. */
    pop(latest: number): Action | undefined {
      const first = items[0];
      if (!first || first.at > latest) return undefined;
      swap(0, items.length - 1);
      items.pop();
      for (let index = 0; ;) {
        const [left, right] = [2 * index + 1, 2 * index + 2];
        const child = goesFirst(right, left) ? right : left;
        if (!goesFirst(child, index)) break;
        swap(child, index);
        index = child;
      }
      return first;
    },
  };
}

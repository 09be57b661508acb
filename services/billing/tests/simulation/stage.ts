import { createRandom } from '@switchboard/testing';

/** Whose turn it is, by a seed: everything that waits for a turn goes on one at a time, in any order. */
export interface Stage {
  readonly int: (below: number) => number;
  readonly chance: (of: number) => boolean;
  /** Waits until it is this one's turn. */
  readonly turn: () => Promise<void>;
  /** Gives turns until nobody waits for one any more. */
  readonly play: () => Promise<void>;
}

export function createStage(seed: number): Stage {
  const random = createRandom(seed);
  const waiting: (() => void)[] = [];
  const int = (below: number): number => Math.floor(random() * below);
  return {
    int,
    chance: (of) => random() < of,
    turn: () => new Promise((resume) => waiting.push(resume)),
    async play() {
      for (;;) {
        // Whoever can go on without a turn has done so when this comes back.
        await new Promise(setImmediate);
        const [next] = waiting.splice(int(waiting.length), 1);
        if (!next) return;
        next();
      }
    },
  };
}

/** How far a topic's partition has come in one tenure: what was handled, and up to where all of it is done. */
export interface Progress {
  /** The offset to be read next. */
  position: number;
  /** Everything below is done: this may be committed. */
  readonly done: () => number;
  /** A chunk that ends before `next` was written; it is done when the promise resolves. */
  readonly written: (next: number, done: Promise<void>) => void;
  /** Chunks that are written and not done. */
  readonly open: () => number;
  /** Resolves when less than `most` chunks are open, or when one of them failed. */
  readonly below: (most: number) => Promise<void>;
  /** Ends the waiting of all who wait now. */
  readonly wake: () => void;
}

/** Chunks may be done in any order; the done offset moves in theirs. `failed` is called once, and nothing is done after it. */
export function createProgress(start: number, failed: (error: unknown) => void): Progress {
  const chunks: { readonly next: number; isDone: boolean }[] = [];
  let done = start;
  let broken = false;
  let waiting: { readonly most: number; readonly wake: () => void }[] = [];

  function advance(): void {
    while (!broken && chunks[0]?.isDone) done = chunks.shift()?.next ?? done;
    const ready = waiting.filter(({ most }) => broken || chunks.length < most);
    waiting = waiting.filter((each) => !ready.includes(each));
    for (const { wake } of ready) wake();
  }

  return {
    position: start,
    done: () => done,
    written(next, whenDone) {
      const chunk = { next, isDone: false };
      chunks.push(chunk);
      whenDone.then(
        () => {
          chunk.isDone = true;
          advance();
        },
        (error: unknown) => {
          if (broken) return;
          broken = true;
          failed(error);
          advance();
        },
      );
    },
    open: () => chunks.length,
    wake() {
      for (const { wake } of waiting.splice(0)) wake();
    },
    below: (most) =>
      broken || chunks.length < most ? Promise.resolve() : new Promise((wake) => waiting.push({ most, wake })),
  };
}

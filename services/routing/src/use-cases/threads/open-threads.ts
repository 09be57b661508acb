import type { NumberStore, ThreadIndex } from '../ports.js';

/** Threads with an open chat on numbers of a brand whose inputs one partition has. */
export type OpenThreads = (brandId: string, partition: number) => AsyncIterable<readonly string[]>;

/**
 * In pages. A thread is named that a brand had before as well, or that was completed meanwhile: whoever takes an input
 * looks at the thread's own owner and chat.
 */
export function createOpenThreads(deps: {
  numbers: Pick<NumberStore, 'ofBrand'>;
  index: Pick<ThreadIndex, 'open'>;
  partitionOf: (number: string) => number;
}): OpenThreads {
  return async function* openThreads(brandId, partition) {
    for (const number of await deps.numbers.ofBrand(brandId)) {
      if (deps.partitionOf(number) === partition) yield* deps.index.open(number);
    }
  };
}

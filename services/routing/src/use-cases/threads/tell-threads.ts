import type { Applied, LogInput, Position } from '@switchboard/aggregates';
import { ownerUnder, partsOfThreadId } from '../../domain/spans.js';
import type { Fired, OfferInput, ThreadInput } from '../../domain/thread-inputs.js';
import type { LookAround } from './around.js';
import type { NumberStore, Threads } from '../ports.js';

/** What a desk or a timer says to a thread there is. */
export interface ThreadNews {
  readonly position: Position;
  readonly threadId: string;
  readonly said: OfferInput | Fired;
}

export type TellThreads = ReturnType<typeof createTellThreads>;

/** Folds offers of the desk and fires of timers into their threads (CH-2, TM-2). */
export function createTellThreads(deps: { threads: Threads; numbers: NumberStore; lookAround: LookAround }) {
  const { threads, numbers, lookAround } = deps;
  return async function tellThreads(all: readonly ThreadNews[], signal: AbortSignal): Promise<Applied> {
    const known = all.flatMap((news) => {
      const parts = partsOfThreadId(news.threadId);
      return parts ? [{ ...news, parts }] : [];
    });
    if (known.length === 0) return { done: Promise.resolve() };
    const spans = await numbers.find([...new Set(known.map(({ parts }) => parts.number))]);
    const placed = known.map(({ parts, ...news }) => {
      const owner = ownerUnder(spans.get(parts.number), parts.connection);
      return { ...news, place: { number: parts.number, owner } };
    });
    const around = await lookAround(placed.map(({ place }) => place));
    return threads.apply(
      placed.map(({ position, threadId, said, place }): LogInput<ThreadInput> => ({
        aggregateId: threadId,
        position,
        input: { ...said, ...around(place) },
      })),
      signal,
    );
  };
}

import type { Applied, Position } from '@switchboard/aggregates';
import { applyNumber, currentSpan, type Owner } from '../../domain/spans.js';
import { bare, type LookAround } from './around.js';
import type { Clock, NumberStore, Progress, ThreadIndex, Threads } from '../ports.js';

/** A number as account tells of it. */
export interface NumberNews {
  readonly position: Position;
  readonly number: string;
  readonly version: number;
  readonly connection: number;
  readonly owner: Owner | null;
  readonly at: Date;
}

export type ApplyNumbers = ReturnType<typeof createApplyNumbers>;

/**
 * A number found an owner or lost it: from the next message on it has another span; threads that waited are adopted, open
 * chats under earlier connections are completed. Runs in the chain of the number's partition, never beside it.
 */
export function createApplyNumbers(deps: {
  threads: Threads;
  numbers: NumberStore;
  index: ThreadIndex;
  progress: Progress;
  lookAround: LookAround;
  now: Clock;
}) {
  const { threads, numbers, index, progress, lookAround } = deps;

  async function store(news: NumberNews): Promise<'older' | 'current'> {
    for (;;) {
      const known = (await numbers.find([news.number])).get(news.number);
      if (known && known.version > news.version) return 'older';
      const next = applyNumber(known, news, progress.nextMessage(news.position.partition));
      // The same version again: it was stored and perhaps not all swept.
      if (!next || (await numbers.save(news.number, known, next))) return 'current';
    }
  }

  return {
    async applyNumbers(all: readonly NumberNews[], signal: AbortSignal): Promise<Applied> {
      const applied: Promise<void>[] = [];
      for (const news of all) {
        const { number, connection, owner, position, at } = news;
        if ((await store(news)) === 'older') continue;
        if (owner) {
          const around = (await lookAround([{ number, owner }]))({ number, owner });
          for await (const ids of index.unclaimed(number, connection)) {
            const inputs = ids.map((aggregateId) => ({
              aggregateId,
              position,
              input: { kind: 'adopt' as const, at, owner, ...around },
            }));
            applied.push((await threads.apply(inputs, signal)).done);
          }
        }
        for await (const ids of index.openBefore(number, connection)) {
          const inputs = ids.map((aggregateId) => ({
            aggregateId,
            position,
            input: { kind: 'disconnected' as const, at, ...bare(deps.now()) },
          }));
          applied.push((await threads.apply(inputs, signal)).done);
        }
      }
      return { done: Promise.all(applied).then(() => undefined) };
    },

    /** What a former owner of the partition may have left: threads without an organisation on numbers that have one. */
    async adoptLeft(unclaimed: readonly string[], at: Date): Promise<void> {
      const spans = await numbers.find(unclaimed);
      for (const number of unclaimed) {
        const { owner, connection } = currentSpan(spans.get(number));
        if (!owner) continue;
        const around = (await lookAround([{ number, owner }]))({ number, owner });
        for await (const ids of index.unclaimed(number, connection)) {
          await Promise.all(ids.map((id) => threads.command(id, { kind: 'adopt', at, owner, ...around })));
        }
      }
    },
  };
}

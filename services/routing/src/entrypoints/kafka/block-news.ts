import { ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import type { Chunk, HandleChunk, IncomingRecord } from '@switchboard/kafka';
import type { BlockAtMeta, BlockNews } from '../../use-cases/blocks/block-at-meta.js';

type Keep = (chunk: Chunk, record: IncomingRecord, reason: string) => Promise<void>;

/** Hears in threads who was blocked and who may write again, and has it done at Meta. */
export function createBlockNews(deps: { blockAtMeta: BlockAtMeta; keep: Keep }): HandleChunk {
  return (chunk, { signal }) => {
    const news = chunk.records.flatMap((record): BlockNews[] => {
      const event = decoded(record);
      const what = event?.event?.$case;
      if (!event || (what !== 'customerBlocked' && what !== 'customerUnblocked')) return [];
      const { threadId, sequence, phoneNumberId: number, customerId } = event;
      const setAside = (reason: string) => deps.keep(chunk, record, reason);
      const isBlocked = what === 'customerBlocked';
      return [{ threadId, eventId: `${threadId}:${sequence}`, number, customerId, isBlocked, setAside }];
    });
    return Promise.resolve({ done: deps.blockAtMeta(news, signal) });
  };
}

/** What is no event was set aside by those who read all of them. */
function decoded({ value }: IncomingRecord): ThreadEvent | undefined {
  try {
    return value === null ? undefined : ThreadEvent.decode(value);
  } catch {
    return undefined;
  }
}

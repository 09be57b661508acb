import { type Position } from '@switchboard/aggregates';
import { egressWake, routingThreads, sourceCode, type Topic, whatsappStatuses } from '@switchboard/contracts/topics';
import { type Chunk, type HandleChunk, type IncomingRecord, placeOf, type SourceTopic } from '@switchboard/kafka';
import { type AcceptReplies } from '../../use-cases/accept-replies.js';
import { type FoldStatuses } from '../../use-cases/fold-statuses.js';
import { readThreadNews } from './queued-replies.js';
import { readStatus } from './statuses.js';

const asSource = (topic: Pick<Topic<unknown>, 'name' | 'code' | 'generation'>): SourceTopic => ({
  topic: topic.name,
  code: sourceCode(topic),
});

/** What egress reads, all of it by number: one partition of all of them is handled by one process, in order. */
export const sources: readonly SourceTopic[] = [routingThreads, whatsappStatuses, egressWake].map(asSource);

interface Read<T> {
  readonly event: T;
  readonly position: Position;
}

/** Handles stretches of the logs: replies are accepted, statuses folded, wakes obeyed. */
export function createNumberLog(deps: {
  acceptReplies: AcceptReplies;
  foldStatuses: FoldStatuses;
  wake: (partition: number, number: string) => void;
  /** Publishes a record that cannot be read, as it was, with the reason. */
  keep: (chunk: Chunk, record: IncomingRecord, reason: string) => Promise<void>;
}): HandleChunk {
  const { acceptReplies, foldStatuses, wake, keep } = deps;

  async function read<T>(topic: Pick<Topic<T>, 'decode'>, chunk: Chunk): Promise<Read<T>[]> {
    const events: Read<T>[] = [];
    for (const record of chunk.records) {
      const position = placeOf(chunk, record);
      try {
        events.push({ event: topic.decode(record.value ?? new Uint8Array()), position });
      } catch (error) {
        await keep(chunk, record, `undecodable: ${String(error)}`);
      }
    }
    return events;
  }

  return async function handleChunk(chunk, { signal }) {
    switch (chunk.topic) {
      case routingThreads.name:
        return acceptReplies(readThreadNews(await read(routingThreads, chunk)), signal);
      case whatsappStatuses.name: {
        const statuses = await read(whatsappStatuses, chunk);
        return foldStatuses(
          statuses.map(({ event, position }) => readStatus(event, position)),
          signal,
        );
      }
      case egressWake.name:
        for (const number of new Set(chunk.records.map(({ key }) => key))) if (number) wake(chunk.partition, number);
        return { done: Promise.resolve() };
      default:
        throw new TypeError(`nobody hears ${chunk.topic}`);
    }
  };
}

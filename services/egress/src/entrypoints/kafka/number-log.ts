import { type Position } from '@switchboard/aggregates';
import {
  egressWake,
  routingThreads,
  sourceCode,
  templateTemplates,
  timerFired,
  type Topic,
  whatsappChanges,
  whatsappMessages,
  whatsappStatuses,
} from '@switchboard/contracts/topics';
import { type Chunk, type HandleChunk, type IncomingRecord, placeOf, type SourceTopic } from '@switchboard/kafka';
import { type AcceptReplies } from '../../use-cases/accept-replies.js';
import { type FoldStatuses } from '../../use-cases/fold-statuses.js';
import { templateFromProto } from '../../template-proto.js';
import { type HearChanges } from '../../use-cases/hear-changes.js';
import { type ExpectInbound } from '../../use-cases/media/expect-inbound.js';
import { type HearTimers } from '../../use-cases/hear-timers.js';
import { type Preferences } from '../../use-cases/preference-ports.js';
import { type Templates } from '../../use-cases/template-ports.js';
import { readAllowance, readCoexistence } from './changes.js';
import { countedByMeta } from './inbound.js';
import { readFired } from './fired.js';
import { readInboundMedia } from './inbound-media.js';
import { readBlock, readPreference } from './preferences.js';
import { readThreadNews } from './queued-replies.js';
import { readStatus } from './statuses.js';

const asSource = (topic: Pick<Topic<unknown>, 'name' | 'code' | 'generation'>): SourceTopic => ({
  topic: topic.name,
  code: sourceCode(topic),
});

export const egressTimers = timerFired('egress');

/**
 * What egress reads: one partition of all of them is handled by one process, in order. All but templates and
 * changes, which are projected alone, go by number.
 */
export const sources: readonly SourceTopic[] = [
  routingThreads,
  whatsappStatuses,
  whatsappMessages,
  templateTemplates,
  whatsappChanges,
  egressWake,
  egressTimers,
].map(asSource);

interface Read<T> {
  readonly key: string;
  readonly event: T;
  readonly position: Position;
}

/** Handles stretches of the logs: replies are accepted, statuses folded, wakes obeyed. */
export function createNumberLog(deps: {
  acceptReplies: AcceptReplies;
  foldStatuses: FoldStatuses;
  hearTimers: HearTimers;
  notePreferences: Preferences['note'];
  noteTemplates: Templates['note'];
  expectInbound: ExpectInbound;
  wake: (partition: number, number: string) => void;
  hearChanges: HearChanges;
  inbound: (partition: number, number: string, at: readonly Date[]) => void;
  /** Publishes a record that cannot be read, as it was, with the reason. */
  keep: (chunk: Chunk, record: IncomingRecord, reason: string) => Promise<void>;
}): HandleChunk {
  const { acceptReplies, foldStatuses, hearTimers, notePreferences, noteTemplates, hearChanges, wake, inbound, keep } =
    deps;
  const { expectInbound } = deps;

  async function read<T>(topic: Pick<Topic<T>, 'decode'>, chunk: Chunk): Promise<Read<T>[]> {
    const events: Read<T>[] = [];
    for (const record of chunk.records) {
      // A tombstone of a compacted topic says nothing.
      if (record.value === null) continue;
      const position = placeOf(chunk, record);
      try {
        events.push({ key: record.key ?? '', event: topic.decode(record.value), position });
      } catch (error) {
        await keep(chunk, record, `undecodable: ${String(error)}`);
      }
    }
    return events;
  }

  return async function handleChunk(chunk, { signal }) {
    switch (chunk.topic) {
      case routingThreads.name: {
        const events = await read(routingThreads, chunk);
        await notePreferences(known(events.map(({ event }) => readBlock(event))));
        return acceptReplies(readThreadNews(events), signal);
      }
      case whatsappMessages.name: {
        const items = (await read(whatsappMessages, chunk)).map(({ event }) => event);
        for (const [number, at] of countedByMeta(items)) inbound(chunk.partition, number, at);
        await hearChanges(readCoexistence(items));
        await notePreferences(known(items.map(readPreference)));
        await expectInbound(known(items.map((item) => readInboundMedia(item, chunk.partition))));
        return { done: Promise.resolve() };
      }
      case whatsappChanges.name:
        await hearChanges(known((await read(whatsappChanges, chunk)).map(({ event }) => readAllowance(event))));
        return { done: Promise.resolve() };
      case templateTemplates.name: {
        const told = await read(templateTemplates, chunk);
        await noteTemplates(known(told.map(({ event: { template } }) => template && templateFromProto(template))));
        return { done: Promise.resolve() };
      }
      case whatsappStatuses.name: {
        const statuses = await read(whatsappStatuses, chunk);
        return foldStatuses(
          statuses.map(({ event, position }) => readStatus(event, position)),
          signal,
        );
      }
      case egressTimers.name: {
        const fired = await read(egressTimers, chunk);
        return hearTimers(
          fired.map(({ key, event, position }) => readFired(event, key, position)),
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

const known = <T>(found: readonly (T | undefined)[]): T[] => found.filter((each) => each !== undefined);

import { ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { routingThreads, sourceCode } from '@switchboard/contracts/topics';
import type { Chunk, HandleChunk, IncomingRecord, SourceTopic } from '@switchboard/kafka';
import type { BotNews, DeliverToBots } from '../../use-cases/bots/deliver-to-bots.js';

export const botSources: readonly SourceTopic[] = [{ topic: routingThreads.name, code: sourceCode(routingThreads) }];

/**
 * Hears what happens in threads and has it delivered to the bots that attend. Chunks are taken at once and are done when
 * all in them is delivered or given up, so that a slow bot holds up nothing but itself.
 */
export function createBotNews(deps: {
  deliver: DeliverToBots;
  keep: (chunk: Chunk, record: IncomingRecord, reason: string) => Promise<void>;
}): HandleChunk {
  return async function hear(chunk, { signal }) {
    const news: BotNews[] = [];
    for (const record of chunk.records) {
      const event = decoded(record);
      if (event) news.push(newsOf(event));
      else await deps.keep(chunk, record, `these bytes are no event of ${chunk.topic}`);
    }
    return { done: deps.deliver(news, signal) };
  };
}

function decoded({ value }: IncomingRecord): ThreadEvent | undefined {
  try {
    return value === null ? undefined : ThreadEvent.decode(value);
  } catch {
    return undefined;
  }
}

export function newsOf(event: ThreadEvent): BotNews {
  const { threadId, sequence, event: what } = event;
  return {
    threadId,
    number: event.phoneNumberId,
    organisationId: event.organisationId,
    botId: event.botId,
    isLast: what?.$case === 'chatHandedOver' || what?.$case === 'chatCompleted',
    eventId: `${threadId}:${sequence}`,
    body: () => JSON.stringify(ThreadEvent.toJSON(withoutRaw(event))),
  };
}

/** What Meta said to the letter may be megabytes, and all of it that means something stands beside it. */
function withoutRaw(event: ThreadEvent): ThreadEvent {
  const { event: what } = event;
  const raw = Buffer.alloc(0);
  if (what?.$case === 'messageAppended') return { ...event, event: { ...what, value: { ...what.value, raw } } };
  if (what?.$case === 'noticeAppended') return { ...event, event: { ...what, value: { ...what.value, raw } } };
  return event;
}

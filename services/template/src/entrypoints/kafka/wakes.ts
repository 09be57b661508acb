import { type CompactedPublisher } from '@switchboard/aggregates';
import { sourceCode, templateWake } from '@switchboard/contracts/topics';
import { type HandleChunk, type SourceTopic } from '@switchboard/kafka';

export const wakeSource: SourceTopic = { topic: templateWake.name, code: sourceCode(templateWake) };

/** Templates changed: their partition's owner publishes the newest state of each. */
export const onWakes =
  (publisher: Pick<CompactedPublisher, 'wake'>): HandleChunk =>
  async ({ partition, records }, { signal }) => {
    const ids = new Set(
      records.flatMap(({ value }) => (value === null ? [] : [templateWake.decode(value).templateId])),
    );
    await publisher.wake(partition, [...ids], signal);
    return { done: Promise.resolve() };
  };

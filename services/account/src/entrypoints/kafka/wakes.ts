import type { CompactedPublisher } from '@switchboard/aggregates';
import { accountWake, sourceCode } from '@switchboard/contracts/topics';
import type { HandleChunk, SourceTopic } from '@switchboard/kafka';

export const wakeSource: SourceTopic = { topic: accountWake.name, code: sourceCode(accountWake) };

/** Something changed: its partition's owner publishes the newest state of it. */
export const onWakes =
  (publishers: {
    readonly number: Pick<CompactedPublisher, 'wake'>;
    readonly brand: Pick<CompactedPublisher, 'wake'>;
    readonly operator: Pick<CompactedPublisher, 'wake'>;
  }): HandleChunk =>
  async ({ partition, records }, { signal }) => {
    const ids = { number: new Set<string>(), brand: new Set<string>(), operator: new Set<string>() };
    for (const { value } of records) {
      if (value === null) continue;
      const { kind, id } = accountWake.decode(value);
      if (kind === 'number' || kind === 'brand' || kind === 'operator') ids[kind].add(id);
    }
    for (const kind of ['number', 'brand', 'operator'] as const)
      if (ids[kind].size > 0) await publishers[kind].wake(partition, [...ids[kind]], signal);
    return { done: Promise.resolve() };
  };

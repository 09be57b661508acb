import { type KafkaClient } from '../client.js';
import { type IncomingRecord } from '../record.js';
import { createHistory } from './history.js';

/** A record and its place in a topic. */
export interface Placed {
  readonly partition: number;
  readonly record: IncomingRecord;
}

export interface LookbackPage {
  /** Newest first. */
  readonly records: readonly Placed[];
  /** Leads to older ones: per partition the offset to stop before. Absent when there are none. */
  readonly next?: Readonly<Record<string, number>>;
}

/** A topic read backwards, for lists that people look at. Not for hot paths: it asks the broker for each page. */
export interface Lookback {
  /** `unavailable` when Kafka is away. */
  readonly page: (
    limit: number,
    before: Readonly<Record<string, number>> | undefined,
    signal: AbortSignal,
  ) => Promise<LookbackPage>;
  /** One record by its place; undefined when the log does not have it any more. */
  readonly at: (partition: number, offset: number, signal: AbortSignal) => Promise<IncomingRecord | undefined>;
  readonly close: () => Promise<void>;
}

export function createLookback(client: KafkaClient, topic: string): Lookback {
  const history = createHistory(client, [topic]);

  async function between(from: ReadonlyMap<number, number>, until: ReadonlyMap<number, number>, signal: AbortSignal) {
    const found: Placed[] = [];
    const slots = [...from].map(([partition, next]) => ({ topic, partition, next }));
    const end = ({ partition }: { partition: number }): number => until.get(partition) ?? 0;
    for await (const { slot, record } of history.read(slots, end, signal)) {
      if (record.offset < end(slot)) found.push({ partition: slot.partition, record });
    }
    return found;
  }

  return {
    async page(limit, before, signal) {
      const [firsts, ends] = await Promise.all([history.firsts(), history.ends()]);
      const first = new Map(firsts.map(({ partition, next }) => [partition, next]));
      const until = new Map(
        ends.map(({ partition, next }) => [partition, Math.min(next, before?.[partition] ?? next)]),
      );
      const from = new Map(
        [...until].map(([partition, end]) => [partition, Math.max(first.get(partition) ?? 0, end - limit)] as const),
      );
      const records = await between(from, until, signal);
      records.sort(
        (a, b) =>
          b.record.timestamp - a.record.timestamp || b.partition - a.partition || b.record.offset - a.record.offset,
      );
      const page = records.slice(0, limit);
      const shown = new Map(until);
      for (const { partition, record } of page)
        shown.set(partition, Math.min(shown.get(partition) ?? Infinity, record.offset));
      const hasMore = [...shown].some(([partition, end]) => end > (first.get(partition) ?? 0));
      return { records: page, ...(hasMore && page.length > 0 && { next: Object.fromEntries(shown) }) };
    },
    async at(partition, offset, signal) {
      const [firsts, ends] = await Promise.all([history.firsts(), history.ends()]);
      const begin = firsts.find((slot) => slot.partition === partition)?.next ?? Infinity;
      const end = ends.find((slot) => slot.partition === partition)?.next ?? 0;
      if (offset < begin || offset >= end) return undefined;
      const found = await between(new Map([[partition, offset]]), new Map([[partition, offset + 1]]), signal);
      return found.find(({ record }) => record.offset === offset)?.record;
    },
    close: history.close,
  };
}

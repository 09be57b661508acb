import type { IncomingRecord, Lookback, OutgoingRecord, Placed } from '@switchboard/kafka';

const PARTITIONS = 3;

/** A topic in memory, read backwards as `packages/kafka` reads one. */
export function createMemoryLookback(): Lookback & { readonly append: (record: OutgoingRecord) => void } {
  const partitions: IncomingRecord[][] = Array.from({ length: PARTITIONS }, () => []);
  let clock = 0;
  return {
    append({ key, value, headers = {} }) {
      const log = partitions[key.length % PARTITIONS] ?? [];
      log.push({ offset: log.length, key, value, headers, timestamp: (clock += 1) });
    },
    page(limit, before) {
      const left = partitions.map((log, partition) => log.slice(0, before?.[partition] ?? log.length));
      const all = left.flatMap((log, partition) => log.map((record): Placed => ({ partition, record })));
      const records = all.sort((a, b) => b.record.timestamp - a.record.timestamp).slice(0, limit);
      const next = left.map((log, partition): [string, number] => {
        const shown = records.filter((each) => each.partition === partition).map(({ record }) => record.offset);
        return [String(partition), Math.min(log.length, ...shown)];
      });
      return Promise.resolve({
        records,
        ...(records.length < all.length && { next: Object.fromEntries(next) }),
      });
    },
    at: (partition, offset) => Promise.resolve(partitions[partition]?.[offset]),
    close: () => Promise.resolve(),
  };
}

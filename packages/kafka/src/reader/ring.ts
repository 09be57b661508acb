export interface RingEntry<T> {
  /** Index of the partition among all that are read. */
  readonly slot: number;
  readonly offset: number;
  readonly item: T;
  readonly bytes: number;
  readonly at: number;
}

/** What was read in the last minutes, in order of arrival, bounded in time and bytes. Entries are numbered for ever. */
export interface Ring<T> {
  readonly push: (entry: RingEntry<T>) => void;
  readonly get: (number: number) => RingEntry<T> | undefined;
  /** Number of the oldest entry, and of the next one to come. */
  readonly first: () => number;
  readonly next: () => number;
  /** From this offset on the ring has everything of a partition. */
  readonly covers: (slot: number) => number;
}

/** `from`: per slot the offset of the first record that will be pushed. */
export function createRing<T>(from: readonly number[], limits: { maxAgeMs: number; maxBytes: number }): Ring<T> {
  const covered = [...from];
  let entries: RingEntry<T>[] = [];
  let dropped = 0;
  let skip = 0;
  let bytes = 0;

  function evict(now: number): void {
    for (let oldest = entries[skip]; oldest; oldest = entries[skip]) {
      if (oldest.at >= now - limits.maxAgeMs && bytes <= limits.maxBytes) break;
      covered[oldest.slot] = oldest.offset + 1;
      bytes -= oldest.bytes;
      skip += 1;
    }
    // Moving what is left costs as much as what was dropped, so each entry is moved about once.
    if (skip > 1_000 && skip > entries.length / 2) {
      entries = entries.slice(skip);
      dropped += skip;
      skip = 0;
    }
  }

  return {
    push(entry) {
      entries.push(entry);
      bytes += entry.bytes;
      evict(entry.at);
    },
    get: (number) => (number < dropped + skip ? undefined : entries[number - dropped]),
    first: () => dropped + skip,
    next: () => dropped + entries.length,
    covers: (slot) => covered[slot] ?? 0,
  };
}

import { type Topic } from '@switchboard/contracts/topics';
import { type Component } from '@switchboard/service-kit';
import { type KafkaClient } from '../client.js';
import { describe } from '../failures.js';
import { type IncomingRecord } from '../record.js';
import { untilItWorks } from '../retry.js';
import { deferred, within } from '../timing.js';
import { createDirect, type Direct, type Fetched, type Slot } from './direct.js';
import { follow } from './follow.js';

export interface TableOptions<T> {
  readonly topic: Pick<Topic<T>, 'name' | 'decode'>;
  /** Rises with each state of a key; a lower one that comes later is dropped. */
  readonly version: (value: T) => number | bigint;
}

/** A compacted topic, whole and up to date, in memory. */
export interface Table<T> extends Component {
  readonly get: (key: string) => T | undefined;
  readonly values: () => Generator<T, void, undefined>;
  readonly size: () => number;
  /** Calls back for each change, also while the table is loaded; `undefined` when the key was deleted. Returns how to end it. */
  readonly onChange: (listener: (key: string, value: T | undefined) => void) => () => void;
}

const CLOSE_MS = 3_000;

/**
 * Reads a compacted topic whole, without a group, and keeps the highest version per key. `start` resolves when the end
 * seen at the start is reached, and waits while Kafka is away or the topic is not there yet.
 */
export function createTable<T>(client: KafkaClient, { topic, version }: TableOptions<T>): Table<T> {
  const { logger } = client;
  const entries = new Map<string, { readonly value: T; readonly version: number | bigint }>();
  const listeners = new Set<(key: string, value: T | undefined) => void>();
  const stopping = new AbortController();
  let direct: Direct | undefined;
  let following: Promise<void> = Promise.resolve();

  function apply({ key, value: bytes, offset }: IncomingRecord): void {
    if (key === null) return;
    if (bytes === null) {
      if (entries.delete(key)) changed(key, undefined);
      return;
    }
    try {
      const value = topic.decode(bytes);
      const entry = { value, version: version(value) };
      const known = entries.get(key);
      if (known && known.version >= entry.version) return;
      entries.set(key, entry);
      changed(key, value);
    } catch (error) {
      logger.error(
        { topic: topic.name, key, offset, reason: describe(error) },
        'a record of a table cannot be read; it is left out',
      );
    }
  }

  function changed(key: string, value: T | undefined): void {
    for (const listener of listeners) listener(key, value);
  }

  async function open(): Promise<{ direct: Direct; slots: Slot[]; ends: Slot[] }> {
    const opened = createDirect(client, [topic.name]);
    direct = opened;
    try {
      await opened.connect();
      return { direct: opened, slots: await opened.slots('first'), ends: await opened.slots('end') };
    } catch (error) {
      await within(CLOSE_MS, opened.close(), undefined).catch(() => undefined);
      throw error;
    }
  }

  return {
    name: `table ${topic.name}`,
    get: (key) => entries.get(key)?.value,
    *values() {
      for (const { value } of entries.values()) yield value;
    },
    size: () => entries.size,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      const {
        direct: reader,
        slots,
        ends,
      } = await untilItWorks(open, { what: `table ${topic.name}`, logger, signal: stopping.signal });
      const loaded = deferred();
      const check = () => {
        if (slots.every(({ next }, index) => next >= (ends[index]?.next ?? 0))) loaded.resolve();
      };
      following = follow({
        direct: reader,
        slots,
        logger,
        signal: stopping.signal,
        onFetched(fetched: readonly Fetched[]) {
          for (const { records } of fetched) records.forEach(apply);
          check();
        },
        onGap(slot, from) {
          logger.error({ ...slot, from }, 'a table is read again from the first offset there is');
        },
      });
      check();
      await Promise.race([loaded.promise, following]);
    },
    async stop() {
      stopping.abort();
      await within(CLOSE_MS, Promise.all([following, direct?.close()]), undefined).catch(() => undefined);
    },
  };
}

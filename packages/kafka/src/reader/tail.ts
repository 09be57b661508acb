import { type Topic } from '@switchboard/contracts/topics';
import { type Component } from '@switchboard/service-kit';
import { type KafkaClient } from '../client.js';
import { type IncomingRecord } from '../record.js';
import { untilItWorks } from '../retry.js';
import { deferred, pause, within } from '../timing.js';
import { type Cursor, decodeCursor, encodeCursor, malformedCursor } from './cursor.js';
import { createDirect, type Direct, type Fetched, type Slot } from './direct.js';
import { follow } from './follow.js';
import { createHistory, Gone } from './history.js';
import { createRing, type Ring } from './ring.js';

type Source = Pick<Topic<unknown>, 'name' | 'code' | 'generation'>;

export interface TailOptions<T> {
  readonly topics: readonly Source[];
  /**
   * What subscribers get of a record; undefined for what concerns none of them. Called once for each record as it is
   * read, and again for those that are read from the broker for a cursor older than what is kept.
   */
  readonly select: (record: IncomingRecord, topic: string) => T | undefined;
  /** How long, and how much of it, what was read is kept in memory. 5 minutes, 64 MB. */
  readonly ringMs?: number;
  readonly ringBytes?: number;
}

export type TailEvent<T> =
  | { readonly kind: 'item'; readonly item: T; readonly cursor: string }
  /** Nothing for this subscriber for a while; the cursor has moved on all the same. */
  | { readonly kind: 'idle'; readonly cursor: string }
  /** What the cursor stood for is gone: load everything anew. What follows comes after this cursor. */
  | { readonly kind: 'reset'; readonly cursor: string };

export interface SubscribeOptions<T> {
  /** A cursor of an earlier subscription, to this process or another, or `latest`. */
  readonly from: string;
  readonly filter?: (item: T) => boolean;
  readonly signal: AbortSignal;
  /** After how long without an item an `idle` event is given. 15 s. */
  readonly idleMs?: number;
}

/** The live end of some topics, for those who watch. */
export interface Tail<T> extends Component {
  /** Where the tail stands now: a subscription from here misses nothing that is published later. */
  readonly cursor: () => string;
  /**
   * Everything after the cursor, per partition in order, until the signal aborts. Whoever reads slowly is not buffered
   * for: they fall back to what is kept, then to the broker. Rejects with `invalid` for what is no cursor.
   */
  readonly subscribe: (options: SubscribeOptions<T>) => AsyncGenerator<TailEvent<T>, void, undefined>;
}

const CLOSE_MS = 3_000;

/**
 * Reads all partitions of the topics by an assignment of its own and commits nothing. `start` resolves when it has
 * what was said in the last `ringMs`, and waits while Kafka is away.
 */
export function createTail<T>(client: KafkaClient, options: TailOptions<T>): Tail<T> {
  const { topics, select, ringMs = 300_000, ringBytes = 64 * 1_048_576 } = options;
  const names = topics.map(({ name }) => name);
  const history = createHistory(client, names);
  const stopping = new AbortController();
  let live: Direct | undefined;
  let following: Promise<void> = Promise.resolve();
  let slots: Slot[] = [];
  let ring: Ring<T> = createRing<T>([], { maxAgeMs: ringMs, maxBytes: ringBytes });
  let news = deferred();

  const positions = (): number[] => slots.map(({ next }) => next);

  function keep(fetched: readonly Fetched[]): void {
    let isNews = false;
    for (const { slot, records } of fetched) {
      const index = slots.indexOf(slot);
      for (const record of records) {
        const item = select(record, slot.topic);
        if (item === undefined) continue;
        isNews = true;
        ring.push({
          slot: index,
          offset: record.offset,
          item,
          bytes: record.value?.byteLength ?? 0,
          at: record.timestamp,
        });
      }
    }
    // An empty fetch wakes nobody: whoever waits for a while without an item is told so in time.
    if (!isNews) return;
    news.resolve();
    news = deferred();
  }

  async function open(): Promise<{ direct: Direct; ends: Slot[] }> {
    const direct = createDirect(client, names);
    live = direct;
    try {
      await direct.connect();
      const ends = await direct.slots('end');
      const since = await direct.slots({ sinceMs: Date.now() - ringMs });
      // Kafka answers -1 where nothing is so young.
      slots = ends.map((slot, index) => ({ ...slot, next: since[index]?.next ?? -1 }));
      for (const [index, slot] of slots.entries()) if (slot.next < 0) slot.next = ends[index]?.next ?? 0;
      ring = createRing<T>(positions(), { maxAgeMs: ringMs, maxBytes: ringBytes });
      return { direct, ends };
    } catch (error) {
      await within(CLOSE_MS, direct.close(), undefined).catch(() => undefined);
      throw error;
    }
  }

  function toCursor(offsets: readonly number[]): string {
    const perTopic = (name: string) => offsets.filter((_, index) => slots[index]?.topic === name);
    return encodeCursor({
      topics: topics.map(({ name, code, generation }) => ({ code, generation, offsets: perTopic(name) })),
    });
  }

  /** Undefined when the cursor is of another time: other topics, another generation, offsets that do not exist. */
  async function fromCursor({ topics: given }: Cursor): Promise<number[] | undefined> {
    const isSame = topics.every(
      ({ code, generation }, index) => given[index]?.code === code && given[index].generation === generation,
    );
    const offsets = given.flatMap((topic) => topic.offsets);
    if (!isSame || given.length !== topics.length || offsets.length !== slots.length) return undefined;
    const isBefore = (ends: readonly Slot[]) => offsets.every((offset, index) => offset <= (ends[index]?.next ?? 0));
    if (isBefore(slots)) return offsets;
    // Another process may be a moment ahead of us.
    return isBefore(await history.ends()) ? offsets : undefined;
  }

  async function* subscribe({
    from,
    filter = () => true,
    signal,
    idleMs = 15_000,
  }: SubscribeOptions<T>): AsyncGenerator<TailEvent<T>, void, undefined> {
    const until = AbortSignal.any([signal, stopping.signal]);
    let at = from === 'latest' ? positions() : await fromCursor(readCursor(from));
    let number = ring.first();
    if (!at) {
      at = positions();
      yield { kind: 'reset', cursor: toCursor(at) };
    }
    const isOver = () => until.aborted;
    let quietSince = Date.now();
    const pass = function* (slot: number, offset: number, item: T): Generator<TailEvent<T>> {
      if (at) at[slot] = offset + 1;
      if (!at || !filter(item)) return;
      quietSince = Date.now();
      yield { kind: 'item', item, cursor: toCursor(at) };
    };

    while (!isOver()) {
      const behind = slots.flatMap((slot, index) => {
        const next = at?.[index] ?? 0;
        return next < ring.covers(index) ? [{ slot: { ...slot, next }, index }] : [];
      });
      if (behind.length > 0) {
        const indexOf = (slot: Slot) => behind.find((each) => each.slot === slot)?.index ?? 0;
        const old = behind.map(({ slot }) => slot);
        try {
          for await (const { slot, record } of history.read(old, (each) => ring.covers(indexOf(each)), until)) {
            const index = indexOf(slot);
            const item = select(record, slot.topic);
            if (item !== undefined && record.offset >= (at[index] ?? 0)) yield* pass(index, record.offset, item);
          }
          for (const { slot, index } of behind) at[index] = Math.max(at[index] ?? 0, slot.next);
        } catch (error) {
          if (!(error instanceof Gone)) throw error;
          at = positions();
          yield { kind: 'reset', cursor: toCursor(at) };
        }
        number = ring.first();
        continue;
      }
      for (let entry = ring.get(number); entry && !isOver(); entry = ring.get(number)) {
        number += 1;
        if (entry.offset >= (at[entry.slot] ?? 0)) yield* pass(entry.slot, entry.offset, entry.item);
      }
      // Evicted while the subscriber was busy: what it has not seen is at the broker.
      if (number < ring.first()) {
        number = ring.first();
        continue;
      }
      at = positions().map((offset, slot) => Math.max(offset, at?.[slot] ?? 0));
      // Items for others count as quiet.
      const left = Math.max(0, quietSince + idleMs - Date.now());
      if ((await waitFor(news.promise, left, until)) !== 'idle') continue;
      quietSince = Date.now();
      yield { kind: 'idle', cursor: toCursor(at) };
    }
  }

  return {
    name: `tail ${names.join(', ')}`,
    cursor: () => toCursor(positions()),
    subscribe,
    async start() {
      const { direct, ends } = await untilItWorks(open, {
        what: `tail ${names.join(', ')}`,
        logger: client.logger,
        signal: stopping.signal,
      });
      const loaded = deferred();
      const check = () => {
        if (slots.every(({ next }, index) => next >= (ends[index]?.next ?? 0))) loaded.resolve();
      };
      following = follow({
        direct,
        slots,
        logger: client.logger,
        signal: stopping.signal,
        onFetched(fetched) {
          keep(fetched);
          check();
        },
        onGap: (slot, from) => {
          client.logger.error({ ...slot, from }, 'the tail lost its place');
        },
      });
      check();
      await Promise.race([loaded.promise, following]);
    },
    async stop() {
      stopping.abort();
      await within(CLOSE_MS, Promise.all([following, live?.close(), history.close()]), undefined).catch(
        () => undefined,
      );
    },
  };
}

function readCursor(text: string): Cursor {
  const cursor = decodeCursor(text);
  if (!cursor) throw malformedCursor();
  return cursor;
}

/** `news` or `idle`, or undefined when the signal aborts first. */
async function waitFor(news: Promise<void>, idleMs: number, signal: AbortSignal): Promise<'news' | 'idle' | undefined> {
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  try {
    return await Promise.race([
      news.then(() => 'news' as const),
      pause(idleMs, ended).then(() => (signal.aborted ? undefined : 'idle')),
    ]);
  } finally {
    over.abort();
  }
}

import { type KafkaClient } from '../client.js';
import { isPassing, unreachable } from '../failures.js';
import { type IncomingRecord } from '../record.js';
import { within } from '../timing.js';
import { createDirect, type Direct, outOfRange, type Slot } from './direct.js';

/** What the broker still has, for those who come late. Connected when first asked. */
export interface History {
  readonly ends: () => Promise<Slot[]>;
  readonly firsts: () => Promise<Slot[]>;
  /**
   * Records of these slots, each up to the offset that `until` says at the end; slots are moved on. `unavailable` when
   * Kafka is away; `Gone` when a slot begins before the log does.
   */
  readonly read: (
    slots: readonly Slot[],
    until: (slot: Slot) => number,
    signal: AbortSignal,
  ) => AsyncGenerator<{ readonly slot: Slot; readonly record: IncomingRecord }, void, undefined>;
  readonly close: () => Promise<void>;
}

/** What was asked for is not in the log any more. */
export class Gone extends Error {
  override readonly name = 'Gone';
}

const CLOSE_MS = 3_000;
const MAX_WAIT_MS = 100;

export function createHistory(client: KafkaClient, topics: readonly string[]): History {
  let connection: Promise<Direct> | undefined;

  async function connect(): Promise<Direct> {
    const direct = createDirect(client, topics);
    await direct.connect();
    return direct;
  }

  async function close(): Promise<void> {
    const old = connection;
    connection = undefined;
    const closed = old?.then((direct) => direct.close()) ?? Promise.resolve();
    await within(CLOSE_MS, closed, undefined).catch(() => undefined);
  }

  /** The connection may be what failed: the next who asks gets another. */
  async function asking<T>(ask: (direct: Direct) => Promise<T>): Promise<T> {
    try {
      return await ask(await (connection ??= connect()));
    } catch (error) {
      if (outOfRange(error)) throw new Gone('older than the log', { cause: error });
      await close();
      throw isPassing(error) ? unreachable(error) : error;
    }
  }

  return {
    ends: () => asking((direct) => direct.slots('end')),
    firsts: () => asking((direct) => direct.slots('first')),
    async *read(slots, until, signal) {
      const isOver = () => signal.aborted;
      for (let open = slots.filter((slot) => slot.next < until(slot)); open.length > 0 && !isOver();) {
        const fetched = await asking(async (direct) => {
          const leaders = [...direct.leaders(open)];
          return Promise.all(leaders.map(([nodeId, led]) => direct.fetch(nodeId, led, MAX_WAIT_MS)));
        });
        for (const { slot, records, next } of fetched.flat()) {
          for (const record of records) yield { slot, record };
          slot.next = next;
        }
        open = open.filter((slot) => slot.next < until(slot));
      }
    },
    close,
  };
}

import type { Applied, LogInput, Position } from '@switchboard/aggregates';
import { addressOf } from '../domain/customer.js';
import type { Sighting } from '../domain/identify.js';
import { spanAt, threadIdOf } from '../domain/spans.js';
import type { Received, ThreadInput } from '../domain/thread-inputs.js';
import { withAbsorbed } from './absorbed.js';
import type { NumberStore, TellJoins, ThreadIndex, Threads, Transcript } from './ports.js';
import type { ResolveCustomers } from './resolve-customers.js';

/** An item of `whatsapp.messages`, read, before it is known whose it is. */
export interface Incoming {
  readonly position: Position;
  readonly sighting: Sighting;
  readonly received: Omit<Received, 'kind' | 'whose' | 'address' | 'seenBefore'>;
}

export type ReceiveMessages = ReturnType<typeof createReceiveMessages>;

/** Later than this behind its own time, an item may be older than what a thread's ring knows: the transcript is asked. */
const LATE_MS = 10 * 60_000;

/**
 * A stretch of a partition's messages: customers are found, threads folded, joins told (RX-4, RX-6, CH-1). Reading it
 * again, cut anywhere, has no second effect.
 */
export function createReceiveMessages(deps: {
  threads: Threads;
  numbers: NumberStore;
  transcript: Pick<Transcript, 'has'>;
  index: Pick<ThreadIndex, 'absorbedBy'>;
  resolveCustomers: ResolveCustomers;
  tellJoins: TellJoins;
  observe: { readonly nobody: (items: number) => void };
}) {
  const lastDone = new Map<number, Promise<unknown>>();

  /** Those of the items that their threads have, or a thread that was joined into theirs since. */
  async function knownOf(items: readonly { threadId: string; itemId: string }[]): Promise<string[]> {
    if (items.length === 0) return [];
    const families = await withAbsorbed(
      deps.index,
      items.map(({ threadId }) => threadId),
    );
    const asked = items.map((item) => ({ item, places: families.get(item.threadId) ?? [] }));
    const known = await deps.transcript.has(
      asked.flatMap(({ item, places }) => places.map((threadId) => ({ ...item, threadId }))),
    );
    const isKnown = (threadId: string, itemId: string): boolean => known.has(`${threadId} ${itemId}`);
    return asked
      .filter(({ item, places }) => places.some((threadId) => isKnown(threadId, item.itemId)))
      .map(({ item }) => `${item.threadId} ${item.itemId}`);
  }

  return async function receiveMessages(items: readonly Incoming[], signal: AbortSignal): Promise<Applied> {
    const [first] = items;
    if (!first) return { done: Promise.resolve() };
    const [resolved, numbers] = await Promise.all([
      deps.resolveCustomers(items.map(({ sighting }) => sighting)),
      deps.numbers.find([...new Set(items.map(({ sighting }) => sighting.number))]),
    ]);
    const spanOf = (number: string, offset: number) => spanAt(numbers.get(number), offset);

    const placed = items.flatMap(({ position, sighting, received }, index) => {
      const customer = resolved.customers[index];
      if (!customer) return [];
      const { number, offset } = sighting;
      const { connection, owner } = spanOf(number, offset);
      const threadId = threadIdOf(number, connection, customer.id);
      const whose = { number, connection, customer: customer.id, owner };
      return [{ position, threadId, received, whose, address: addressOf(customer) }];
    });
    deps.observe.nobody(items.length - placed.length);

    const { partition } = first.position;
    const late = placed.filter(({ received }) => received.receivedAt.getTime() - received.at.getTime() > LATE_MS);
    // What was projected last must be there before the transcript is asked.
    if (late.length > 0) await lastDone.get(partition)?.catch(() => undefined);
    const known = new Set(await knownOf(late.map(({ threadId, received: { itemId } }) => ({ threadId, itemId }))));

    const inputs = placed.map(({ position, threadId, received, whose, address }): LogInput<ThreadInput> => {
      const item = `${threadId} ${received.itemId}`;
      const seenBefore = known.has(item);
      if (late.length > 0) known.add(item);
      return { aggregateId: threadId, position, input: { kind: 'received', whose, address, seenBefore, ...received } };
    });
    const joins = resolved.joins.map(({ eventId, ended, survivor, number, at }) => {
      const { connection } = spanOf(number, Infinity);
      return { eventId, ended, survivor, number, connection, undone: false, at };
    });
    const applied = inputs.length > 0 ? await deps.threads.apply(inputs, signal) : { done: Promise.resolve() };
    const done = Promise.all([applied.done, joins.length > 0 ? deps.tellJoins(joins) : undefined]).then(
      () => undefined,
    );
    done.catch(() => undefined);
    lastDone.set(partition, done);
    return { done };
  };
}

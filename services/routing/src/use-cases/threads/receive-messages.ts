import type { Applied, LogInput, Position } from '@switchboard/aggregates';
import { addressOf } from '../../domain/customer.js';
import type { Sighting } from '../../domain/identify.js';
import { spanAt, threadIdOf } from '../../domain/spans.js';
import type { Received, ThreadInput } from '../../domain/thread-inputs.js';
import type { LookAround } from './around.js';
import type { NumberStore, Scan, TellJoins, Threads, Transcript } from '../ports.js';
import type { ResolveCustomers } from '../customers/resolve-customers.js';

/** An item of `whatsapp.messages`, read, before it is known whose it is. */
export interface Incoming {
  readonly position: Position;
  readonly sighting: Sighting;
  readonly received: Omit<Received, 'kind' | 'whose' | 'address' | 'hits' | 'seenBefore'>;
}

export type ReceiveMessages = ReturnType<typeof createReceiveMessages>;

/** Later than this behind its own time, an item may be older than what a thread's ring knows: the transcript is asked. */
const LATE_MS = 10 * 60_000;
const isLate = ({ receivedAt, at }: Incoming['received']): boolean => receivedAt.getTime() - at.getTime() > LATE_MS;

/**
 * A stretch of a partition's messages: customers are found, threads folded, joins told (RX-4, RX-6, CH-1). Reading it
 * again, cut anywhere, has no second effect.
 */
export function createReceiveMessages(deps: {
  threads: Threads;
  numbers: NumberStore;
  transcript: Pick<Transcript, 'has'>;
  resolveCustomers: ResolveCustomers;
  tellJoins: TellJoins;
  lookAround: LookAround;
  scan: Scan;
  observe: { readonly nobody: (items: number) => void };
}) {
  const lastDone = new Map<number, Promise<unknown>>();

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
      // What came under names that were another's then stands in that one's thread.
      const places = [threadId, ...customer.absorbed.map((id) => threadIdOf(number, connection, id))];
      return [{ position, threadId, places, received, whose, address: addressOf(customer) }];
    });
    deps.observe.nobody(items.length - placed.length);

    const { partition } = first.position;
    const doubtful = placed.filter(({ received, places }) => isLate(received) || places.length > 1);
    // What was projected last must be there before the transcript is asked.
    if (doubtful.length > 0) await lastDone.get(partition)?.catch(() => undefined);
    const known = new Set(
      await deps.transcript.has(
        doubtful.flatMap(({ places, received: { itemId } }) => places.map((threadId) => ({ threadId, itemId }))),
      ),
    );

    const around = await deps.lookAround(placed.map(({ whose }) => whose));
    const inputs = placed.map(({ position, threadId, places, received, whose, address }): LogInput<ThreadInput> => {
      const holds = around(whose);
      const { profanity } = holds.flow;
      const hits = profanity && isWritten(received) ? deps.scan(profanity, received.text) : [];
      const seenBefore = places.some((place) => known.has(`${place} ${received.itemId}`));
      known.add(`${threadId} ${received.itemId}`);
      const input = { kind: 'received', whose, address, hits, seenBefore, ...received, ...holds } as const;
      return { aggregateId: threadId, position, input };
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

/** Only what customers write themselves is looked at for words, or change what they wrote into. */
const isWritten = ({ what, author, text, groupId }: Incoming['received']): boolean =>
  (what === 'message' || (what === 'edit' && author === 'customer')) && text !== '' && groupId === '';

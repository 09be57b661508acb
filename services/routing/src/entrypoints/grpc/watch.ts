import { MessageEvent } from '@switchboard/contracts/egress/v1/events';
import { type WatchChatsRequest, type WatchChatsResponse } from '@switchboard/contracts/routing/v1/chat_service';
import { ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { routingThreads } from '@switchboard/contracts/topics';
import { Failure } from '@switchboard/errors';
import type { Call } from '@switchboard/grpc';
import type { IncomingRecord, Tail } from '@switchboard/kafka';
import { problemOf } from '../kafka/message-news.js';
import { anIdOrNone, aNumber, demand, organisationOf } from './requests.js';

/** A record that somebody may watch: whose it is stands in its headers, so most are never decoded. */
export interface Watched {
  readonly org: string;
  readonly number: string;
  readonly change: () => WatchChatsResponse['change'];
}

export type Watch = (request: WatchChatsRequest, call: Call) => AsyncGenerator<WatchChatsResponse, void, undefined>;

/** What watchers get of a record; undefined for what is nobody's. */
export function watchedOf(record: IncomingRecord, topic: string): Watched | undefined {
  const { value, key, headers } = record;
  const { org } = headers;
  if (value === null || org === undefined) return undefined;
  let decoded: WatchChatsResponse['change'];
  return {
    org,
    number: key ?? '',
    change: () => (decoded ??= topic === routingThreads.name ? threadChange(value) : messageChange(value)),
  };
}

const threadChange = (value: Uint8Array): WatchChatsResponse['change'] => ({
  $case: 'threadEvent',
  value: ThreadEvent.decode(value),
});

function messageChange(value: Uint8Array): WatchChatsResponse['change'] {
  const event = MessageEvent.decode(value);
  return {
    $case: 'messageProgress',
    value: {
      messageId: event.messageId,
      threadId: event.threadId,
      whatsappMessageId: event.whatsappMessageId,
      // Egress and routing number the states alike.
      deliveryState: event.state,
      occurredAt: event.occurredAt,
      sequence: event.sequence,
      troubleCode: problemOf(event).code,
    },
  };
}

/** Two topics of many partitions, with room. */
const LONGEST_CURSOR = 8_192;

export const aCursor = (field: string, cursor: string) =>
  cursor.length <= LONGEST_CURSOR
    ? undefined
    : { field, description: 'must come from an earlier response; begin without one' };

/** What is no cursor is said of the field it came in. */
export async function* withField<T>(events: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  try {
    yield* events;
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'kafka.cursor-malformed') throw error;
    demand({ field: 'cursor', description: 'must come from an earlier response; begin without one' });
  }
}

export const createWatch = (tail: Pick<Tail<Watched>, 'subscribe'>): Watch =>
  async function* watch(request, { caller, signal }) {
    const { cursor, organisationId, phoneNumberId: number, heartbeatMs } = request;
    demand(
      aCursor('cursor', cursor),
      anIdOrNone('organisation_id', organisationId),
      number === '' ? undefined : aNumber('phone_number_id', number),
      heartbeatMs === 0 || (heartbeatMs >= 1_000 && heartbeatMs <= 60_000)
        ? undefined
        : { field: 'heartbeat_ms', description: 'must be 1,000 to 60,000, or 0 for 15,000; correct it' },
    );
    const org = organisationOf(caller.organisationId, organisationId);
    const events = tail.subscribe({
      from: cursor === '' ? 'latest' : cursor,
      filter: (item) => (org === '' || item.org === org) && (number === '' || item.number === number),
      signal,
      idleMs: heartbeatMs || 15_000,
    });
    for await (const event of withField(events)) {
      switch (event.kind) {
        case 'item':
          yield { cursor: event.cursor, change: event.item.change() };
          break;
        case 'idle':
          yield { cursor: event.cursor, change: undefined };
          break;
        case 'reset': {
          const reason = 'the cursor is older than the log; read the lists anew';
          yield { cursor: event.cursor, change: { $case: 'reset', value: { reason } } };
        }
      }
    }
  };

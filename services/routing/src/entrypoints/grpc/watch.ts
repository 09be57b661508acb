import { MessageEvent } from '@switchboard/contracts/egress/v1/events';
import { type WatchChatsRequest, type WatchChatsResponse } from '@switchboard/contracts/routing/v1/chat_service';
import { ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { routingThreads } from '@switchboard/contracts/topics';
import type { Call } from '@switchboard/grpc';
import { type IncomingRecord, type Tail, watch as watchTail, watchProblems } from '@switchboard/kafka';
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

export const createWatch = (tail: Pick<Tail<Watched>, 'subscribe'>): Watch =>
  async function* watch(request, { caller, signal }) {
    const { organisationId, phoneNumberId: number } = request;
    demand(
      ...watchProblems(request),
      anIdOrNone('organisation_id', organisationId),
      number === '' ? undefined : aNumber('phone_number_id', number),
    );
    const org = organisationOf(caller.organisationId, organisationId);
    yield* watchTail(tail, request, {
      filter: (item) => (org === '' || item.org === org) && (number === '' || item.number === number),
      changeOf: (item) => item.change(),
      signal,
      refusalCode: 'routing.invalid-request',
    });
  };

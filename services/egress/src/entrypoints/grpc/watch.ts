import { MessageEvent } from '@switchboard/contracts/egress/v1/events';
import { type WatchRequest, type WatchResponse } from '@switchboard/contracts/egress/v1/message_service';
import { type Call } from '@switchboard/grpc';
import { type IncomingRecord, type Tail, watch as watchTail } from '@switchboard/kafka';
import { watchIsSound } from './requests.js';

/** A record that somebody may watch: whose it is stands in its headers, so most are never decoded. */
export interface Watched {
  readonly org: string;
  readonly number: string;
  readonly event: () => MessageEvent;
}

/** What watchers get of a record; undefined for what is nobody's. */
export function watchedOf({ value, key, headers }: Pick<IncomingRecord, 'value' | 'key' | 'headers'>) {
  const { org } = headers;
  if (value === null || org === undefined) return undefined;
  let decoded: MessageEvent | undefined;
  return { org, number: key ?? '', event: () => (decoded ??= MessageEvent.decode(value)) };
}

/** Streams what becomes of messages. */
export const createWatch = (tail: Pick<Tail<Watched>, 'subscribe'>) =>
  async function* watch(
    request: WatchRequest,
    { caller, signal }: Call,
  ): AsyncGenerator<WatchResponse, void, undefined> {
    const org = watchIsSound(request, caller.organisationId);
    const { phoneNumberId: number } = request;
    yield* watchTail(tail, request, {
      filter: (item) => (org === '' || item.org === org) && (number === '' || item.number === number),
      changeOf: (item) => ({ $case: 'event', value: item.event() }) as const,
      signal,
      refusalCode: 'egress.bad-request',
    });
  };

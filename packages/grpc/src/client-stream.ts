import type { handleClientStreamingCall } from '@grpc/grpc-js';
import { Failure } from '@switchboard/errors';
import {
  admittedAs,
  type Call,
  contextOf,
  lifetime,
  noteFailure,
  once,
  serverStops,
  tooLate,
  unlessAborted,
} from './calls.js';
import { messageTooLarge, tooLarge } from './limits.js';
import { toStatus } from './status.js';

/**
 * An async function of a stream of requests as a handler, with back-pressure: a request is read when it is asked for. The
 * function may answer or throw before their end. Reading throws `unavailable` when the caller gives up, its deadline passes
 * or the server stops.
 */
export function clientStream<Request, Response>(
  handler: (requests: AsyncIterable<Request>, call: Call) => Promise<Response>,
): handleClientStreamingCall<Request, Response> {
  return (call, callback) => {
    const { stopping } = admittedAs(call);
    const { signal, release } = lifetime(call, Infinity, stopping);
    const cutShort = (): Failure =>
      stopping.aborted
        ? serverStops()
        : new Failure('unavailable', 'grpc.given-up', 'the caller gave up, or was late', { retryAfterMs: 0 });

    async function* requests(): AsyncGenerator<Request, void, undefined> {
      // What is not read is not destroyed either: the answer goes out on the same stream.
      const iterator = (call as unknown as NodeJS.ReadableStream & { iterator: Iterate<Request> }).iterator({
        destroyOnReturn: false,
      });
      for (;;) {
        const next = await unlessAborted(iterator.next(), signal);
        if (!next) throw cutShort();
        if (next.done === true) return;
        if ((next.value as unknown) === tooLarge) throw messageTooLarge(call.getPath());
        yield next.value;
      }
    }

    const answer = once((error: unknown, response?: Response) => {
      release();
      if (error === undefined) {
        callback(null, response);
        return;
      }
      noteFailure(call, error);
      callback(signal.aborted && !stopping.aborted ? tooLate : toStatus(error));
      // What the caller still sends is read and dropped, or it would wait for room and not see the answer.
      call.resume();
    });
    void (async () => handler(requests(), contextOf(call, signal)))().then((response) => {
      answer(undefined, response);
    }, answer);
  };
}

type Iterate<T> = (options: { readonly destroyOnReturn: boolean }) => AsyncIterator<T, undefined>;

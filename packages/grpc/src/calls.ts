import { Failure } from '@switchboard/errors';
import { type handleServerStreamingCall, type handleUnaryCall, type Metadata, status } from '@grpc/grpc-js';
import { toStatus } from './status.js';
import type { Caller } from './tokens.js';

/** What a handler knows of the call it answers. */
export interface Call {
  readonly caller: Caller;
  readonly metadata: Metadata;
  /**
   * Aborts when the caller gives up or its deadline passes; of a stream also as soon as the server stops, of a unary call
   * when it is not answered within the server's drain.
   */
  readonly signal: AbortSignal;
}

/** A unary call without a deadline of its own is answered, or ended, within this. */
const LONGEST_UNARY_MS = 30_000;

/** What unary and streaming calls have in common. */
export interface AnyCall {
  readonly metadata: Metadata;
  readonly getDeadline: () => Date | number;
  readonly once: (event: 'cancelled', listener: () => void) => unknown;
}

interface Admitted {
  readonly caller: Caller;
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal;
}

const admitted = new WeakMap<object, Admitted>();
const failures = new WeakMap<object, unknown>();

/** Remembers who makes a call; for the server. */
export const admit = (call: object, as: Admitted): void => void admitted.set(call, as);

/** Remembers what was thrown, for the server's log. */
export const noteFailure = (call: object, error: unknown): void => void failures.set(call, error);

/** What a handler threw, for the server's log; undefined when it answered. */
export const failureOf = (call: object): unknown => failures.get(call);

/** An async function as a unary handler: what it throws becomes a status with details. */
export function unary<Request, Response>(
  handler: (request: Request, call: Call) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const { signal, release } = lifetime(call, LONGEST_UNARY_MS);
    const answer = once((error: unknown, response?: Response) => {
      release();
      if (error === undefined) {
        callback(null, response);
        return;
      }
      noteFailure(call, error);
      callback(signal.aborted && !(error instanceof Failure) ? tooLate : toStatus(error));
    });
    signal.addEventListener('abort', () => {
      answer(new Error('the call was given up'));
    });
    // Inside an async function, so that what it throws before its first await is a status too and not the end of the process.
    void (async () => handler(call.request, contextOf(call, signal)))().then((response) => {
      answer(undefined, response);
    }, answer);
  };
}

export const tooLate = { code: status.DEADLINE_EXCEEDED, details: 'the call was not answered in time' };

/**
 * An async iteration as a streaming handler, with back-pressure. It is returned from, and not waited for, when the caller
 * gives up or the server stops; then the caller is told `unavailable` (`grpc.stopping`).
 */
export function serverStream<Request, Response>(
  handler: (request: Request, call: Call) => AsyncIterable<Response>,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    const { stopping } = admittedAs(call);
    const { signal, release } = lifetime(call, Infinity, stopping);
    /** Why it ended before its end: the caller has gone and hears nothing, or the server stops, or it was too late. */
    const cutShort = (): void => {
      if (call.cancelled) call.end();
      else call.emit('error', stopping.aborted ? toStatus(serverStops()) : tooLate);
    };
    void (async () => {
      let iterator: AsyncIterator<Response> | undefined;
      try {
        iterator = handler(call.request, contextOf(call, signal))[Symbol.asyncIterator]();
        for (;;) {
          const next = await unlessAborted(iterator.next(), signal);
          if (signal.aborted || !next || next.done) break;
          if (!call.write(next.value)) await drained(call, signal);
        }
        if (signal.aborted) cutShort();
        else call.end();
      } catch (error) {
        if (signal.aborted) cutShort();
        else {
          noteFailure(call, error);
          call.emit('error', toStatus(error));
        }
      } finally {
        release();
        // An iterator that waits for something else than the signal comes back here late or never.
        void iterator?.return?.().then(undefined, () => undefined);
      }
    })();
  };
}

export const serverStops = (): Failure =>
  new Failure('unavailable', 'grpc.stopping', 'this server stops; call again, another one answers');

/** What the promise resolves to; undefined when the signal aborts first. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) {
    promise.catch(() => undefined);
    return Promise.resolve(undefined);
  }
  // Not a race with one promise for all turns: it would keep something of each for as long as the stream lasts.
  return new Promise((resolve, reject) => {
    const gone = (): void => {
      resolve(undefined);
    };
    signal.addEventListener('abort', gone);
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', gone);
    });
  });
}

export function admittedAs(call: object): Admitted {
  const found = admitted.get(call);
  if (!found) throw new Error('a handler was reached without a caller: register it with grpcServer');
  return found;
}

export const contextOf = (call: AnyCall, signal: AbortSignal): Call => {
  const { caller } = admittedAs(call);
  return { caller, metadata: call.metadata, signal };
};

/** A signal that aborts with the call, its deadline, after `longestMs`, or with another. */
export function lifetime(
  call: AnyCall,
  longestMs: number,
  stopping?: AbortSignal,
): { signal: AbortSignal; release: () => void } {
  const left = Number(call.getDeadline()) - Date.now();
  const ms = Math.min(left, longestMs);
  const controller = new AbortController();
  let isOver = false;
  // gRPC says `cancelled` after every call, also when it was answered.
  const abort = (): void => {
    if (!isOver) controller.abort();
  };
  call.once('cancelled', abort);
  if (stopping?.aborted) abort();
  stopping?.addEventListener('abort', abort);
  const timer = Number.isFinite(ms) ? setTimeout(abort, Math.max(0, ms)) : undefined;
  return {
    signal: controller.signal,
    release: () => {
      isOver = true;
      clearTimeout(timer);
      stopping?.removeEventListener('abort', abort);
    },
  };
}

function drained(call: NodeJS.EventEmitter, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      call.removeListener('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    call.once('drain', done);
    signal.addEventListener('abort', done);
  });
}

export function once<A extends unknown[]>(run: (...args: A) => void): (...args: A) => void {
  let isDone = false;
  return (...args) => {
    if (isDone) return;
    isDone = true;
    run(...args);
  };
}

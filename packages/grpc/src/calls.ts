import { Failure } from '@switchboard/errors';
import { type handleServerStreamingCall, type handleUnaryCall, type Metadata, status } from '@grpc/grpc-js';
import { toStatus } from './status.js';
import type { Caller } from './tokens.js';

/** What a handler knows of the call it answers. */
export interface Call {
  readonly caller: Caller;
  readonly metadata: Metadata;
  /** Aborts when the caller gives up, its deadline passes, or the server stops. */
  readonly signal: AbortSignal;
}

/** A unary call without a deadline of its own is answered, or ended, within this. */
const LONGEST_UNARY_MS = 30_000;

/** What unary and streaming calls have in common. */
interface AnyCall {
  readonly metadata: Metadata;
  readonly getDeadline: () => Date | number;
  readonly once: (event: 'cancelled', listener: () => void) => unknown;
}

const callers = new WeakMap<object, Caller>();
const failures = new WeakMap<object, unknown>();

/** Remembers who makes a call; for the server. */
export const identify = (call: object, caller: Caller): void => void callers.set(call, caller);

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
      failures.set(call, error);
      callback(signal.aborted && !(error instanceof Failure) ? tooLate : toStatus(error));
    });
    signal.addEventListener('abort', () => {
      answer(new Error('the call was given up'));
    });
    handler(call.request, contextOf(call, signal)).then((response) => {
      answer(undefined, response);
    }, answer);
  };
}

const tooLate = { code: status.DEADLINE_EXCEEDED, details: 'the call was not answered in time' };

/** An async iteration as a streaming handler, with back-pressure; it is returned from when the caller gives up. */
export function serverStream<Request, Response>(
  handler: (request: Request, call: Call) => AsyncIterable<Response>,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    const { signal, release } = lifetime(call);
    void (async () => {
      try {
        for await (const response of handler(call.request, contextOf(call, signal))) {
          if (signal.aborted) break;
          if (!call.write(response)) await drained(call, signal);
        }
        call.end();
      } catch (error) {
        if (signal.aborted) {
          call.end();
          return;
        }
        failures.set(call, error);
        call.emit('error', toStatus(error));
      } finally {
        release();
      }
    })();
  };
}

function contextOf(call: AnyCall, signal: AbortSignal): Call {
  const caller = callers.get(call);
  if (!caller) throw new Error('a handler was reached without a caller: register it with grpcServer');
  return { caller, metadata: call.metadata, signal };
}

/** A signal that aborts with the call, its deadline, or after `longestMs`. */
function lifetime(call: AnyCall, longestMs = Infinity): { signal: AbortSignal; release: () => void } {
  const left = Number(call.getDeadline()) - Date.now();
  const ms = Math.min(left, longestMs);
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort();
  };
  call.once('cancelled', abort);
  const timer = Number.isFinite(ms) ? setTimeout(abort, Math.max(0, ms)) : undefined;
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer);
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

function once<A extends unknown[]>(run: (...args: A) => void): (...args: A) => void {
  let isDone = false;
  return (...args) => {
    if (isDone) return;
    isDone = true;
    run(...args);
  };
}

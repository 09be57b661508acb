/** kafkajs publishes no types for its insides; this is the part of them that `idle-timer.ts` replaces. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  interface RequestQueue {
    readonly pending: readonly unknown[];
    /** Milliseconds since the epoch; in the past when the broker does not throttle us. */
    readonly throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    checkPendingRequests: () => void;
    scheduleCheckPendingRequests: (this: RequestQueue) => void;
  }
  const requestQueue: { readonly prototype: RequestQueue };
  export = requestQueue;
}

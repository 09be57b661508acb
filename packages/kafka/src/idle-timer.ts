import { createHash } from 'node:crypto';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

/** The method as kafkajs 2.2.4 ships it. Another text means another kafkajs: look again before patching it. */
const KNOWN_SOURCE = '04347ea969c6f2e3754427c0cbaee0bd4ce947fbd82f7b6e027506a06dfc581a';
const CHECK_AGAIN_MS = 10;

const original = RequestQueue.prototype.scheduleCheckPendingRequests;

/** True when the method to replace is the one this package knows. */
export function isKnownKafkajs(): boolean {
  return fingerprint(original) === KNOWN_SOURCE;
}

/**
 * kafkajs looks for requests that wait behind a throttle with a timer that re-arms itself every millisecond, also when
 * nothing waits: 5 to 7 % of a core for an idle service with three brokers. Ours arms the timer only when
 * something waits; a request that is enqueued later arms it itself. Does nothing on a kafkajs it does not know.
 */
export function calmIdleConnections(): boolean {
  if (!isKnownKafkajs()) return false;
  RequestQueue.prototype.scheduleCheckPendingRequests = function scheduleCheckPendingRequests() {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
    const throttledMs = this.throttledUntil - Date.now();
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      throttledMs > 0 ? throttledMs : CHECK_AGAIN_MS,
    );
  };
  return true;
}

function fingerprint(method: () => void): string {
  return createHash('sha256').update(String(method)).digest('hex');
}

import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { calmIdleConnections, isKnownKafkajs } from './idle-timer.js';

describe('the timer of idle connections', () => {
  it('is replaced in the kafkajs that is installed; if this fails, kafkajs has changed: read its request queue again', () => {
    expect(isKnownKafkajs()).toBe(true);
    expect(calmIdleConnections()).toBe(true);
  });

  it('is not armed when nothing waits', () => {
    calmIdleConnections();
    const queue = Object.assign(Object.create(RequestQueue.prototype) as typeof RequestQueue.prototype, idle);

    queue.scheduleCheckPendingRequests();

    expect(queue.throttleCheckTimeoutId).toBeNull();
  });

  it('is armed once when something waits behind a throttle', () => {
    calmIdleConnections();
    const queue = Object.assign(Object.create(RequestQueue.prototype) as typeof RequestQueue.prototype, {
      ...idle,
      pending: [{}],
      throttledUntil: Date.now() + 60_000,
    });

    queue.scheduleCheckPendingRequests();
    const armed = queue.throttleCheckTimeoutId;
    queue.scheduleCheckPendingRequests();

    expect(armed).not.toBeNull();
    expect(queue.throttleCheckTimeoutId).toBe(armed);
    clearTimeout(armed as unknown as NodeJS.Timeout);
  });
});

const idle = { pending: [], throttledUntil: -1, throttleCheckTimeoutId: null };

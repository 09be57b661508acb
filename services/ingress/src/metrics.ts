import { Counter, Histogram, type Registry } from 'prom-client';
import type { Read } from './domain/events.js';
import type { WebhookOutcome } from './entrypoints/http/webhook.js';

/** Every metric of ingress, as an operator reads them. */
export function ingressMetrics(registry: Registry) {
  const registers = [registry];
  const seconds = new Histogram({
    name: 'ingress_webhook_seconds',
    help: 'From reading a request to answering it, by outcome: Meta wants a median of 0.25 s and fewer than 1 % above 1 s.',
    labelNames: ['outcome'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  // Added up here and told when they are asked for: there may be thousands a second.
  const toTell = new Map<Read['topic'], number>();
  new Counter({
    name: 'ingress_events_total',
    help: 'Events put on the log, by where they went: messages, statuses, changes, quarantine.',
    labelNames: ['topic'] as const,
    registers,
    collect() {
      for (const [topic, count] of toTell) this.inc({ topic }, count);
      toTell.clear();
    },
  });
  const quarantined = new Counter({
    name: 'ingress_quarantined_total',
    help: 'Items that could not be read, by the stable code of the reason: each wants a look, and a replay once we can read it.',
    labelNames: ['code'] as const,
    registers,
  });
  return {
    answered: (outcome: WebhookOutcome, took: number): void => {
      seconds.observe({ outcome }, took);
    },
    appended: (read: readonly Read[]): void => {
      for (const { topic, event } of read) {
        toTell.set(topic, (toTell.get(topic) ?? 0) + 1);
        if (topic === 'quarantine') quarantined.inc({ code: event.code });
      }
    },
  };
}

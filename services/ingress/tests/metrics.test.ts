import { Registry } from 'prom-client';
import { ingressMetrics } from '../src/metrics.js';
import { envelope, messages, ofNumber, readBody, text } from './support/bodies.js';

describe('metrics', () => {
  it('count events by topic, what could not be read by its reason, and requests by outcome', async () => {
    const registry = new Registry();
    const metrics = ingressMetrics(registry);
    const statuses = ofNumber('messages', { statuses: [{ id: 'a', status: 'sent' }] });

    for (let body = 0; body < 2; body += 1)
      metrics.appended(readBody(envelope(messages(text('a'), 7), statuses)) ?? []);
    metrics.answered('accepted', 0.02);
    metrics.answered('unsigned', 0.001);
    await registry.metrics();
    const told = await registry.metrics();

    for (const line of [
      'ingress_events_total{topic="messages"} 2',
      'ingress_events_total{topic="statuses"} 2',
      'ingress_events_total{topic="quarantine"} 2',
      'ingress_quarantined_total{code="ingress.unreadable-item"} 2',
      'ingress_webhook_seconds_count{outcome="accepted"} 1',
      'ingress_webhook_seconds_count{outcome="unsigned"} 1',
    ]) {
      expect(told).toContain(line);
    }
  });
});

import { type AggregatesMetrics } from '@switchboard/aggregates';
import { Counter, Gauge, type Registry } from 'prom-client';

/** Every metric of template, as an operator reads them. */
export function templateMetrics(registry: Registry): AggregatesMetrics {
  const counter = new Counter({
    name: 'template_aggregate_total',
    help: 'What templates did: commands, writes, lost compare-and-sets, published …',
    labelNames: ['what'] as const,
    registers: [registry],
  });
  const outEntries = new Gauge({
    name: 'template_aggregate_out_entries',
    help: 'Events a template holds unpublished after its last write, of the longest.',
    registers: [registry],
  });
  return {
    count: (what, by) => {
      counter.inc({ what }, by);
    },
    outEntries: (longest) => {
      outEntries.set(longest);
    },
  };
}

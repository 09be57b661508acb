import type { AggregatesMetrics } from '@switchboard/aggregates';
import { Counter, type Registry } from 'prom-client';

/** Every metric of account, as an operator reads them. */
export function accountMetrics(registry: Registry): (aggregate: string) => AggregatesMetrics {
  const counter = new Counter({
    name: 'account_aggregate_total',
    help: 'What numbers, brands and organisations did: commands, writes, lost compare-and-sets, published …',
    labelNames: ['aggregate', 'what'] as const,
    registers: [registry],
  });
  return (aggregate) => ({
    count: (what, by) => {
      counter.inc({ aggregate, what }, by);
    },
    outEntries: () => undefined,
  });
}

import type { AggregatesMetrics } from '@switchboard/aggregates';
import { Counter, Gauge, type Registry } from 'prom-client';

/** Every metric of routing, as an operator reads them. */
export function routingMetrics(registry: Registry) {
  const registers = [registry];
  const aggregate = new Counter({
    name: 'routing_aggregate_total',
    help: 'What the threads did: inputs, writes, lost compare-and-sets, published, poisoned …',
    labelNames: ['what'] as const,
    registers,
  });
  const outEntries = new Gauge({
    name: 'routing_aggregate_out_entries',
    help: 'Events a thread holds unpublished after its last write, of the longest.',
    registers,
  });
  const nobody = new Counter({
    name: 'routing_items_of_nobody_total',
    help: 'Items that name no customer; they stay on whatsapp.messages and are shown in no thread.',
    registers,
  });
  const joins = new Counter({
    name: 'routing_joins_total',
    help: 'Customers who turned out to be another one, and joins that were undone.',
    registers,
  });
  const flowReads = new Counter({
    name: 'routing_flow_reads_total',
    help: 'Reads of the settings of all brands in use: about one a second while there are messages.',
    registers,
  });
  const settings = new Counter({
    name: 'routing_settings_total',
    help: 'Settings of brands: versions that were made, and versions that were applied to open chats at once.',
    labelNames: ['what'] as const,
    registers,
  });
  const aggregates: AggregatesMetrics = {
    count: (what, by) => {
      aggregate.inc({ what }, by);
    },
    outEntries: (longest) => {
      outEntries.set(longest);
    },
  };
  return {
    aggregates,
    nobody: (items: number): void => {
      if (items > 0) nobody.inc(items);
    },
    flowRead: (): void => {
      flowReads.inc();
    },
    settings: (what: 'saved' | 'applied'): void => {
      settings.inc({ what });
    },
    joined: (count: number): void => {
      joins.inc(count);
    },
  };
}

import type { AggregatesMetrics, Written } from '@switchboard/aggregates';
import { Counter, Gauge, type Registry } from 'prom-client';
import { waitBesideAPlace } from './domain/desk/beside.js';
import { operatorsOf, turnsOf, type Desk } from './domain/desk/desk.js';

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
  const botNews = new Counter({
    name: 'routing_bot_events_total',
    help: 'Events for bots, by how they ended: delivered, gone (410), refused (a closed address), given-up, nobody (no webhook).',
    labelNames: ['ended'] as const,
    registers,
  });
  const blocks = new Counter({
    name: 'routing_blocks_total',
    help: 'Customers blocked and unblocked at Meta; waits = an attempt that failed and is repeated, set-aside = Meta never will.',
    labelNames: ['ended'] as const,
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
    desk: deskMetrics(registry),
    nobody: (items: number): void => {
      if (items > 0) nobody.inc(items);
    },
    flowRead: (): void => {
      flowReads.inc();
    },
    settings: (what: 'saved' | 'applied'): void => {
      settings.inc({ what });
    },
    botNews: (ended: 'delivered' | 'gone' | 'refused' | 'given-up' | 'nobody'): void => {
      botNews.inc({ ended });
    },
    blocked: (ended: 'blocked' | 'unblocked' | 'set-aside' | 'waits'): void => {
      blocks.inc({ ended });
    },
    joined: (count: number): void => {
      joins.inc(count);
    },
  };
}

const CHECK_MS = 1_000;

/** Of desks: each is counted by the process that wrote it last, as it was then. */
function deskMetrics(registry: Registry) {
  const registers = [registry];
  const aggregate = new Counter({
    name: 'routing_desk_aggregate_total',
    help: 'What the desks did: inputs, writes, lost compare-and-sets, published, poisoned …',
    labelNames: ['what'] as const,
    registers,
  });
  const outEntries = new Gauge({
    name: 'routing_desk_out_entries',
    help: 'Events a desk holds unpublished after its last write, of the longest.',
    registers,
  });
  const said = new Counter({
    name: 'routing_desk_events_total',
    help: 'What desks said to threads: offered, assigned (places that were filled), offerEnded.',
    labelNames: ['what'] as const,
    registers,
  });
  const violations = new Counter({
    name: 'invariant_violations_total',
    help: 'Chats that waited at a desk beside a free place of somebody who could take them. Stays 0.',
    labelNames: ['invariant'] as const,
    registers,
  });
  violations.inc({ invariant: 'capacity' }, 0);
  const checked = new Map<string, number>();
  const seen = new Map<string, Readonly<Record<string, number>>>();
  const total = (what: string): number => {
    let sum = 0;
    for (const counts of seen.values()) sum += counts[what] ?? 0;
    return sum;
  };
  new Gauge({
    name: 'routing_desk_chats',
    help: 'Chats at the heads of the lines of desks this process wrote last: on offer, and waiting without an offer.',
    labelNames: ['state'] as const,
    registers,
    collect() {
      for (const state of ['offered', 'waiting']) this.set({ state }, total(state));
    },
  });
  new Gauge({
    name: 'routing_desk_operators',
    help: 'Operators of desks this process wrote last, by presence.',
    labelNames: ['presence'] as const,
    registers,
    collect() {
      for (const presence of ['available', 'busy', 'away']) this.set({ presence }, total(presence));
    },
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
    said: (what: string): void => {
      said.inc({ what });
    },
    written({ aggregateId, state }: Pick<Written<Desk>, 'aggregateId' | 'state'>): void {
      const counts: Record<string, number> = {};
      const count = (what: string): void => {
        counts[what] = (counts[what] ?? 0) + 1;
      };
      for (const { offer } of turnsOf(state)) count(offer ? 'offered' : 'waiting');
      for (const [, { isActive, presence }] of operatorsOf(state)) if (isActive) count(presence);
      seen.set(aggregateId, counts);
      // Large desks are written often: each is looked through once a second.
      const now = performance.now();
      if (now - (checked.get(aggregateId) ?? -Infinity) < CHECK_MS) return;
      checked.set(aggregateId, now);
      violations.inc({ invariant: 'capacity' }, waitBesideAPlace(state).length);
    },
  };
}

import { type AggregatesCounter, type AggregatesMetrics } from '@switchboard/aggregates';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type Observer } from './use-cases/ports.js';

/** Every metric of egress, as an operator reads them. */
export function egressMetrics(registry: Registry): { observer: Omit<Observer, 'warn'>; aggregates: AggregatesMetrics } {
  const registers = [registry];
  const calls = new Histogram({
    name: 'egress_meta_call_seconds',
    help: 'Calls to Meta that ended, by result: accepted, not-sent, unknown, or what follows from the refusal: back-off, few-tries, wait, stop, never, fix.',
    labelNames: ['result'] as const,
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30],
    registers,
  });
  const inFlight = new Gauge({
    name: 'egress_calls_in_flight',
    help: 'Messages that are being dispatched by this process.',
    registers,
  });
  const leases = new Gauge({
    name: 'egress_leases_held',
    help: 'Partitions whose lease this process holds; only the holder calls Meta.',
    registers,
  });
  const numbersHeld = new Gauge({
    name: 'egress_numbers_held',
    help: 'Numbers of this process of which nothing goes: slow go on by themselves, stopped need somebody to mend them.',
    labelNames: ['kind'] as const,
    registers,
  });
  const called = new Counter({
    name: 'egress_calls_total',
    help: 'Calls to Meta by class of the message: interactive, bulk. Their rate is the used rate of the class.',
    labelNames: ['class'] as const,
    registers,
  });
  const rates = new Gauge({
    name: 'egress_messages_per_second',
    help: 'Of all numbers of this process that have sent: allowed by Meta, and usable of it since Meta asked to be slower.',
    labelNames: ['kind'] as const,
    registers,
  });
  const waited = new Counter({
    name: 'egress_number_wait_seconds_total',
    help: 'Time that numbers had something to send and waited: for their throughput, or because they are held (slow, stopped).',
    labelNames: ['for'] as const,
    registers,
  });
  const reached = new Gauge({
    name: 'egress_portfolio_reached',
    help: 'People whom a portfolio has written to first in 24 hours, as this process has seen it last.',
    labelNames: ['portfolio'] as const,
    registers,
  });
  const reachLimit = new Gauge({
    name: 'egress_portfolio_limit',
    help: 'People whom Meta lets a portfolio write to first in 24 hours.',
    labelNames: ['portfolio'] as const,
    registers,
  });
  const refused = new Counter({
    name: 'egress_refused_total',
    help: 'Messages the gate refused, by code and by where: accept, dispatch, send.',
    labelNames: ['code', 'where'] as const,
    registers,
  });
  const held = new Counter({
    name: 'egress_holds_total',
    help: 'Prices that billing was asked to hold: held, free, refused, away. Many away ones: what costs waits for billing.',
    labelNames: ['answer'] as const,
    registers,
  });
  const statuses = new Counter({
    name: 'egress_statuses_total',
    help: "Statuses of Meta: ours carried our id, found met a message at Meta's id, parked wait for one.",
    labelNames: ['kind'] as const,
    registers,
  });
  const fired = new Counter({
    name: 'egress_timers_fired_total',
    help: 'Timers of messages that fired: unknown = nobody has known of it for ten minutes, expiry = it was not worth sending any more. Many expiry ones find their message sent.',
    labelNames: ['about'] as const,
    registers,
  });
  const resolved = new Counter({
    name: 'egress_unknown_resolved_total',
    help: 'What people decided on messages of which nobody knew whether Meta has them: send-again, give-up.',
    labelNames: ['how'] as const,
    registers,
  });
  const aggregates = new Counter({
    name: 'egress_aggregate_total',
    help: 'What the aggregates did: inputs, writes, lost compare-and-sets, published, poisoned …',
    labelNames: ['what'] as const,
    registers,
  });
  const outEntries = new Gauge({
    name: 'egress_aggregate_out_entries',
    help: 'Events a message holds unpublished after its last write, of the longest.',
    registers,
  });

  return {
    observer: {
      dispatched: (result, seconds) => {
        calls.observe({ result }, seconds);
      },
      inFlight: (count) => {
        inFlight.set(count);
      },
      leases: (held) => {
        leases.set(held);
      },
      numbersHeld: (slow, stopped) => {
        numbersHeld.set({ kind: 'slow' }, slow);
        numbersHeld.set({ kind: 'stopped' }, stopped);
      },
      called: (of) => {
        called.inc({ class: of });
      },
      rates: (allowed, used) => {
        rates.set({ kind: 'allowed' }, allowed);
        rates.set({ kind: 'usable' }, used);
      },
      waited: (waitsFor, seconds) => {
        waited.inc({ for: waitsFor }, seconds);
      },
      reached: (portfolio, people, limit) => {
        reached.set({ portfolio }, people);
        reachLimit.set({ portfolio }, limit);
      },
      refused: (code, where) => {
        refused.inc({ code, where });
      },
      held: (answer) => {
        held.inc({ answer });
      },
      statuses: (kind, count) => {
        if (count > 0) statuses.inc({ kind }, count);
      },
      fired: (about) => {
        fired.inc({ about });
      },
      resolved: (how) => {
        resolved.inc({ how });
      },
    },
    aggregates: {
      count: (what: AggregatesCounter, by) => {
        aggregates.inc({ what }, by);
      },
      outEntries: (longest) => {
        outEntries.set(longest);
      },
    },
  };
}

import { type AggregatesMetrics } from '@switchboard/aggregates';
import { Counter, Gauge, type Registry } from 'prom-client';
import { type Observer } from './use-cases/ports.js';
import { type ReconciliationObserver } from './use-cases/reconciliation/ports.js';

/** Of the comparison with Meta. */
export function reconciliationMetrics(registry: Registry): Pick<ReconciliationObserver, 'compared' | 'failed'> {
  const days = new Counter({
    name: 'billing_reconciliations_total',
    help: 'Days of accounts that were compared with Meta: equal, alarm (over 0.1 %), failed (could not be read).',
    labelNames: ['result'] as const,
    registers: [registry],
  });
  for (const result of ['equal', 'alarm', 'failed']) days.inc({ result }, 0);
  return {
    compared: (alarm) => {
      days.inc({ result: alarm ? 'alarm' : 'equal' });
    },
    failed: () => {
      days.inc({ result: 'failed' });
    },
  };
}

/** Every metric of billing, as an operator reads them. */
export function billingMetrics(registry: Registry): { observer: Observer; aggregates: AggregatesMetrics } {
  const registers = [registry];
  const holds = new Counter({
    name: 'billing_holds_total',
    help: 'Holds that were asked for: held, free, or why not: balance-too-low, budget-spent, …',
    labelNames: ['outcome'] as const,
    registers,
  });
  const resolutions = new Counter({
    name: 'billing_resolutions_total',
    help: 'How holds ended: settled, released, expired, captured_late, captured_unheld; unknown = nothing was held.',
    labelNames: ['outcome'] as const,
    registers,
  });
  const stale = new Counter({
    name: 'billing_lookups_repeated_total',
    help: 'Look-ups of earlier entries that were repeated, because the wallet had let go of newer ones meanwhile.',
    registers,
  });
  const faults = new Counter({
    name: 'invariant_violations_total',
    help: 'Proofs that did not hold: entries and balances of a wallet differ. Stays 0.',
    labelNames: ['invariant'] as const,
    registers,
  });
  faults.inc({ invariant: 'ledger' }, 0);
  const aggregates = new Counter({
    name: 'billing_aggregate_total',
    help: 'What wallets did: commands, writes, lost compare-and-sets, published …',
    labelNames: ['what'] as const,
    registers,
  });
  const outEntries = new Gauge({
    name: 'billing_aggregate_out_entries',
    help: 'Events a wallet holds unpublished after its last write, of the longest.',
    registers,
  });
  return {
    observer: {
      holds: (outcome, count) => {
        holds.inc({ outcome }, count);
      },
      resolutions: (outcome, count) => {
        resolutions.inc({ outcome }, count);
      },
      stale: () => {
        stale.inc();
      },
      proof: (isSound) => {
        if (!isSound) faults.inc({ invariant: 'ledger' });
      },
    },
    aggregates: {
      count: (what, by) => {
        aggregates.inc({ what }, by);
      },
      outEntries: (longest) => {
        outEntries.set(longest);
      },
    },
  };
}

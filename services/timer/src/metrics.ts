import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type Observer } from './use-cases/ports.js';

/** Every metric of timer, as an operator reads them. */
export function timerMetrics(registry: Registry): Omit<Observer, 'warn'> {
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const shards = gauge('timer_shards_owned', 'Partitions of timer.commands whose timers this process keeps.');
  const pending = gauge(
    'timer_pending',
    'Timers kept in these shards, cancelled ones among them until they are forgotten; counted now and then.',
  );
  const loaded = gauge('timer_loaded', 'Timers in memory: due within a minute, or overdue.');
  const clock = gauge('timer_clock_trusted', '1 when two clocks agree about the time; while it is 0 nothing fires.');
  const commands = new Counter({
    name: 'timer_commands_total',
    help: 'Commands read, by kind: arm, reset, cancel; refused ones were set aside.',
    labelNames: ['kind'] as const,
    registers,
  });
  const armed = new Counter({ name: 'timer_armed_total', help: 'Timers that were made.', registers });
  const changed = new Counter({
    name: 'timer_changed_total',
    help: 'Writes to timers that were there: armed anew, reset, cancelled.',
    registers,
  });
  const resets = new Counter({
    name: 'timer_resets_total',
    help: 'Changes by what they did to the index: kept = no index write, moved = one; unknown = the timer was not known in memory.',
    labelNames: ['index'] as const,
    registers,
  });
  const refiled = new Counter({
    name: 'timer_refiled_total',
    help: 'Timers whose look-again time was reached before their deadline: one index write each.',
    registers,
  });
  const fired = new Counter({
    name: 'timer_fired_total',
    help: 'Timers that fired, by owner; also those that fired again because it was not known.',
    labelNames: ['owner'] as const,
    registers,
  });
  const lateness = new Histogram({
    name: 'timer_lateness_seconds',
    help: 'From the deadline until the event was acknowledged.',
    buckets: [0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10, 30, 60, 300],
    registers,
  });

  return {
    shards: (owned) => {
      shards.set(owned);
    },
    loaded: (timers) => {
      loaded.set(timers);
    },
    pending: (timers) => {
      pending.set(timers);
    },
    commands: (kind, count) => {
      if (count > 0) commands.inc({ kind }, count);
    },
    written: (made, changes) => {
      armed.inc(made);
      changed.inc(changes);
    },
    reset: (index, count) => {
      if (count > 0) resets.inc({ index }, count);
    },
    refiled: (count) => {
      refiled.inc(count);
    },
    fired: (owner, lateMs) => {
      fired.inc({ owner });
      lateness.observe(lateMs / 1_000);
    },
    clock: (isTrusted) => {
      clock.set(isTrusted ? 1 : 0);
    },
  };
}

import { type Timer } from './timer.js';

/** What a look at a timer leads to. */
export type Look =
  | { readonly kind: 'fire' }
  /** Cancelled, and old enough that no command can be older. */
  | { readonly kind: 'forget' }
  /** Not yet: in the wheel again. */
  | { readonly kind: 'again'; readonly at: number }
  /** Not for long: the store is told when to bring it up. */
  | { readonly kind: 'refile'; readonly at: number };

/**
 * `until` is the time up to which both the clock and the consumed commands have come: nothing fires that is due later,
 * and nothing that a command may have moved.
 */
export function look(
  { due, isCancelled }: Pick<Timer, 'due' | 'isCancelled'>,
  { until, horizon }: { until: number; horizon: number },
): Look {
  if (due <= until) return { kind: isCancelled ? 'forget' : 'fire' };
  return { kind: due < horizon ? 'again' : 'refile', at: due };
}

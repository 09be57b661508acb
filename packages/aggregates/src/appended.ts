import type { Appended } from './store.js';

/** Shorter lists are written whole. */
const MIN_LENGTH = 32;

/**
 * What a long list got at its end, when it is an earlier one that let go of nothing but its first values; told by
 * identity. So a list that grows by a few values costs a write of those few, whatever its length.
 */
export function appendedOf(before: unknown, after: unknown): Appended | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  const [old, next] = [before as readonly unknown[], after as readonly unknown[]];
  if (next.length < MIN_LENGTH) return undefined;
  const dropped = old.indexOf(next[0]);
  const kept = old.length - dropped;
  if (dropped < 0 || kept > next.length) return undefined;
  for (let at = 0; at < kept; at += 1) if (old[dropped + at] !== next[at]) return undefined;
  return { values: next.slice(kept), keep: next.length };
}

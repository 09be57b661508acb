import type { Hole } from './store.js';
import type { SourceSequence } from './types.js';

/** So many set-aside events may be passed by; one more, and their source is parked whole. */
const MAX_HOLES = 16;

/**
 * What the holes say of an event: nothing (undefined), that it fills one (`replayed`), or that its source waits for
 * an earlier one (`parked`).
 */
export function findHole(
  holes: readonly Hole[],
  { source, sequence }: SourceSequence,
): 'replayed' | 'parked' | undefined {
  for (const hole of holes) {
    if (hole.source !== source || sequence < hole.from) continue;
    if (sequence === hole.from) return 'replayed';
    if (hole.parked) return 'parked';
  }
  return undefined;
}

/** The holes after an event was set aside. Again the same list when it was in one. */
export function openHole(holes: readonly Hole[], { source, sequence }: SourceSequence): readonly Hole[] {
  const parked = holes.find((hole) => hole.parked && hole.source === source && sequence >= hole.from);
  if (parked) {
    return sequence <= parked.to ? holes : holes.map((hole) => (hole === parked ? { ...hole, to: sequence } : hole));
  }
  if (holes.some((hole) => hole.source === source && sequence >= hole.from && sequence <= hole.to)) return holes;
  const hole = { source, from: sequence, to: sequence };
  return [...holes, holes.length < MAX_HOLES ? hole : { ...hole, parked: true }];
}

/** The holes after an event that fills one was applied. */
export function closeHole(holes: readonly Hole[], { source, sequence }: SourceSequence): readonly Hole[] {
  return holes.flatMap((hole) => {
    if (hole.source !== source || sequence !== hole.from) return [hole];
    return sequence < hole.to ? [{ ...hole, from: sequence + 1 }] : [];
  });
}

import type { DeskIndex, TellChecks } from './ports.js';
import type { Clock } from '../ports.js';

export type TakeOverDesks = ReturnType<typeof createTakeOverDesks>;

/** Whoever takes desks over has them compared with the threads, once: what was set aside meanwhile is made good. */
export function createTakeOverDesks(deps: {
  index: Pick<DeskIndex, 'organisations'>;
  tellChecks: TellChecks;
  partitionOf: (organisationId: string) => number;
  now: Clock;
}) {
  const { index, tellChecks, partitionOf, now } = deps;
  return async function takeOverDesks(partition: number): Promise<void> {
    const told = new Set<string>();
    for await (const page of index.organisations()) {
      const ours = page.filter((each) => partitionOf(each) === partition && !told.has(each));
      for (const each of ours) told.add(each);
      if (ours.length > 0) await tellChecks(ours, now());
    }
  };
}

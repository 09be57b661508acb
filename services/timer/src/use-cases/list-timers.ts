import { type KeptTimer, type TimerStore } from './ports.js';

export type ListTimers = ReturnType<typeof createListTimers>;

export interface TimerPage {
  readonly timers: readonly KeptTimer[];
  /** The last key of the page; absent on the last page. */
  readonly last: string | undefined;
}

/** The pending timers of an owner, page by page, in the order of their keys. */
export function createListTimers(deps: { timers: Pick<TimerStore, 'list'> }) {
  return async function listTimers(
    owner: string,
    { prefix, after, size }: { prefix: string; after: string | undefined; size: number },
  ): Promise<TimerPage> {
    const found = await deps.timers.list(owner, { prefix, after, limit: size + 1 });
    const timers = found.slice(0, size);
    return { timers, last: found.length > size ? timers.at(-1)?.key : undefined };
  };
}

import { createIdTable, enlarged } from './id-table.js';

/** When to look at which timer again: in memory, for what is due soon. Ids only; the truth is in the store. */
export interface Wheel {
  readonly size: () => number;
  /** Looks at a timer at this time. One that is to be looked at earlier anyway stays where it is. */
  readonly put: (id: string, at: number) => void;
  readonly has: (id: string) => boolean;
  /** The earliest time that has been reached, as of the last `advance`. */
  readonly head: () => number | undefined;
  /** Moves on to `now`: what is due by then can be taken. Never moves back. */
  readonly advance: (now: number) => void;
  /** The time it has turned to. */
  readonly reached: () => number;
  /** Takes the earliest out, if it is due at or before `until` and `advance` has reached it. */
  readonly take: (until: number) => string | undefined;
}

/** 20 ms: what a fire may be late for the wheel's sake. 4,096 of them are 82 s, more than is looked ahead. */
export const SLOT_MS = 20;
const SLOTS = 4_096;
/** Each holds what one turn of the first level does; together 23 hours. What is later goes round again. */
const TURNS = 1_024;
const NONE = -1;
/** Instead of a slot: due, waits to be taken. */
const READY = -2;
const FIRST_CAPACITY = 1_024;

/**
 * A timing wheel of two levels (Varghese and Lauck): put and move cost the same however many timers there are. Typed
 * arrays, because a million small objects are a burden to the garbage collector.
 */
export function createWheel(start: number): Wheel {
  let times = new Float64Array(FIRST_CAPACITY);
  let slots = new Int32Array(FIRST_CAPACITY);
  let nexts = new Int32Array(FIRST_CAPACITY);
  let previous = new Int32Array(FIRST_CAPACITY);
  const ids = createIdTable();
  const heads = new Int32Array(SLOTS + TURNS).fill(NONE);
  let free = NONE;
  let used = 0;
  /** The slot that is filling now; those before are empty. */
  let tick = Math.floor(start / SLOT_MS);
  let ready: number[] = [];
  let taken = 0;

  function allocate(): number {
    if (free !== NONE) {
      const handle = free;
      free = nexts[handle] ?? NONE;
      return handle;
    }
    if (used === times.length) grow();
    return used++;
  }

  function grow(): void {
    times = enlarged(times);
    slots = enlarged(slots);
    nexts = enlarged(nexts);
    previous = enlarged(previous);
  }

  function link(handle: number, at: number): void {
    const due = Math.max(tick, Math.floor(at / SLOT_MS));
    const turn = Math.floor(tick / SLOTS);
    const slot =
      due - tick < SLOTS
        ? due & (SLOTS - 1)
        : SLOTS + (Math.min(Math.floor(due / SLOTS), turn + TURNS - 1) & (TURNS - 1));
    const head = heads[slot] ?? NONE;
    slots[handle] = slot;
    nexts[handle] = head;
    previous[handle] = NONE;
    if (head !== NONE) previous[head] = handle;
    heads[slot] = handle;
  }

  function unlink(handle: number): void {
    const [next = NONE, before = NONE] = [nexts[handle], previous[handle]];
    if (before === NONE) heads[slots[handle] ?? 0] = next;
    else nexts[before] = next;
    if (next !== NONE) previous[next] = before;
  }

  /** Empties a slot and calls back with each that was in it. */
  function drain(slot: number, each: (handle: number) => void): void {
    let handle = heads[slot] ?? NONE;
    heads[slot] = NONE;
    while (handle !== NONE) {
      const next = nexts[handle] ?? NONE;
      each(handle);
      handle = next;
    }
  }

  const timeOf = (handle: number): number => times[handle] ?? 0;

  function release(handle: number): string | undefined {
    const id = ids.remove(handle);
    nexts[handle] = free;
    free = handle;
    return id;
  }

  /** What a slot held, in the order of time, behind what was due before. */
  function collect(slot: number): void {
    const due: number[] = [];
    drain(slot, (handle) => {
      slots[handle] = READY;
      due.push(handle);
    });
    if (due.length === 0) return;
    due.sort((a, b) => timeOf(a) - timeOf(b));
    if (taken > ready.length / 2) {
      ready = ready.slice(taken);
      taken = 0;
    }
    for (const handle of due) ready.push(handle);
  }

  return {
    size: ids.size,
    has: (id) => ids.find(id) !== undefined,
    put(id, at) {
      const known = ids.find(id);
      if (known !== undefined) {
        if (slots[known] === READY || timeOf(known) <= at) return;
        unlink(known);
        times[known] = at;
        link(known, at);
        return;
      }
      const handle = allocate();
      times[handle] = at;
      ids.add(id, handle);
      link(handle, at);
    },
    head() {
      const first = ready[taken];
      return first === undefined ? undefined : timeOf(first);
    },
    advance(now) {
      const target = Math.floor(now / SLOT_MS);
      while (tick < target) {
        collect(tick & (SLOTS - 1));
        tick += 1;
        if ((tick & (SLOTS - 1)) === 0) {
          drain(SLOTS + (Math.floor(tick / SLOTS) & (TURNS - 1)), (handle) => {
            link(handle, timeOf(handle));
          });
        }
      }
    },
    reached: () => tick * SLOT_MS,
    take(until) {
      const first = ready[taken];
      if (first === undefined || timeOf(first) > until) return undefined;
      taken += 1;
      if (taken === ready.length) {
        ready = [];
        taken = 0;
      }
      return release(first);
    },
  };
}

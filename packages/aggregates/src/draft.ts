import type { Held } from './known.js';
import type { Draft } from './fold.js';
import { appendedOf } from './appended.js';
import { reservedFields, type AggregateWrite, type Appended, type OutEntry, type StoredAggregate } from './store.js';

/** What an aggregate is before anything was written, or after an erasure: empty, with nothing of it stored. */
export function held<State extends object>(
  stored: StoredAggregate | undefined,
  id: string,
  empty: (id: string) => State,
): Held<State> {
  if (!stored) {
    return {
      id,
      version: 0,
      sequence: 0,
      index: 0,
      src: {},
      state: empty(id),
      stored: {},
      out: [],
      outAt: null,
      holes: [],
      gone: false,
    };
  }
  if (stored.gone) return { ...stored, state: empty(id), stored: {} };
  return { ...stored, state: stored.state as State, stored: stored.state };
}

/** The compare-and-set that a draft asks for. Throws when the state has a field whose name is reserved. */
export function writeOf<State extends object, Result>(draft: Draft<State, Result>): AggregateWrite {
  const { held: before, state, sequence, index, src } = draft;
  const out = draft.kept.concat(draft.added);
  const { set, append, unset } = changes(before.stored, state);
  return {
    id: before.id,
    expected: before.version,
    sequence,
    index,
    src,
    set,
    append,
    unset,
    out,
    outAt: oldestWithoutCause(out),
    ...(draft.holes === before.holes ? {} : { holes: draft.holes }),
    revived: before.gone,
  };
}

/** The aggregate as it is after its write was acknowledged. */
export function heldAfter<State extends object, Result>(
  draft: Draft<State, Result>,
  write: AggregateWrite,
): Held<State> {
  const { held: before, state, holes } = draft;
  return {
    id: before.id,
    version: before.version + 1,
    sequence: draft.sequence,
    index: draft.index,
    src: { ...before.src, ...draft.src },
    state,
    stored: state,
    out: write.out,
    outAt: write.outAt,
    holes,
    gone: false,
  };
}

/** The top-level fields that are another object or value than before. */
function changes(
  before: object,
  after: object,
): { set: Record<string, unknown>; append: Record<string, Appended>; unset: readonly string[] } {
  const [old, next] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const set: Record<string, unknown> = {};
  const append: Record<string, Appended> = {};
  const unset: string[] = [];
  for (const field in next) {
    const value = next[field];
    if (value === old[field]) continue;
    checkField(field);
    const appended = appendedOf(old[field], value);
    if (value === undefined) unset.push(field);
    else if (appended) append[field] = appended;
    else set[field] = value;
  }
  for (const field in old) if (!(field in next) && old[field] !== undefined) unset.push(field);
  return { set, append, unset };
}

/** Throws when a field of a state cannot stand beside the mechanism's own. */
export function checkField(field: string): void {
  if (reservedFields.has(field) || field.includes('.') || field.startsWith('$')) {
    throw new Error(`a state cannot have a field named ${field}; choose another name`);
  }
}

function oldestWithoutCause(out: readonly OutEntry[]): number | null {
  let oldest: number | null = null;
  for (const { writtenAt } of out) {
    if (writtenAt !== undefined && (oldest === null || writtenAt < oldest)) oldest = writtenAt;
  }
  return oldest;
}

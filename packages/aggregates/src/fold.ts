import { Failure } from '@switchboard/errors';
import { findHole, closeHole, openHole } from './holes.js';
import { isAfter, type Held, type Mark } from './known.js';
import type { Mutations } from './mutations.js';
import type { Hole, OutEntry } from './store.js';
import type { Step, Verdict } from './steps.js';
import type { AggregateDefinition, EncodedEvent, Position, SourceSequence } from './types.js';

/** One event must fit into one send, with room for its neighbours' headers (rule 18). */
export const MAX_EVENT_BYTES = 900_000;
/** Commands are refused above these: Kafka is away, and a document has its limit (rule 17). */
const MAX_OUT_ENTRIES = 1_000;
const MAX_OUT_BYTES = 1_000_000;
/** What one write may carry in `out`. The steps behind it wait until it is published. */
const MAX_WRITE_BYTES = 4_000_000;

/** What folding an aggregate's steps came to. */
export interface Draft<State, Result> {
  readonly held: Held<State>;
  readonly isChanged: boolean;
  readonly state: State;
  readonly sequence: number;
  readonly index: number;
  readonly src: Readonly<Record<string, number>>;
  readonly holes: readonly Hole[];
  /** The entries of the held document that are not known to be published. */
  readonly kept: readonly OutEntry[];
  readonly added: readonly OutEntry[];
  readonly verdicts: readonly Verdict<Result>[];
  /** Inputs that were applied before. What they caused may still want to be published (rule 3). */
  readonly dropped: number;
  readonly poisoned: readonly { readonly position: Position; readonly error: unknown }[];
  /** True when the steps did not fit into one write. */
  readonly isCut: boolean;
}

export interface FoldPlan {
  readonly acknowledged: Mark;
  readonly isDone: (cause: Position) => boolean;
  readonly now: number;
  /** The store refused what these steps came to: set the log-driven ones aside, refuse the commands with this. */
  readonly refusal?: Error;
}

/** Folds steps into an aggregate, in order. Pure, but for what the definition does. */
export function foldSteps<State extends object, Input, Event, Result>(
  definition: AggregateDefinition<State, Input, Event, Result>,
  held: Held<State>,
  steps: readonly Step<Input, Result>[],
  plan: FoldPlan,
  mutations: Mutations,
): Draft<State, Result> {
  const aggregateId = held.id;
  let { state, sequence, index, holes } = held;
  let src: Record<string, number> | undefined;
  let dropped = 0;
  const added: OutEntry[] = [];
  const verdicts: Verdict<Result>[] = [];
  const poisoned: { position: Position; error: unknown }[] = [];

  const kept = mutations.has('2 old entries are dropped unseen') ? [] : unpublished(held.out, plan);
  let bytes = 0;
  for (const { event } of kept) bytes += event.value.length;
  let isCut = false;

  /** Encodes a fold's events; only when all of them can be is any of it taken over. */
  function take(next: State, events: readonly Event[], traceparent?: string, cause?: Position): void {
    const entries: OutEntry[] = [];
    let [nextSequence, nextIndex, size] = [sequence, index, 0];
    for (const event of events) {
      const own = definition.isOwn(event);
      if (own) {
        nextSequence += 1;
        nextIndex = 0;
      } else nextIndex += 1;
      const at = { aggregateId, sequence: nextSequence, index: nextIndex };
      const encoded = inTrace(definition.encode(event, at), traceparent);
      size += checkedSize(encoded);
      entries.push(entryOf(at, own, encoded, cause, plan.now));
    }
    state = next;
    sequence = nextSequence;
    index = nextIndex;
    bytes += size;
    added.push(...entries);
  }

  function applyLog(input: Input, position: Position): void {
    const key = srcKey(definition, position, mutations);
    if (position.offset <= (src?.[key] ?? held.src[key] ?? -1)) {
      dropped += 1;
      return;
    }
    (src ??= {})[key] = position.offset;
    let source: SourceSequence | undefined;
    try {
      if (!mutations.has('11 holes are not kept')) source = definition.sourceOf?.(input);
      const hole = source && findHole(holes, source);
      if (plan.refusal) throw plan.refusal;
      if (hole === 'parked') throw new Failure('conflict', 'aggregates.parked', 'its source waits for a replay');
      const replayed = hole === 'replayed' ? { replayed: true } : undefined;
      const { traceparent } = position;
      const context = { aggregateId, nextSequence: sequence + 1, position, ...replayed };
      const fold = definition.fold(state, input, traceparent === undefined ? context : { ...context, traceparent });
      take(fold.state, fold.events, traceparent, position);
      if (source && hole === 'replayed') holes = closeHole(holes, source);
    } catch (error) {
      poisoned.push({ position, error });
      if (source) holes = openHole(holes, source);
      setAside(input, position, error);
    }
  }

  /** The record of a poison input rides in `out`; where none can be made, the log of the process has it. */
  function setAside(input: Input, position: Position, error: unknown): void {
    const [reason, message] = error instanceof Failure ? [error.code, error.message] : ['bug', String(error)];
    try {
      const encoded = definition.setAside?.({ aggregateId, input, position, reason, message });
      if (!encoded) return;
      const record = inTrace(encoded, position.traceparent);
      bytes += checkedSize(record);
      index += 1;
      added.push(entryOf({ sequence, index }, false, record, position, plan.now));
    } catch (failure) {
      poisoned.push({ position, error: failure });
    }
  }

  function applyCommand(
    input: Input,
    traceparent?: string,
  ): { ok: true; result: Result } | { ok: false; error: Error } {
    try {
      if (plan.refusal) throw plan.refusal;
      refuseWhenFull(kept.length + added.length, bytes, mutations);
      const context = { aggregateId, nextSequence: sequence + 1 };
      const fold = definition.fold(state, input, traceparent === undefined ? context : { ...context, traceparent });
      take(fold.state, fold.events, traceparent);
      return { ok: true, result: fold.result };
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  for (const step of mutations.has('20 steps out of order') ? steps.toReversed() : steps) {
    if (bytes > MAX_WRITE_BYTES && (src ?? added.length > 0)) {
      isCut = true;
      break;
    }
    if (step.kind === 'log') applyLog(step.input, step.position);
    else if (!step.ticket.settled)
      verdicts.push({ ticket: step.ticket, ...applyCommand(step.input, step.traceparent) });
  }

  const isChanged = src !== undefined || added.length > 0 || state !== held.state;
  return {
    held,
    isChanged,
    state,
    sequence,
    index,
    src: src ?? {},
    holes,
    kept,
    added,
    verdicts,
    dropped,
    poisoned,
    isCut,
  };
}

/** The name under which an aggregate remembers the last offset it applied. */
export function srcKey(
  { isFedByManyPartitions }: { readonly isFedByManyPartitions?: boolean },
  { code, partition }: Position,
  mutations: Mutations,
): string {
  const perPartition = isFedByManyPartitions === true && !mutations.has('4 src without the partition');
  return perPartition ? `${code}-${partition}` : code;
}

/** What the next write must keep: all that this process does not know to be published and projected. */
function unpublished(out: readonly OutEntry[], { acknowledged, isDone }: FoldPlan): readonly OutEntry[] {
  if (out.length === 0) return out;
  return out.filter((entry) => isAfter(entry, acknowledged) && !(entry.cause && isDone(entry.cause)));
}

function entryOf(at: Mark, own: boolean, event: EncodedEvent, cause: Position | undefined, now: number): OutEntry {
  const { sequence, index } = at;
  return cause ? { sequence, index, own, event, cause } : { sequence, index, own, event, writtenAt: now };
}

/** Under the cause's trace, and no span's of ours: an input that is folded again must say the same. */
const inTrace = (event: EncodedEvent, traceparent: string | undefined): EncodedEvent =>
  traceparent === undefined ? event : { ...event, headers: { ...event.headers, traceparent } };

function checkedSize({ value, type }: EncodedEvent): number {
  if (value.length <= MAX_EVENT_BYTES) return value.length;
  throw new Failure('invalid', 'aggregates.event-too-large', `${type} of ${value.length} bytes cannot be published`);
}

function refuseWhenFull(entries: number, bytes: number, mutations: Mutations): void {
  if (mutations.has('17 out is unbounded') || (entries < MAX_OUT_ENTRIES && bytes < MAX_OUT_BYTES)) return;
  throw new Failure('unavailable', 'aggregates.out-full', 'its earlier events cannot be published yet');
}

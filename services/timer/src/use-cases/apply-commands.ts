import { Failure } from '@switchboard/errors';
import { foldCommands } from '../domain/fold-commands.js';
import { type Command } from '../domain/timer.js';
import { type Held, isOurs } from './held.js';
import { type IndexMemory } from './index-memory.js';
import { type Observer, type Shards, type TimerStore } from './ports.js';

export type ApplyCommands = ReturnType<typeof createApplyCommands>;

/** A stretch of the log, as far as it can be read. */
export interface Stretch {
  readonly commands: readonly Command[];
  /** Offset after the last record. */
  readonly next: number;
  /** When the last record was said. */
  readonly saidAt: number;
}

/** Writes what a stretch of commands changes, and looks at what is due soon. */
export function createApplyCommands(deps: {
  timers: TimerStore;
  shards: Shards;
  index: IndexMemory;
  observer: Observer;
}) {
  const { timers, shards, index, observer } = deps;

  return async function applyCommands(held: Held, { commands, next, saidAt }: Stretch): Promise<void> {
    const writes = [...foldCommands(commands).values()];
    if (writes.length > 0) {
      if (!isOurs(held)) throw fenced(held);
      const { made, changed } = await timers.apply(held.shard, writes);
      // What a later owner has written was not ours to change. Whether there is one is asked only when it may matter.
      if (made + changed < writes.length) await stillOurs(held);
      held.pending += made;
      observer.written(made, changed);
      for (const { id, due } of writes) held.shard.put(id, due);
      index.wrote(writes);
    }
    count(commands);
    held.shard.consumed(next, saidAt);
  };

  async function stillOurs(held: Held): Promise<void> {
    const epochs = await shards.epochs([held.number]);
    if (epochs.get(held.number) === held.shard.epoch) return;
    held.isFenced = true;
    throw fenced(held);
  }

  function count(commands: readonly Command[]): void {
    const kinds = { arm: 0, reset: 0, cancel: 0 };
    for (const { what } of commands) kinds[what.kind] += 1;
    for (const kind of ['arm', 'reset', 'cancel'] as const) observer.commands(kind, kinds[kind]);
  }
}

/** Waits like an absent database: the group decides who the owner is, and that one takes the shard anew. */
const fenced = ({ number }: Held): Failure =>
  new Failure('unavailable', 'timer.fenced', `another owner has taken shard ${number}`);

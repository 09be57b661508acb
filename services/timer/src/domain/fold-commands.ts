import { COMMANDS_KEPT_MS, type Command, type Content, idOf } from './timer.js';

/** What a stretch of the log does to one timer, as one conditional write: only where the kept version is lower. */
export interface Write {
  readonly id: string;
  readonly version: number;
  /** With it the timer is made where there is none; without it only a timer that is there changes. */
  readonly content?: Content;
  /** The deadline; of a cancelled timer the time by which it may be forgotten. */
  readonly due: number;
  readonly isCancelled: boolean;
}

/** Folds commands, in the order of their log, to the newest state of each timer. Versions that go backwards are ignored. */
export function foldCommands(commands: Iterable<Command>): Map<string, Write> {
  const writes = new Map<string, Write>();
  for (const command of commands) {
    const id = idOf(command);
    const next = fold(id, writes.get(id), command);
    if (next) writes.set(id, next);
  }
  return writes;
}

function fold(id: string, before: Write | undefined, { version, what }: Command): Write | undefined {
  if (before && version <= before.version) return undefined;
  switch (what.kind) {
    case 'arm':
      return { id, version, due: what.due, content: what.content, isCancelled: false };
    case 'reset':
      // What was cancelled stays cancelled: only arming begins anew.
      if (before?.isCancelled) return undefined;
      return { ...before, id, version, due: what.due, isCancelled: false };
    case 'cancel': {
      const forgottenAt = what.at + COMMANDS_KEPT_MS;
      return { ...before, id, version, due: Math.min(before?.due ?? forgottenAt, forgottenAt), isCancelled: true };
    }
  }
}

import { type Command } from '../domain/timer.js';
import { type CommandLog } from './ports.js';
import { type Time } from './time.js';

export type CommandTimers = ReturnType<typeof createCommandTimers>;

/** Puts commands into the log; the owners of their shards apply them. */
export function createCommandTimers(deps: { log: CommandLog; time: Time }) {
  return async function commandTimers(commands: readonly Command[]): Promise<void> {
    const at = deps.time.now();
    await deps.log.publish(commands.map((command) => ({ command, at })));
  };
}

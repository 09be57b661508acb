import { join } from 'node:path';
import type { Say } from './log.js';
import type { PlannedProcess } from './plan.js';
import { type RunningProgram, startProgram, untilReady } from './process.js';

/** Starts processes, watches them, and says when one ends that nobody asked to. */
export interface Supervisor {
  readonly start: (name: string) => Promise<void>;
  /** SIGTERM. */
  readonly stop: (name: string) => Promise<void>;
  /** SIGKILL, as a test would from outside. */
  readonly kill: (name: string) => Promise<void>;
  readonly stopAll: () => Promise<void>;
  readonly add: (process: PlannedProcess) => void;
  readonly remove: (name: string) => void;
  readonly planned: () => readonly PlannedProcess[];
  /** 0 = not running. */
  readonly pid: (name: string) => number;
}

export function createSupervisor(options: {
  readonly processes: readonly PlannedProcess[];
  readonly logs: string;
  readonly say: Say;
  readonly onChange?: () => void;
  /** Ends every wait for a process that is starting. */
  readonly signal?: AbortSignal | undefined;
}): Supervisor {
  const { logs, say, onChange = () => undefined, signal } = options;
  const planned = new Map(options.processes.map((process) => [process.name, process]));
  const running = new Map<string, RunningProgram>();
  const expected = new Set<RunningProgram>();

  function mustBe(name: string): PlannedProcess {
    const process = planned.get(name);
    if (!process) throw new Error(`there is no process "${name}"; one of ${[...planned.keys()].join(', ')}`);
    return process;
  }

  async function start(name: string): Promise<void> {
    const { script, env, readyUrl } = mustBe(name);
    if (running.get(name)?.isRunning()) return;
    const logFile = join(logs, `${name}.log`);
    const { PATH = '' } = process.env;
    const about = { name, command: process.execPath, args: [script], env: { PATH, ...env }, logFile };
    const program = startProgram(about);
    running.set(name, program);
    onChange();
    void program.ended.then((how) => {
      if (running.get(name) === program) running.delete(name);
      if (!expected.has(program))
        say(`${name} ended (${how}); see ${logFile}; start it again: npm run stack -- start ${name}`);
      onChange();
    });
    const isReady = async (): Promise<boolean> => (await fetch(readyUrl, { signal: AbortSignal.timeout(5_000) })).ok;
    await untilReady(program, about, isReady, { timeoutMs: 90_000, signal });
  }

  async function end(name: string, how: 'stop' | 'kill'): Promise<void> {
    mustBe(name);
    const program = running.get(name);
    if (!program) return;
    expected.add(program);
    await program[how]();
  }

  return {
    start,
    stop: (name) => end(name, 'stop'),
    kill: (name) => end(name, 'kill'),
    async stopAll() {
      // In reverse: those who ask go before those who answer.
      for (const name of [...planned.keys()].reverse()) await end(name, 'stop');
    },
    add: (process) => void planned.set(process.name, process),
    remove: (name) => void planned.delete(name),
    planned: () => [...planned.values()],
    pid: (name) => running.get(name)?.pid ?? 0,
  };
}

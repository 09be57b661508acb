import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { guard } from './guard.js';

export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Gets what the program says. */
  readonly logFile: string;
  /** A folder of this run alone, removed with the program should this process die without a word. */
  readonly scratch?: string;
}

/** A program of this run; in a process group of its own, so that Ctrl-C reaches only whoever started it. */
export interface RunningProgram {
  readonly pid: number;
  readonly isRunning: () => boolean;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<string>;
  /** SIGTERM, and SIGKILL when it has not ended in time. */
  readonly stop: (graceMs?: number) => Promise<void>;
  /** SIGKILL. */
  readonly kill: () => Promise<void>;
}

export function startProgram({ name, command, args, env, cwd, logFile, scratch = '' }: Program): RunningProgram {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const child: ChildProcess = spawn(command, [...args], {
    detached: true,
    stdio: ['ignore', log, log],
    ...(env && { env }),
    ...(cwd !== undefined && { cwd }),
  });
  closeSync(log);
  const { pid } = child;
  const release = pid === undefined ? () => undefined : guard(END_PROGRAM, String(pid), scratch);
  let isRunning = pid !== undefined;
  const ended = new Promise<string>((resolve) => {
    const end = (how: string) => {
      isRunning = false;
      release();
      resolve(how);
    };
    child.once('exit', (code, signal) => {
      end(signal ?? `exit code ${String(code)}`);
    });
    child.once('error', (error) => {
      end(error.message);
    });
  });
  if (pid === undefined) throw new Error(`${name} could not be started: is ${command} there?`);

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (isRunning) child.kill(signal);
    await ended;
  }
  return {
    pid,
    isRunning: () => isRunning,
    ended,
    kill: () => end('SIGKILL'),
    async stop(graceMs = 30_000) {
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await end('SIGTERM');
      clearTimeout(timer);
    },
  };
}

// SIGTERM, fifteen seconds of grace, SIGKILL; then the folder that nobody else knows of.
const END_PROGRAM = `kill -TERM "$1" 2>/dev/null
n=0; while kill -0 "$1" 2>/dev/null && [ $n -lt 150 ]; do sleep 0.1; n=$((n + 1)); done
kill -KILL "$1" 2>/dev/null
[ -z "$2" ] || rm -rf "$2"`;

/** How long to wait for a program, and what ends the wait before that. */
export interface Patience {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Waits until the check holds; throws with the end of its log when the program dies or the time is up. */
export async function untilReady(
  program: RunningProgram,
  about: Pick<Program, 'name' | 'logFile'>,
  check: () => Promise<boolean>,
  { timeoutMs = 60_000, signal }: Patience = {},
): Promise<void> {
  const until = Date.now() + timeoutMs;
  while (!(await check().catch(() => false))) {
    if (signal?.aborted) throw new Error(`${about.name} was not waited for: it is to stop`);
    if (!program.isRunning())
      throw new Error(`${about.name} ended at its start (${await program.ended})\n${tail(about.logFile)}`);
    if (Date.now() > until)
      throw new Error(`${about.name} was not ready in ${timeoutMs / 1000} s\n${tail(about.logFile)}`);
    await Promise.race([pause(50), program.ended]);
  }
}

/** Starts a program and waits until it can be used; one that does not get there is not left running. */
export async function startUntilReady(
  program: Program,
  check: () => Promise<boolean>,
  patience: Patience = {},
): Promise<RunningProgram> {
  const running = startProgram(program);
  try {
    await untilReady(running, program, check, patience);
    return running;
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** The last lines of a log. */
export function tail(file: string, lines = 15): string {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** True when a process has this id. */
export function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Ends a process that an earlier run left behind, if it still is what it was. */
export async function endLeftover(pid: number, mark: string): Promise<void> {
  if (!isOurs(pid, mark)) return;
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; waited < 15_000 && isOurs(pid, mark); waited += 100) await pause(100);
  if (isOurs(pid, mark)) process.kill(pid, 'SIGKILL');
}

/** True when a process with this id runs whose command line holds the mark. */
function isOurs(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark);
  } catch {
    return false;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** One figure of the table: what was measured against what, and what it must reach. */
export interface Figure {
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: '×' | 'ms' | 's' | 'µs' | '';
  readonly floor: number;
  readonly goal: number;
  /** True when a smaller value is better. */
  readonly isCost?: boolean;
  readonly detail?: string;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

export const percentile = (values: readonly number[], p: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? NaN;
};

/**
 * Runs all subjects in turn, `rounds` times, so that a busy moment of the machine meets all of them, and gives the
 * median of each. The first round warms up and is not counted.
 */
export async function interleaved(
  rounds: number,
  subjects: Readonly<Record<string, () => Promise<number>>>,
): Promise<Record<string, number>> {
  const results = new Map<string, number[]>(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, run] of Object.entries(subjects)) {
      const value = await run();
      if (round > 0) results.get(name)!.push(value);
      process.stderr.write(`  round ${round}/${rounds} ${name}: ${value.toFixed(1)}\n`);
    }
  }
  return Object.fromEntries([...results].map(([name, values]) => [name, median(values)]));
}

export interface Subject {
  readonly pid: number;
  /** The first line of JSON it printed: where it listens. */
  readonly hello: Record<string, unknown>;
  /** User and system time used so far, in milliseconds. */
  readonly cpuMs: () => number;
  readonly stop: () => Promise<void>;
}

/** Starts a script in a process of its own, on one core, and waits for its first line that is no log. */
export async function startSubject(script: string, args: readonly string[] = [], core = 0): Promise<Subject> {
  const command = process.platform === 'linux' ? ['taskset', '-c', String(core), process.execPath] : [process.execPath];
  const child: ChildProcess = spawn(command[0]!, [...command.slice(1), script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // A run that throws leaves no subject behind.
  process.once('exit', () => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout! });
  const ended = once(child, 'exit');
  let hello: Record<string, unknown> | undefined;
  while (!hello) {
    const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string | number];
    if (typeof line !== 'string') throw new Error(`${script} ended at its start`);
    const said = JSON.parse(line) as Record<string, unknown>;
    // A service logs to the same place.
    if (said['level'] === undefined) hello = said;
    else process.stderr.write(`  ${line}\n`);
  }
  const pid = child.pid!;
  return {
    pid,
    hello,
    cpuMs: () => cpuMs(pid),
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** CPU time of a process, by the kernel's count, in milliseconds; ticks are 10 ms. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** A table of figures, as people read it. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ id, what, value, unit, floor, goal, isCost = false, detail = '' }) => {
    const meets = (limit: number): boolean => (isCost ? value <= limit : value >= limit);
    const verdict = meets(goal) ? 'goal' : meets(floor) ? 'floor' : 'missed';
    const number = value >= 100 ? value.toFixed(0) : value.toFixed(2);
    return `| ${id} | ${what} | ${number} ${unit} | ${floor} | ${goal} | ${verdict} | ${detail} |`;
  });
  return [
    '| # | figure | measured | floor | goal | reached | |',
    '| --- | --- | ---: | ---: | ---: | --- | --- |',
    ...rows,
  ].join('\n');
}

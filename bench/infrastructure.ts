import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Infrastructure, provideInfrastructure } from '@switchboard/stack';

/** Where load, MongoDB and Kafka run; subjects have core 0. */
export const SERVER_CORE = 1;
export { PARTITIONS } from '@switchboard/testing';

/** Servers of this run's own, away from the subjects' core, for as long as the work takes. */
export async function withInfrastructure<T>(work: (infrastructure: Infrastructure) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
  const say = (line: string) => process.stderr.write(`  ${line}\n`);
  const infrastructure = await provideInfrastructure({ own: true, directory, say });
  try {
    for (const pid of Object.values(infrastructure.pids)) pin(pid);
    return await work(infrastructure);
  } finally {
    await infrastructure.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function pin(pid: number): void {
  if (process.platform === 'linux') spawnSync('taskset', ['-a', '-c', '-p', String(SERVER_CORE), String(pid)]);
}

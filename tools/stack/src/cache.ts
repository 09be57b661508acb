import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

export const execute = promisify(execFile);

/** Where fetched programs are kept between runs: outside the repository, the same for all checkouts. */
export const cacheFolder = (): string =>
  process.env['SWITCHBOARD_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'switchboard');

/**
 * A folder in the cache, filled once. It is filled under another name and renamed when it is whole, so an interrupted
 * run leaves nothing that looks finished, and of two runs at once the first to finish wins.
 */
export async function installed(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const target = join(cacheFolder(), name);
  if (existsSync(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  await removeDrafts(target);
  const draft = await mkdtemp(`${target}.`);
  try {
    await fill(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

/** Nobody who is at work leaves a draft unchanged for so long. */
const ABANDONED_MS = 3_600_000;

/** What runs left behind that were killed while they filled it. */
async function removeDrafts(target: string): Promise<void> {
  const names = await readdir(dirname(target));
  for (const name of names.filter((each) => each.startsWith(`${basename(target)}.`))) {
    const draft = join(dirname(target), name);
    const changed = await stat(draft).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity,
    );
    if (changed < Date.now() - ABANDONED_MS) await rm(draft, { recursive: true, force: true });
  }
}

/** True when the program answers to this argument. */
export async function answers(program: string, args: readonly string[], env = process.env): Promise<boolean> {
  try {
    await execute(program, args, { env, timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}

/** The line of an error's output that says what went wrong. */
export function firstLine(error: unknown): string {
  const { stderr = '', message = String(error) } = error as { stderr?: string; message?: string };
  const lines = (stderr === '' ? message : stderr).split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /error/i.test(line)) ?? lines[0] ?? 'unknown';
}

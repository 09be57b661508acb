import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './process.js';

/** The wanted port if nobody has it or is about to, else any free one. It is ours while this process lives. */
export async function takePort(wanted = 0): Promise<number> {
  const port = await freePort(wanted);
  // A port of our own is given again to who names it: it was ours, and nothing listens there any more.
  if (port !== undefined && claim(port, wanted !== 0)) return port;
  return takePort();
}

/** True when something listens. */
export function isOpen(port: number, host = '127.0.0.1'): Promise<boolean> {
  const socket = connect(port, host);
  return new Promise((resolve) => {
    const answer = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', answer(true));
    socket.once('error', answer(false));
    socket.setTimeout(1_000, answer(false));
  });
}

/** Undefined when something listens on the wanted one. */
async function freePort(wanted: number): Promise<number | undefined> {
  const server = createServer();
  server.listen(wanted, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (wanted === 0) throw error;
    return undefined;
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

// Seconds pass between finding a port free and listening on it; two runs that start together would find the same one.
const claims = join(tmpdir(), `switchboard-ports-${process.getuid?.() ?? 0}`);
const ours = new Set<string>();

/** False when another living process has it, or this one has and may not share. */
function claim(port: number, again: boolean): boolean {
  const file = join(claims, String(port));
  if (ours.has(file)) return again;
  if (ours.size === 0) {
    mkdirSync(claims, { recursive: true });
    process.once('exit', () => {
      for (const each of ours) rmSync(each, { force: true });
    });
  }
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      ours.add(file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = ownerOf(file);
      if (owner === '' || isAlive(Number(owner))) return false;
      rmSync(file, { force: true });
    }
  }
}

/** The process that has the port; empty in the moment before it has signed. */
function ownerOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '0';
  }
}

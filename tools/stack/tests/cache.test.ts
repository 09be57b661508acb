import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed } from '../src/cache.js';

const folder = mkdtempSync(join(tmpdir(), 'switchboard-cache-'));
const before = process.env['SWITCHBOARD_CACHE'];

beforeAll(() => {
  process.env['SWITCHBOARD_CACHE'] = folder;
});
afterAll(() => {
  if (before === undefined) delete process.env['SWITCHBOARD_CACHE'];
  else process.env['SWITCHBOARD_CACHE'] = before;
  rmSync(folder, { recursive: true });
});

describe('when a program is installed into the cache', () => {
  it('fills it once', async () => {
    let times = 0;
    const fill = (target: string) => {
      times += 1;
      writeFileSync(join(target, 'program'), 'x');
      return Promise.resolve();
    };

    await installed('once-1', fill);
    await installed('once-1', fill);

    expect(times).toBe(1);
    expect(readdirSync(join(folder, 'once-1'))).toEqual(['program']);
  });

  it('leaves nothing that looks finished when filling fails', async () => {
    await expect(installed('fails-1', () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');

    expect(readdirSync(folder).filter((name) => name.startsWith('fails'))).toEqual([]);
  });

  it('removes what a killed run left behind, and not what another fills now', async () => {
    for (const draft of ['left-1.dead', 'left-1.busy', 'left-12.dead']) mkdirSync(join(folder, draft));
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    for (const draft of ['left-1.dead', 'left-12.dead']) utimesSync(join(folder, draft), longAgo, longAgo);

    await installed('left-1', () => Promise.resolve());

    const names = readdirSync(folder).filter((name) => name.startsWith('left'));
    expect(names.sort()).toEqual(['left-1', 'left-1.busy', 'left-12.dead']);
  });
});

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** A server that speaks S3 and keeps a folder; fetched once, as other servers of tests are, and never part of the product. */
const PACKAGE = '@20minutes/s3rver';
const VERSION = '5.0.0';
const cache =
  process.env['SWITCHBOARD_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'switchboard');

export interface S3Server {
  readonly endpoint: string;
  readonly bucket: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly stop: () => Promise<void>;
}

/** Throws when it cannot be had. */
export async function startS3Server(): Promise<S3Server> {
  const folder = await fetched();
  const [directory, bucket] = [await mkdtemp(join(tmpdir(), 's3-')), 'files'];
  const options = { directory, silent: true, address: '127.0.0.1', port: 0, configureBuckets: [{ name: bucket }] };
  const script = `new (require('${PACKAGE}'))(${JSON.stringify(options)}).run().then(({ port }) => console.log(port))`;
  const child = spawn(process.execPath, ['-e', script], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket,
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    async stop() {
      child.kill();
      await once(child, 'exit');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Filled under another name and renamed when it is whole. */
async function fetched(): Promise<string> {
  const target = join(cache, `s3rver-${VERSION}`);
  if (existsSync(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const draft = await mkdtemp(`${target}.`);
  const args = ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', draft];
  try {
    await promisify(execFile)('npm', [...args, `${PACKAGE}@${VERSION}`], { cwd: draft });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

// Brings a fresh machine from its own Node (20 or newer) and npm to this project's pnpm, packages and Node 24.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.switchboard-install');

/** Installs what is missing and puts the project's Node first in PATH. Safe to call again: it then costs a hash. */
export function bootstrap() {
  install();
  const node = projectNode();
  process.env.PATH = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  process.env.NODE_OPTIONS ??= '';
  return node;
}

/** Runs a program of the workspace in the foreground; true when it ended well. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) console.error(`${command}: ${result.error.message}`);
  // Ctrl-C ended it: what would come next is not wanted either.
  if (result.signal === 'SIGINT' || result.status === 130) process.exit(130);
  return result.status === 0;
}

function install() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('installing packages (about 15 s from an empty cache) …');
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const installed = run(
    'npx',
    ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=warn'],
    {
      env: { ...process.env, CI: 'true' },
    },
  );
  if (!installed) {
    console.error('could not install the packages: is a package registry in reach? (npm config get registry)');
    process.exit(1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Changes when the lock file or any package's manifest does. */
function fingerprint() {
  const hash = createHash('sha256');
  const manifests = ['packages', 'services', 'tools', 'deploy'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name, 'package.json')),
  );
  for (const file of [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    'tests/package.json',
    'bench/package.json',
    ...manifests,
  ]) {
    if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/** The project's Node; the machine's own serves from 24.9, before which jest cannot load ES modules that are required. */
function projectNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 9)) return process.execPath;
  const require = createRequire(join(root, 'package.json'));
  const name = `node-${process.platform}-${process.arch}`;
  try {
    return join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'node');
  } catch {
    console.error(
      `this machine's Node is ${process.versions.node} and there is no package ${name}: install Node 24 and run again`,
    );
    process.exit(1);
  }
}

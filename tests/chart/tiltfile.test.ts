import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pythonPackage, root } from './tools.ts';

jest.setTimeout(120_000);

/** Tilt itself comes from no package registry; its language does, so the file is evaluated with recording built-ins. */
const evaluate = `
import json, sys, starlark
seen = []
def record(name):
    def call(*args, **kwargs):
        seen.append([name, list(args), kwargs])
        return name
    return call
module = starlark.Module()
for name in ['local_resource', 'docker_build', 'k8s_yaml', 'helm', 'k8s_resource']:
    module.add_callable(name, record(name))
dialect = starlark.Dialect.extended()
dialect.enable_top_level_stmt = True
starlark.eval(module, starlark.parse('Tiltfile', open(sys.argv[1]).read(), dialect), starlark.Globals.standard())
print(json.dumps(seen))
`;

describe('the Tiltfile', () => {
  it('builds the image and shows every service', () => {
    const result = spawnSync('python3', ['-c', evaluate, join(root, 'Tiltfile')], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: pythonPackage('starlark-pyo3==2026.1.3') },
    });
    expect(result.status === 0 ? '' : result.stderr).toBe('');
    const calls = JSON.parse(result.stdout) as [string, unknown[], Record<string, unknown>][];

    const resources = calls.filter(([name]) => name === 'k8s_resource').map(([, [first]]) => first);
    expect(calls.filter(([name]) => name === 'docker_build')).toHaveLength(1);
    const services = readdirSync(join(root, 'services')).filter((name) =>
      existsSync(join(root, 'services', name, 'src/main.ts')),
    );
    for (const service of services) expect(resources).toContain(`switchboard-${service}`);
  });
});

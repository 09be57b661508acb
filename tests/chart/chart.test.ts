import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { topics } from '@switchboard/contracts/topics';
import { parse } from 'yaml';
import { chart, ci, podsOf, render, type Manifest } from './render.ts';
import { complaints, helm, root } from './tools.ts';

jest.setTimeout(300_000);

const valueFiles = ['minimal', 'everything', 'trial'];
const trial = join(root, 'deploy/helm/trial');
const named = (objects: Manifest[], kind: string): string[] =>
  objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);

describe('RN-1 the charts', () => {
  it.each([3, 4] as const)('pass helm %i lint --strict', (major) => {
    for (const values of valueFiles) {
      const linted = spawnSync(helm(major), ['lint', '--strict', chart, '-f', join(chart, 'ci', `${values}.yaml`)], {
        encoding: 'utf8',
      });
      expect(linted.status === 0 ? '' : linted.stdout).toBe('');
    }
    const linted = spawnSync(helm(major), ['lint', '--strict', trial], { encoding: 'utf8' });
    expect(linted.status === 0 ? '' : linted.stdout).toBe('');
  });

  it.each(valueFiles)(
    'render valid manifests with %s.yaml, by both Helm majors, on old and new Kubernetes',
    (values) => {
      for (const major of [3, 4] as const) {
        for (const kubernetes of ['1.30.0', '1.34.0', 'v1.33.1-eks-1234567']) {
          const { ok, text, file } = render(ci(values), { major, kubernetes });
          expect(ok ? '' : text).toBe('');
          expect(complaints(file, kubernetes.includes('eks') ? '1.33' : kubernetes.slice(0, 4))).toEqual([]);
        }
      }
    },
  );

  it('render a valid trial stack', () => {
    const { ok, text, file } = render({}, { of: trial });

    expect(ok ? '' : text).toBe('');
    expect(complaints(file, '1.34')).toEqual([]);
  });

  it('render the same bytes twice', () => {
    expect(render(ci('everything')).text).toBe(render(ci('everything')).text);
  });

  it('refuse a Kubernetes that is too old', () => {
    expect(render(ci('minimal'), { kubernetes: '1.29.4' }).ok).toBe(false);
  });
});

describe('every pod of a release', () => {
  const rendered = [
    render(ci('everything')),
    render(ci('trial')),
    render({ imageRegistry: 'registry.example/mirror' }, { of: trial }),
  ];
  const pods = rendered.flatMap(({ objects }) => podsOf(objects));

  it('SE-3 meets the restricted pod security standard', () => {
    expect(pods.length).toBeGreaterThan(10);
    for (const pod of pods) {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(pod).toMatchObject({ enableServiceLinks: false, automountServiceAccountToken: false });
      for (const container of pod.containers) {
        expect(container.securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources).toMatchObject({ requests: {}, limits: { memory: expect.any(String) } });
      }
    }
  });

  it('names each variable, port, mount and volume once', () => {
    for (const pod of pods) {
      expectUnique(pod.volumes?.map(({ name }) => name) ?? []);
      for (const { env, ports, volumeMounts } of pod.containers) {
        expectUnique(env?.map(({ name }) => name) ?? []);
        expectUnique(ports?.map(({ name }) => name) ?? []);
        expectUnique(volumeMounts?.map(({ mountPath }) => mountPath) ?? []);
      }
    }
  });

  it('takes its image from the registry that was given', () => {
    for (const pod of [rendered[0]!, rendered[2]!].flatMap(({ objects }) => podsOf(objects))) {
      for (const { image } of pod.containers) expect(image).toMatch(/^registry\.example\/mirror\//);
    }
  });

  it('carries no user or group number in the product’s chart, so that platforms may assign one', () => {
    expect(render(ci('everything')).text).not.toMatch(/runAsUser|runAsGroup|fsGroup/);
  });
});

describe('scaling', () => {
  it('leaves replicas to the autoscaler where there is one', () => {
    const { objects } = render(ci('everything'));
    const deployments = objects.filter(({ kind }) => kind === 'Deployment');

    const withReplicas = deployments
      .filter(({ spec }) => spec && 'replicas' in spec)
      .map(({ metadata }) => metadata.name);

    expect(withReplicas).toEqual(['sw-switchboard-account', 'sw-switchboard-billing', 'sw-switchboard-template']);
    expect(named(objects, 'HorizontalPodAutoscaler')).toEqual(['sw-switchboard-ingress']);
    expect(named(objects, 'ScaledObject').sort()).toEqual([
      'sw-switchboard-egress',
      'sw-switchboard-routing',
      'sw-switchboard-timer',
    ]);
  });

  it('makes no disruption budget where one pod is all there is', () => {
    expect(named(render(ci('trial')).objects, 'PodDisruptionBudget')).toEqual([]);
    expect(named(render(ci('minimal')).objects, 'PodDisruptionBudget')).toHaveLength(7);
  });

  it('speaks KEDA’s language', () => {
    const objects = render(ci('everything')).objects.filter(({ apiVersion }) => apiVersion.startsWith('keda.sh/'));
    const broken = { kind: 'ScaledObject', metadata: { name: 'broken' }, spec: { triggers: [{ metadata: {} }] } };

    expect(objects).toHaveLength(6);
    expect(kedaComplaints(objects)).toBe('');
    expect(kedaComplaints([broken])).toContain('ScaledObject broken');
  });

  it('watches the lag of topics that exist, for the group the service joins', () => {
    const names = new Set<string>(topics.map(({ name }) => name));
    for (const { metadata, spec } of render(ci('everything')).objects.filter(({ kind }) => kind === 'ScaledObject')) {
      for (const { metadata: trigger } of spec?.['triggers'] as { metadata: Record<string, string> }[]) {
        expect(names).toContain(trigger['topic']);
        expect(metadata.name).toMatch(new RegExp(`-${trigger['consumerGroup'] ?? '?'}$`));
      }
    }
  });
});

it('TX-6 egress asks template for templates where there is one', () => {
  const good = ci('minimal') as Record<string, object>;
  const addressIn = (values: object): unknown => {
    const { objects } = render({ ...good, ...values });
    const pod = podsOf(objects.filter(({ metadata }) => metadata.name.endsWith('-egress')))[0];
    return pod?.containers[0]?.env?.find(({ name }) => name === 'TEMPLATE_GRPC')?.value;
  };

  expect(addressIn({})).toMatch(/^dns:\/\/\/.*-template:50051$/);
  expect(addressIn({ template: { enabled: false } })).toBeUndefined();
});

describe('wrong values are refused in words', () => {
  const good = ci('minimal') as Record<string, object>;
  it.each([
    [{ kafka: { brokers: [] } }, 'kafka.brokers is empty'],
    [{ auth: { existingSecret: { name: '' } } }, 'auth.existingSecret.name is empty'],
    [
      { routing: { autoscaling: { type: 'keda', min: 3 } } },
      'routing.autoscaling.min is 3 and must divide kafka.topics.partitions (64)',
    ],
    [{ ingress: { autoscaling: { type: 'keda' } } }, 'ingress consumes no topic: use hpa'],
    [{ egress: { resources: { limits: { memory: '500M' } } } }, 'write it in Mi or Gi'],
    [{ image: { tag: 'latest' } }, 'image.tag is latest'],
    [{ mail: { existingSecret: { name: 'mail' } } }, 'mail.from is empty'],
    [{ payments: { route: { kind: 'ingress' } } }, 'payments.route leads to nothing'],
    [{ routng: {} }, 'routng'],
    [{ defaults: { replica: 3 } }, 'replica'],
    [{ setup: { mode: 'later' } }, 'setup'],
  ])('%j', (wrong, words) => {
    const [[key, value] = ['', {}]] = Object.entries(wrong);

    const { ok, text } = render({ ...good, [key]: { ...good[key], ...value } });

    expect(ok).toBe(false);
    expect(text).toContain(words);
  });
});

describe('no value is dead', () => {
  const defaults = parse(readFileSync(join(chart, 'values.yaml'), 'utf8')) as Record<string, unknown>;
  const everything = ci('everything') as Record<string, unknown>;
  // Each of these needs another switch than `everything.yaml` sets; the reason stands beside it.
  const elsewhere = new Set([
    'defaults.replicas', // account alone is not autoscaled; covered below by its own render
    'image.tag', // the digest wins
    'image.registry', // the global one wins
    'ingress.route.className', // for routes of kind ingress
    'ingress.route.tlsSecret',
    'media.route.className',
    'media.route.tlsSecret',
    'payments.route.className',
    'payments.route.tlsSecret',
  ]);

  it('changing any leaf changes what is rendered', () => {
    const base = render(everything).text;
    const dead = leaves(defaults)
      .filter(({ path }) => !elsewhere.has(path.join('.')))
      .filter(({ path, value }) => {
        const { ok, text } = render(changed(everything, path, another(path.join('.'), at(everything, path) ?? value)));
        return ok && text === base;
      });

    expect(dead.map(({ path }) => path.join('.'))).toEqual([]);
  });

  it('those that need another switch count where it is set', () => {
    const route = { kind: 'ingress', host: 'hooks.example' };
    const paid = { payments: { route, stripe: { existingSecret: { name: 'stripe' } } } };
    const base = { ...(ci('minimal') as Record<string, unknown>), ingress: { route }, media: { route }, ...paid };
    const { text } = render(base);

    for (const change of [
      { defaults: { replicas: 7 } },
      { image: { tag: '9.9.9' } },
      { image: { registry: 'registry.example' } },
      { ingress: { route: { ...route, className: 'nginx' } } },
      { ingress: { route: { ...route, tlsSecret: 'tls' } } },
      { media: { route: { ...route, className: 'nginx' } } },
      { media: { route: { ...route, tlsSecret: 'tls' } } },
      { payments: { ...paid.payments, route: { ...route, className: 'nginx' } } },
      { payments: { ...paid.payments, route: { ...route, tlsSecret: 'tls' } } },
    ]) {
      expect(render({ ...base, ...change }).text).not.toBe(text);
    }
  });
});

describe('money', () => {
  const ofEgress = (values: object): unknown => {
    const { objects } = render({ ...(ci('minimal') as Record<string, unknown>), ...values });
    const pods = podsOf(objects.filter(({ metadata }) => metadata.name === 'sw-switchboard-egress'));
    return pods[0]?.containers[0]?.env?.find(({ name }) => name === 'BILLING_GRPC');
  };

  it('BL-8 egress asks billing, where it is installed', () => {
    expect(ofEgress({})).toEqual({ name: 'BILLING_GRPC', value: 'dns:///sw-switchboard-billing:50051' });
    expect(ofEgress({ billing: { enabled: false } })).toBeUndefined();
  });
});

describe('settings', () => {
  const { objects } = render(ci('everything'));
  // What has no process yet is not deployed.
  const services = readdirSync(join(root, 'services')).filter((name) =>
    existsSync(join(root, 'services', name, 'src/main.ts')),
  );

  it.each(services)('of %s are the same in the chart, in config.ts and in the README', (service) => {
    const config = readFileSync(join(root, 'services', service, 'src/config.ts'), 'utf8');
    const readme = readFileSync(join(root, 'services', service, 'README.md'), 'utf8');
    const pod = podsOf(objects.filter(({ metadata }) => metadata.name === `sw-switchboard-${service}`))[0];
    const inChart = (pod?.containers[0]?.env ?? []).map(({ name }) => name);
    const platform = new Set(['NODE_OPTIONS', 'TZ']); // Node's own, and the example's

    for (const name of inChart.filter((each) => !platform.has(each))) {
      expect({ name, inReadme: readme.includes(`\`${name}\``) }).toEqual({ name, inReadme: true });
    }
    for (const [, name] of readme.matchAll(/^\| `([A-Z][A-Z0-9_]+)`/gm)) {
      expect({ name, known: config.includes(name!) || sharedSettings(config).includes(name!) }).toEqual({
        name,
        known: true,
      });
    }
  });
});

/** Settings that a service reads by the platform's hand: those that all have, and those of the packages its own come from. */
function sharedSettings(config: string): string {
  const packages = [...config.matchAll(/import \{ read\w+ \} from '@switchboard\/([a-z-]+)'/g)].map(
    ([, name]) => name!,
  );
  return ['service-kit', ...packages]
    .map((name) => join(root, 'packages', name, 'src'))
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}

function kedaComplaints(objects: unknown[]): string {
  const script = join(import.meta.dirname, 'validate-keda.mjs');
  return spawnSync(process.execPath, [script], { encoding: 'utf8', input: JSON.stringify(objects) }).stdout;
}

function expectUnique(names: string[]): void {
  expect(names).toEqual([...new Set(names)]);
}

interface Leaf {
  readonly path: string[];
  readonly value: unknown;
}

function leaves(value: unknown, path: string[] = []): Leaf[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
  }
  return [{ path, value }];
}

const at = (values: unknown, path: string[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    values,
  );

function changed(values: unknown, [key, ...rest]: string[], value: unknown): Record<string, unknown> {
  const from = (typeof values === 'object' && values !== null ? values : {}) as Record<string, unknown>;
  return { ...from, [key!]: rest.length === 0 ? value : changed(from[key!], rest, value) };
}

/** Another legal value of the same kind. */
function another(path: string, value: unknown): unknown {
  const special: Record<string, unknown> = {
    'image.digest': `sha256:${'1'.repeat(64)}`,
    'image.pullPolicy': 'Always',
    'kafka.brokers': ['other:9092'],
    'kafka.sasl.mechanism': 'plain',
    'kafka.topics.partitions': 128,
    'global.dualStack.ipFamilyPolicy': 'SingleStack',
    'global.dualStack.ipFamilies': ['IPv6'],
    'global.imagePullSecrets': [{ name: 'other' }],
    'defaults.logLevel': 'warn',
    'defaults.autoscaling.type': 'hpa',
    'defaults.topologySpreadConstraints': [{ topologyKey: 'rack' }],
    'defaults.tolerations': [{ key: 'x' }],
    'defaults.envFrom': [{ secretRef: { name: 'x' } }],
    'defaults.extraVolumes': { other: { emptyDir: {} } },
    'defaults.extraVolumeMounts': { other: { mountPath: '/other' } },
    'defaults.extraContainers': { side: { image: 'x' } },
    'ingress.autoscaling.type': 'none',
    'routing.autoscaling.type': 'none',
    'egress.autoscaling.type': 'none',
    'timer.autoscaling.type': 'none',
    'ingress.route.kind': 'none',
    'ingress.route.parentRefs': [{ name: 'other' }],
    'routing.autoscaling.min': 4,
    'routing.autoscaling.max': 32,
    'routing.autoscaling.fallback': 8,
    'egress.autoscaling.min': 4,
    'egress.autoscaling.max': 32,
    'egress.autoscaling.fallback': 8,
    'timer.autoscaling.min': 4,
    'timer.autoscaling.max': 32,
    'timer.autoscaling.fallback': 8,
    'setup.mode': 'job',
    'networkPolicy.allowMetricsFrom': [{ podSelector: {} }],
    'networkPolicy.allowGrpcFrom': [{ podSelector: {} }],
    'networkPolicy.egress.extraEgress': [{ ports: [{ port: 1 }] }],
    extraObjects: [],
    'defaults.enabled': false,
  };
  if (path in special) return special[path];
  if (path.endsWith('resources.limits.memory')) return '1Gi';
  if (path.endsWith('resources.requests.cpu')) return '2';
  if (path.endsWith('resources.requests.memory')) return '2Gi';
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return `${value}x`;
  if (Array.isArray(value)) return ['x'];
  return { x: 'x' };
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { helm, root } from './tools.ts';

export const chart = join(root, 'deploy/helm/switchboard');
export const folder = mkdtempSync(join(tmpdir(), 'switchboard-chart-'));

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly spec?: Record<string, unknown>;
}

export interface Rendered {
  readonly ok: boolean;
  readonly text: string;
  readonly file: string;
  readonly objects: Manifest[];
}

export const ci = (name: string): unknown => parse(readFileSync(join(chart, 'ci', `${name}.yaml`), 'utf8'));

let counter = 0;

/** Renders the chart with values; `text` is the manifests, or what Helm complained of. */
export function render(values: unknown, options: { major?: 3 | 4; kubernetes?: string; of?: string } = {}): Rendered {
  counter += 1;
  const valuesFile = join(folder, `values-${counter}.yaml`);
  writeFileSync(valuesFile, stringify(values));
  const args = [
    'template',
    'sw',
    options.of ?? chart,
    '-f',
    valuesFile,
    '--kube-version',
    options.kubernetes ?? '1.34.0',
  ];
  const result = spawnSync(helm(options.major ?? 4), args, { encoding: 'utf8' });
  const ok = result.status === 0;
  const file = join(folder, `rendered-${counter}.yaml`);
  writeFileSync(file, result.stdout);
  const objects = ok
    ? parseAllDocuments(result.stdout)
        .map((document) => document.toJS() as Manifest | null)
        .filter((object) => object !== null)
    : [];
  return { ok, text: ok ? result.stdout : result.stderr, file, objects };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: string[];
  readonly env?: { name: string; value?: string }[];
  readonly ports?: { name: string }[];
  readonly volumeMounts?: { mountPath: string }[];
  readonly resources?: { requests?: unknown; limits?: unknown };
  readonly securityContext?: Record<string, unknown>;
}

export interface PodSpec {
  readonly containers: Container[];
  readonly volumes?: { name: string }[];
  readonly securityContext?: Record<string, unknown>;
  readonly enableServiceLinks?: boolean;
  readonly automountServiceAccountToken?: boolean;
  readonly imagePullSecrets?: unknown[];
}

/** The pods of Deployments, StatefulSets and Jobs. */
export const podsOf = (objects: Manifest[]): PodSpec[] =>
  objects
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
    .map(({ spec }) => (spec?.['template'] as { spec: PodSpec }).spec);
